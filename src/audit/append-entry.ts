import { closeSync, constants, existsSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { syncDirectory } from "../storage/atomic-file.js";
import { requireOwnFile } from "../storage/own-file.js";
import {
  formatEntry,
  hashLine,
  type LogPosition,
  logStart,
  parseEntry,
  type UnplacedEntry,
} from "./audit-entry.js";
import { archiveName, auditLogName, listLogFiles, readLog } from "./log-files.js";
import { type HeldLogHead, holdLogHead } from "./log-head.js";

/** Where an entry was put, and whether the log's end was as lamsach had left it. */
export interface AppendedEntry extends LogPosition {
  readonly isEndAsLeft: boolean;
}

/**
 * Appends an entry to the log in `folder` (which must be there) and makes it durable. What a power cut left of the last
 * line is completed, or noted when it cannot be; an end that lamsach did not write is noted too. A month's first entry begins a
 * new file. Cannot it be written: a `LamsachError` (exit 4), and what was to be noted must not be done.
 */
export function appendEntry(folder: string, entry: UnplacedEntry): AppendedEntry {
  const head = holdLogHead(folder);
  try {
    const log = { folder, head };
    const { end, isEndAsLeft } = settleEnd(log, entry);
    rotateLog(folder, entry.time);
    return { ...writeEntry(log, end, entry), isEndAsLeft };
  } finally {
    head.close();
  }
}

interface HeldLog {
  readonly folder: string;
  readonly head: HeldLogHead;
}

interface FoundEnd {
  /** Of the last whole line; null: there is none. */
  readonly last: LogPosition | null;
  /** The bytes after it. */
  readonly rest: Buffer;
}

/** Makes the log end where its head says, or notes that it does not. */
function settleEnd(log: HeldLog, entry: UnplacedEntry): { end: LogPosition; isEndAsLeft: boolean } {
  const kept = log.head.read();
  const found = findEnd(log.folder);
  const { last, rest } = found;
  if (kept === null && last === null && rest.length === 0) return { end: logStart, isEndAsLeft: true };
  if (kept !== null && last?.sha256 === kept.position.sha256 && rest.length === 0) {
    if (kept.pending !== null) log.head.confirm();
    return { end: kept.position, isEndAsLeft: true };
  }
  const pending = kept?.pending == null ? null : parseEntry(kept.pending);
  if (kept !== null && pending !== null && pending.previous === (last ?? logStart).sha256) {
    return { end: completeEntry(log, kept.pending as string, found, entry), isEndAsLeft: true };
  }
  const end = {
    sequence: Math.max(last?.sequence ?? 0, kept?.position.sequence ?? 0),
    sha256: (last ?? kept?.position ?? logStart).sha256,
  };
  endLine(log.folder, rest);
  const mismatch = { expected: kept?.position ?? null, found: last };
  const noted = writeEntry(log, end, { ...describeWriter(entry), event: "mismatch", mismatch });
  return { end: noted, isEndAsLeft: false };
}

function findEnd(folder: string): FoundEnd {
  const last = listLogFiles(folder).at(-1);
  if (last === undefined) return { last: null, rest: Buffer.alloc(0) };
  const { lines, rest } = readLog(folder, [last]);
  const line = lines.at(-1);
  // A month that is over, or a cut within the first line.
  if (line === undefined) return { last: lastOfArchives(folder), rest };
  return { last: { sequence: line.entry?.sequence ?? 0, sha256: line.sha256 }, rest };
}

function lastOfArchives(folder: string): LogPosition | null {
  const archive = listLogFiles(folder)
    .filter((name) => name !== auditLogName)
    .at(-1);
  const line = archive === undefined ? undefined : readLog(folder, [archive]).lines.at(-1);
  return line === undefined ? null : { sequence: line.entry?.sequence ?? 0, sha256: line.sha256 };
}

/** The process died while it wrote `line`: the rest of it is added, or all of it again after pieces that are not its own. */
function completeEntry(
  log: HeldLog,
  line: string,
  { last, rest }: FoundEnd,
  entry: UnplacedEntry,
): LogPosition {
  const whole = Buffer.from(`${line}\n`);
  if (rest.equals(whole.subarray(0, rest.length))) {
    appendBytes(log.folder, whole.subarray(rest.length));
    log.head.confirm();
    return { sequence: (last ?? logStart).sequence + 1, sha256: hashLine(line) };
  }
  endLine(log.folder, rest);
  const torn = { bytes: rest.length, sha256: hashLine(rest) };
  const noted = writeEntry(log, last ?? logStart, { ...describeWriter(entry), event: "torn", torn });
  const { sequence, previous, ...lost } = JSON.parse(line) as UnplacedEntry & {
    sequence: number;
    previous: string;
  };
  return writeEntry(log, noted, lost);
}

/** Who writes now, of an entry. */
function describeWriter({
  time,
  user,
  uid,
  host,
  version,
  command,
}: UnplacedEntry): Omit<UnplacedEntry, "event"> {
  return { time, user, uid, host, version, command };
}

function writeEntry({ folder, head }: HeldLog, before: LogPosition, entry: UnplacedEntry): LogPosition {
  const line = formatEntry(before, entry);
  const position = { sequence: before.sequence + 1, sha256: hashLine(line) };
  head.propose(position, line);
  appendBytes(folder, Buffer.from(`${line}\n`));
  head.confirm();
  return position;
}

function endLine(folder: string, rest: Buffer): void {
  if (rest.length > 0) appendBytes(folder, Buffer.from("\n"));
}

function appendBytes(folder: string, bytes: Buffer): void {
  const file = path.join(folder, auditLogName);
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  try {
    const isNew = !existsSync(file);
    requireOwnFile(file);
    const handle = openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (isNew) syncDirectory(folder);
  } catch (error) {
    throw explainFailure(file, error);
  }
}

/** Gives the file of an earlier month its name; one that has it already stays, and this one is gone on with. */
function rotateLog(folder: string, time: string): void {
  const file = path.join(folder, auditLogName);
  if (!existsSync(file)) return;
  const first = readLog(folder, [auditLogName]).lines[0]?.entry;
  if (first === undefined || first === null || archiveName(first.time) >= archiveName(time)) return;
  const archive = path.join(folder, archiveName(first.time));
  if (existsSync(archive)) return;
  try {
    renameSync(file, archive);
  } catch (error) {
    throw explainFailure(file, error);
  }
  syncDirectory(folder);
}

function explainFailure(file: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof LamsachError || code === undefined) return error;
  return new LamsachError(
    exitCodes.environment,
    `${file}: the audit log cannot be written (${code}); expected a writable file of your own, and space. ` +
      "Nothing is done that cannot be noted: see `lamsach doctor`.",
  );
}
