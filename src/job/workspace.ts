import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { ledgerFileName } from "./ledger-file.js";
import { lockFileName } from "./run-lock.js";

/** The folder beside the published runs that holds what each keeps. */
export const workFolder = ".work";

/** The folder beside the published runs that holds what people found who checked them. */
const auditsFolder = "audits";

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
  /** There when the run is published. */
  readonly manifest: string;
  readonly work: string;
  /** Decoded copies of the inputs, gone when the run is published. */
  readonly sources: string;
  /** Assessment files: the checkpoints of a run, and what `judge` reads. */
  readonly shards: string;
  /** What `judge` and `explain` need to know of a finished run. */
  readonly state: string;
  /** The code of each record, for `judge` to compare with. */
  readonly codes: string;
  /** What records delivered more than once are, for `judge`. */
  readonly repeats: string;
  /** The outputs until they are whole. */
  readonly staging: string;
  /** What people found who checked a sample of its cleaned records. */
  readonly audit: string;
  /** The sample itself, unless it was written elsewhere: whole records. */
  readonly sample: string;
  /** Its page, when `lamsach report` made it anew. */
  readonly page: string;
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
    manifest: path.join(out, runId, "manifest.json"),
    work,
    sources: path.join(work, "sources"),
    shards: path.join(work, "shards"),
    state: path.join(work, "state.json"),
    codes: path.join(work, "codes.bin"),
    repeats: path.join(work, "repeats.bin"),
    staging: path.join(work, "staging"),
    audit: path.join(out, auditsFolder, `${runId}.json`),
    sample: path.join(out, auditsFolder, `${runId}-sample.csv`),
    page: path.join(out, "pages", `${runId}.html`),
  };
}

/** The output folder of a run's folder: a published one's parent; a withheld run is named by its work folder. */
export function findOutputFolder(runDir: string): string {
  const parent = path.dirname(runDir);
  return path.basename(parent) === workFolder ? path.dirname(parent) : parent;
}

/** Whether a name is that of a run, and so of a folder right below the output folder. */
export function isRunId(name: string): boolean {
  return /^\d{4}-\d{2}-\d{2}-[0-9a-f]{12}$/.test(name);
}

/** Ids of the runs that are published in the output folder `out`. */
export function listPublishedRuns(out: string): string[] {
  return readdirSync(out).filter((name) => isRunId(name) && existsSync(locateRun(out, name).manifest));
}

/** The folders a run works in, each within the one before it or beside: all are its owner's alone, and none is a link. */
export function listRunFolders(out: string, { work, sources, shards }: RunPaths): string[] {
  return [out, path.dirname(work), work, sources, shards];
}
