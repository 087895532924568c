import { type AuditEntry, type LogPosition, logStart, parseEntry } from "./audit-entry.js";
import { auditLogName, type LogLine, type LogText, listLogFiles, readLog } from "./log-files.js";
import { type LogHead, lookAtLogHead } from "./log-head.js";

/** One line of the log that is an entry. */
export interface PlacedLine extends LogLine {
  readonly entry: AuditEntry;
}

/** What a log says, and whether it is as lamsach wrote it. */
export interface LogReview {
  readonly entries: readonly PlacedLine[];
  /** `<file>:<line>: <what differs>; expected <what>`; empty when the log is whole. */
  readonly problems: readonly string[];
  /** What a power cut or retention explains. */
  readonly notes: readonly string[];
  /** The last entry; null: the log is empty. */
  readonly end: LogPosition | null;
}

/**
 * Reads the whole log in `folder` and checks numbers, hashes and end, while nobody writes. Who can write the folder can
 * write a whole new log: only an end that was kept elsewhere shows that.
 */
export function reviewLog(folder: string): LogReview {
  return lookAtLogHead(folder, (head) => reviewText(readLog(folder, listLogFiles(folder)), head));
}

function reviewText(text: LogText, head: LogHead | null): LogReview {
  const found = new Findings();
  const chain = leaveOutTorn(text.lines, found);
  reviewStart(chain, found);
  for (const [at, line] of chain.entries()) {
    if (line.entry === null)
      found.add(line, "this is no entry of lamsach; expected the line that was written");
    if (line.entry?.event === "mismatch") reviewMismatch(line, found);
    const next = chain[at + 1];
    if (next !== undefined) reviewPair(line, next, isConfirmed(chain, at + 1, head), found);
  }
  reviewEnd(chain.at(-1), text.rest, head, found);
  const entries = chain.filter((line): line is PlacedLine => line.entry !== null);
  const last = chain.at(-1);
  const end = last === undefined ? null : { sequence: last.entry?.sequence ?? 0, sha256: last.sha256 };
  return { entries, problems: found.problems, notes: found.notes, end };
}

/** One problem of a line is enough: the first names the cause. */
class Findings {
  readonly problems: string[] = [];
  readonly notes: string[] = [];
  readonly #lines = new Set<string>();

  add({ file, line }: Pick<LogLine, "file" | "line">, what: string): void {
    const place = `${file}:${line}`;
    if (this.#lines.has(place)) return;
    this.#lines.add(place);
    this.problems.push(`${place}: ${what}.`);
  }
}

/** Lines that a later entry explains as pieces left by a power cut are no part of the chain. */
function leaveOutTorn(lines: readonly LogLine[], found: Findings): LogLine[] {
  const torn = new Set(
    lines.flatMap(({ entry }) => (entry?.torn === undefined ? [] : [nameBytes(entry.torn)])),
  );
  return lines.filter((line) => {
    if (line.entry !== null || !torn.has(nameBytes(line))) return true;
    found.notes.push(
      `${line.file}:${line.line}: pieces of a line that a power cut left, and a later entry tells of.`,
    );
    return false;
  });
}

function nameBytes({ bytes, sha256 }: { bytes: number; sha256: string }): string {
  return `${bytes} ${sha256}`;
}

function reviewStart(lines: readonly LogLine[], found: Findings): void {
  const [first] = lines;
  if (first?.entry == null) return;
  const { sequence, previous } = first.entry;
  const before = { sequence: sequence - 1, sha256: previous };
  if (isSame(before, logStart)) return;
  const isRetired = lines.some(({ entry }) => entry?.retired !== undefined && isSame(entry.retired, before));
  if (isRetired)
    found.notes.push(`the log begins with entry ${sequence}: earlier ones are past their retention.`);
  else
    found.add(
      first,
      `the log begins with entry ${sequence}; expected entry 1, or one that tells of the retention`,
    );
}

function isSame(one: LogPosition, other: LogPosition): boolean {
  return one.sequence === other.sequence && one.sha256 === other.sha256;
}

function reviewMismatch(line: LogLine, found: Findings): void {
  const { expected, found: last } = line.entry?.mismatch ?? { expected: null, found: null };
  found.add(
    line,
    `when this was written the log ended with ${nameEnd(last)}; expected ${nameEnd(expected)}, as lamsach had left it`,
  );
}

function nameEnd(end: LogPosition | null): string {
  return end === null ? "no entry" : `entry ${end.sequence} (${end.sha256.slice(0, 12)})`;
}

/** Whether what follows (or the head) carries this line's hash: then it is as it was written. */
function isConfirmed(chain: readonly LogLine[], at: number, head: LogHead | null): boolean {
  const next = chain[at + 1];
  const { sha256 } = chain[at] as LogLine;
  if (next !== undefined) return next.entry?.previous === sha256;
  return head?.position.sha256 === sha256;
}

function reviewPair(line: LogLine, next: LogLine, isNextConfirmed: boolean, found: Findings): void {
  if (next.entry === null || (line.entry !== null && line.entry.sequence + 1 !== next.entry.sequence)) {
    if (next.entry === null || line.entry === null) return;
    const { sequence } = next.entry;
    const { sequence: before } = line.entry;
    const what = sequence > before ? "lines are missing before this one" : "this line is not in its place";
    found.add(next, `${what}: entry ${sequence} follows entry ${before}; expected entry ${before + 1}`);
    return;
  }
  if (next.entry.previous === line.sha256) return;
  // The hash of the line before stands in this one: when this one is as it was written, the other is not.
  if (isNextConfirmed)
    found.add(line, "this line was changed: its SHA-256 differs from the one the next line carries");
  else
    found.add(
      next,
      "this line was changed, or is not lamsach's: it does not carry the SHA-256 of the line before",
    );
}

function reviewEnd(last: LogLine | undefined, rest: Buffer, head: LogHead | null, found: Findings): void {
  if (head === null) {
    if (last === undefined && rest.length === 0) return;
    found.problems.push(
      `${auditLogName}: the end that lamsach had left is not known; expected audit.db beside the log.`,
    );
    return;
  }
  const { position, pending } = head;
  if (last?.sha256 === position.sha256 && rest.length === 0) return;
  const lastPosition = last === undefined ? logStart.sha256 : last.sha256;
  if (pending !== null && parseEntry(pending)?.previous === lastPosition) {
    found.notes.push(
      `${auditLogName}: a power cut or kill stopped entry ${position.sequence}; the next command completes it.`,
    );
    return;
  }
  const place = { file: last?.file ?? auditLogName, line: (last?.line ?? 0) + 1 };
  if (rest.length > 0) found.add(place, "the log goes on with bytes that are no line; expected its end");
  if (last?.sha256 === position.sha256) return;
  const sequence = last?.entry?.sequence ?? 0;
  if (sequence < position.sequence) {
    found.add(place, `the end is missing: the last entry is ${sequence}; expected ${position.sequence}`);
    return;
  }
  if (last === undefined) return;
  const isAhead = sequence > position.sequence;
  found.add(
    last,
    isAhead
      ? `lamsach did not write this line: its last entry is ${position.sequence}; expected the log to end there`
      : "this line was changed: its SHA-256 differs from the one lamsach kept of its last entry",
  );
}

/** Whether `position` is in the log, as an end that was kept elsewhere must be. */
export function holdsPosition({ entries }: LogReview, position: LogPosition): boolean {
  return entries.some(({ entry, sha256 }) => isSame({ sequence: entry.sequence, sha256 }, position));
}
