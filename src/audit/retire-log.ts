import { rmSync } from "node:fs";
import path from "node:path";
import { syncDirectory } from "../storage/atomic-file.js";
import { appendEntry } from "./append-entry.js";
import type { LogPosition, UnplacedEntry } from "./audit-entry.js";
import { auditLogName, listLogFiles, readLog } from "./log-files.js";

/** Files of past months at the log's beginning in which nothing is as young as `since` (ISO 8601 in UTC), oldest first. */
export function listExpiredLogs(folder: string, since: string): string[] {
  const names = listLogFiles(folder).filter((name) => name !== auditLogName);
  const firstKept = names.findIndex((name) => {
    const { lines } = readLog(folder, [name]);
    // What was changed is kept for whoever looks into it.
    return lines.length === 0 || lines.some(({ entry }) => entry === null || entry.time >= since);
  });
  return firstKept < 0 ? names : names.slice(0, firstKept);
}

/** Notes where the log begins from now on, then removes its files up to there. */
export function retireLogs(
  folder: string,
  names: readonly string[],
  writer: Omit<UnplacedEntry, "event">,
): LogPosition | null {
  const last = readLog(folder, names.slice(-1)).lines.at(-1);
  if (last?.entry == null) return null;
  const retired = { sequence: last.entry.sequence, sha256: last.sha256 };
  appendEntry(folder, { ...writer, event: "retired", retired });
  for (const name of names) rmSync(path.join(folder, name), { force: true });
  syncDirectory(folder);
  return retired;
}
