import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { O_NOFOLLOW, O_RDONLY, withOpenFile } from "../storage/open-file.js";
import { requireOwnFile } from "../storage/own-file.js";
import { type AuditEntry, hashLine, parseEntry } from "./audit-entry.js";

/** The file that is written to; a month's, once it is over, is named by it. */
export const auditLogName = "audit.log";

/** One line as it is on the disk. */
export interface LogLine {
  /** Name of its file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Null when it is no entry. */
  readonly entry: AuditEntry | null;
}

/** A log's whole lines in order, and the bytes after the last line break. */
export interface LogText {
  readonly lines: readonly LogLine[];
  readonly rest: Buffer;
}

/** Name of a past month's file. */
export function archiveName(time: string): string {
  return `audit-${time.slice(0, 7)}.log`;
}

/** The log's files in a folder, oldest first. */
export function listLogFiles(folder: string): string[] {
  const names = readdirSync(folder);
  const archives = names.filter((name) => /^audit-\d{4}-\d{2}\.log$/.test(name)).sort();
  return names.includes(auditLogName) ? [...archives, auditLogName] : archives;
}

/** Reads files of a log; a link, or what cannot be read, is a `LamsachError` (exit 4). */
export function readLog(folder: string, names: readonly string[]): LogText {
  const lines: LogLine[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for (const name of names) {
    // Only the last file may end within a line; another one that does has been changed.
    if (rest.length > 0) lines.push(describeLine(names[names.indexOf(name) - 1] as string, lines, rest));
    rest = readLines(folder, name, lines);
  }
  return { lines, rest };
}

function readLines(folder: string, name: string, lines: LogLine[]): Buffer {
  const bytes = readLogFile(path.join(folder, name));
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(describeLine(name, lines, bytes.subarray(start, end)));
    start = end + 1;
  }
  return bytes.subarray(start);
}

function describeLine(file: string, before: readonly LogLine[], bytes: Buffer): LogLine {
  const last = before.at(-1);
  return {
    file,
    line: last?.file === file ? last.line + 1 : 1,
    bytes: bytes.length,
    sha256: hashLine(bytes),
    entry: parseEntry(bytes.toString("utf8")),
  };
}

function readLogFile(file: string): Buffer {
  requireOwnFile(file);
  try {
    return withOpenFile(file, O_RDONLY | O_NOFOLLOW, (handle) => readFileSync(handle));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new LamsachError(
      exitCodes.environment,
      `${file}: the audit log cannot be read (${code}); expected a file of your own. Check its permissions.`,
    );
  }
}
