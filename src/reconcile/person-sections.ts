import type { AssessmentColumns } from "../assess/assessment.js";
import { exitCodes, LamsachError } from "../errors.js";
import { findingWords } from "../judge/findings.js";
import type { FileKey } from "../storage/file-key.js";
import { type KeptFile, openKept } from "../storage/kept-file.js";
import { type JudgedColumns, knownPerson } from "./run-table.js";

/**
 * A shard's records in the order of their people: what lets a part of the people be judged without the rest of the run
 * in memory. Each record stands in the section of its person key. A record whose number leads to somebody else than
 * its key says stands once more, as a visitor, in the section of whom the number leads to: a policy may accept it there.
 *
 * File: magic, partitions, records, then the counts of the sections (own 0..P-1, visitors 0..P-1), then the sections;
 * `recordWords` 32-bit words a record, in input order within a section.
 */
const magic = 0x33706d6c; // "lmp3"
const headWords = 3;

/** Words of one record: position in the shard, findings, slot, person (2), day, place, facility, and two of small numbers. */
export const recordWords = 1 + findingWords + 8;
const slotAt = 1 + findingWords;

/** Section of a person's key; of a record without one (0, 0), by its position. `partitions` is a power of two. */
function sectionOf(high: number, low: number, partitions: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (partitions - 1);
}

/** The file of sections of a shard. `partitions`: a power of two, the same for every shard of a run. */
export function splitByPerson(columns: AssessmentColumns, records: number, partitions: number): Uint8Array {
  const own = new Uint32Array(records);
  const visited = new Int32Array(records).fill(-1);
  const counts = new Uint32Array(2 * partitions);
  let visitors = 0;
  for (let record = 0; record < records; record++) {
    const high = columns.person[record * 2] as number;
    const low = columns.person[record * 2 + 1] as number;
    const section = high === 0 && low === 0 ? record & (partitions - 1) : sectionOf(high, low, partitions);
    own[record] = section;
    counts[section] = (counts[section] as number) + 1;
    const slot = columns.slot[record] as number;
    if (slot < 0 || (high === knownPerson && low === slot)) continue;
    const other = sectionOf(knownPerson, slot, partitions);
    if (other === section) continue;
    visited[record] = other;
    counts[partitions + other] = (counts[partitions + other] as number) + 1;
    visitors++;
  }

  const words = new Uint32Array(headWords + counts.length + (records + visitors) * recordWords);
  words.set([magic, partitions, records]);
  words.set(counts, headWords);
  const next = new Uint32Array(counts.length);
  let at = headWords + counts.length;
  for (const [section, count] of counts.entries()) {
    next[section] = at;
    at += count * recordWords;
  }
  for (let record = 0; record < records; record++) {
    put(own[record] as number, record);
    const other = visited[record] as number;
    if (other >= 0) put(partitions + other, record);
  }
  return new Uint8Array(words.buffer);

  function put(section: number, record: number): void {
    const to = next[section] as number;
    next[section] = to + recordWords;
    words[to] = record;
    for (let word = 0; word < findingWords; word++) {
      words[to + 1 + word] = columns.findings[record * findingWords + word] as number;
    }
    words[to + slotAt] = columns.slot[record] as number;
    words[to + slotAt + 1] = columns.person[record * 2] as number;
    words[to + slotAt + 2] = columns.person[record * 2 + 1] as number;
    words[to + slotAt + 3] = columns.day[record] as number;
    words[to + slotAt + 4] = columns.place[record] as number;
    words[to + slotAt + 5] = columns.facility[record] as number;
    words[to + slotAt + 6] =
      (columns.comparison[record] as number) |
      ((columns.dose[record] as number) << 16) |
      ((columns.vaccine[record] as number) << 24);
    words[to + slotAt + 7] = columns.traits[record] as number;
  }
}

/** One section of a shard: the records of its people, and those who may belong to them. */
export interface PersonSection {
  readonly own: Uint32Array;
  readonly visitors: Uint32Array;
}

/**
 * Reads a section of a file of sections; `sealKey`, when they are sealed. Throws `LamsachError` (environment) when the
 * file is not one of this run, or not whole.
 */
export function readSection(
  path: string,
  partition: number,
  partitions: number,
  sealKey: FileKey | null = null,
): PersonSection {
  const file = openKept(path, sealKey);
  try {
    const head = readWords(file, path, 0, headWords + 2 * partitions);
    if (head[0] !== magic || head[1] !== partitions) throw damaged(path);
    const counts = head.subarray(headWords);
    const before = (section: number): number => {
      let records = 0;
      for (let at = 0; at < section; at++) records += counts[at] as number;
      return head.length + records * recordWords;
    };
    const read = (section: number): Uint32Array =>
      readWords(file, path, before(section), (counts[section] as number) * recordWords);
    return { own: read(partition), visitors: read(partitions + partition) };
  } finally {
    file.close();
  }
}

/** Whether a file of sections is there, for so many partitions and records. */
export function isSectionsFile(
  path: string,
  partitions: number,
  records: number,
  sealKey: FileKey | null = null,
): boolean {
  try {
    const file = openKept(path, sealKey);
    try {
      const head = new Uint32Array(headWords);
      return (
        file.read(new Uint8Array(head.buffer), 0) === head.byteLength &&
        head[0] === magic &&
        head[1] === partitions &&
        head[2] === records
      );
    } finally {
      file.close();
    }
  } catch {
    return false;
  }
}

/** Copies the record whose words begin at `from` to position `to` of the columns; its position in the shard is returned. */
export function takeRecord(words: Uint32Array, from: number, columns: JudgedColumns, to: number): number {
  for (let word = 0; word < findingWords; word++) {
    columns.findings[to * findingWords + word] = words[from + 1 + word] as number;
  }
  columns.slot[to] = words[from + slotAt] as number;
  columns.person[to * 2] = words[from + slotAt + 1] as number;
  columns.person[to * 2 + 1] = words[from + slotAt + 2] as number;
  columns.day[to] = words[from + slotAt + 3] as number;
  columns.place[to] = words[from + slotAt + 4] as number;
  columns.facility[to] = words[from + slotAt + 5] as number;
  const small = words[from + slotAt + 6] as number;
  columns.comparison[to] = small & 0xffff;
  columns.dose[to] = (small >>> 16) & 0xff;
  columns.vaccine[to] = small >>> 24;
  columns.traits[to] = words[from + slotAt + 7] as number;
  return words[from] as number;
}

/** Whether the section of the record at `to` is its own only as long as it is not clean: its number leads elsewhere. */
export function leadsElsewhere(
  { slot, person }: JudgedColumns,
  record: number,
  partition: number,
  partitions: number,
): boolean {
  const live = slot[record] as number;
  if (live < 0) return false;
  if (person[record * 2] === knownPerson && person[record * 2 + 1] === live) return false;
  return sectionOf(knownPerson, live, partitions) !== partition;
}

function readWords(file: KeptFile, path: string, from: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  if (file.read(new Uint8Array(words.buffer), from * 4) < words.byteLength) throw damaged(path);
  return words;
}

function damaged(path: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${path}: this checkpoint is damaged; expected the records of a shard by person. Delete it and run again.`,
  );
}
