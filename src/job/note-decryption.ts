import { existsSync } from "node:fs";
import path from "node:path";
import type { Effects } from "../effects.js";
import { hashFile } from "../storage/file-hash.js";
import { noteAct } from "./audit-trail.js";
import { findOutputFolder, isRunId, locateRun, locateWorkspace } from "./workspace.js";

/**
 * Notes that a sealed run (its folder) or one of its files is about to be written in the clear. What was taken out of its output
 * folder has no log to stand in.
 */
export function noteDecryption(from: string, effects: Pick<Effects, "now" | "log">): void {
  const runDir = findRunFolder(from);
  if (runDir === null) return;
  const out = findOutputFolder(runDir);
  if (!existsSync(locateWorkspace(out).ledger)) return;
  const run = path.basename(runDir);
  const what =
    runDir === from
      ? { manifest: hashFile(locateRun(out, run).manifest) }
      : { inputs: [{ name: path.relative(runDir, from).split(path.sep).join("/"), sha256: hashFile(from) }] };
  noteAct(out, { command: "decrypt", run, ...what }, effects);
}

/** The run's folder that a path is, or is in. */
function findRunFolder(from: string): string | null {
  if (isRunId(path.basename(from))) return from;
  const parent = path.dirname(from);
  return parent === from ? null : findRunFolder(parent);
}
