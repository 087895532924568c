import path from "node:path";
import { ledgerFileName } from "./ledger.js";
import { lockFileName } from "./run-lock.js";

/** The folder beside the published runs that holds what each keeps. */
export const workFolder = ".work";

/** Where things are in an output folder. */
export interface Workspace {
  readonly out: string;
  readonly ledger: string;
  readonly lock: string;
}

/** What one run keeps outside its published folder: never part of the outputs, so that those depend on nothing here. */
export interface RunPaths {
  /** The published folder; there only when everything in it is whole. */
  readonly published: string;
  readonly work: string;
  /** Decoded copies of the inputs, gone when the run is published. */
  readonly sources: string;
  /** Assessment files: the checkpoints of a run, and what `judge` reads. */
  readonly shards: string;
  /** What `judge` and `explain` need to know of a finished run. */
  readonly state: string;
  /** The code of each record, for `judge` to compare with. */
  readonly codes: string;
  /** The outputs until they are whole. */
  readonly staging: string;
}

/** Paths of the output folder `out`. */
export function locateWorkspace(out: string): Workspace {
  return { out, ledger: path.join(out, ledgerFileName), lock: path.join(out, lockFileName) };
}

/** Paths of a run in the output folder `out`. */
export function locateRun(out: string, runId: string): RunPaths {
  const work = path.join(out, workFolder, runId);
  return {
    published: path.join(out, runId),
    work,
    sources: path.join(work, "sources"),
    shards: path.join(work, "shards"),
    state: path.join(work, "state.json"),
    codes: path.join(work, "codes.bin"),
    staging: path.join(work, "staging"),
  };
}
