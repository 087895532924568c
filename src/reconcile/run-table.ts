import { type AssessmentColumns, type AssessmentHeader, readHeader } from "../assess/assessment.js";
import { ByteMemo } from "../assess/byte-memo.js";
import {
  decodeEntry,
  type Facility,
  type ListedEntries,
  type Place,
  readLists,
} from "../assess/shard-lists.js";
import { findingWords } from "../judge/findings.js";
import type { FileKey } from "../storage/file-key.js";

/** First word of the key of somebody the register knows; the second is their slot. */
export const knownPerson = 0x80000000;

/** What judging and counting need of each record. */
export type JudgedColumns = Pick<
  AssessmentColumns,
  "findings" | "comparison" | "slot" | "person" | "day" | "dose" | "vaccine" | "place" | "facility" | "traits"
>;

/** Empty columns of `JudgedColumns` for so many records. */
export function createJudgedColumns(records: number): JudgedColumns {
  return {
    findings: new Uint32Array(records * findingWords),
    comparison: new Uint16Array(records),
    slot: new Int32Array(records),
    person: new Uint32Array(records * 2),
    day: new Int32Array(records),
    dose: new Uint8Array(records),
    vaccine: new Uint8Array(records),
    place: new Uint32Array(records),
    facility: new Uint32Array(records),
    traits: new Uint8Array(records),
  };
}

/** Records to be judged together: all of a run, or all of some of its people. In input order. */
export interface RunTable {
  readonly records: number;
  readonly columns: JudgedColumns;
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  /** Which of the records are of which source, in order. */
  readonly extents: readonly { readonly source: number; readonly first: number; readonly records: number }[];
}

/** As narrow as the run's own lists allow: every shard has thousands of them. */
export type RunIds = Uint16Array<SharedArrayBuffer> | Uint32Array<SharedArrayBuffer>;

/** Where a shard stands in its source and in the run. */
export interface ShardExtent {
  /** Position in the run's list of sources. */
  readonly source: number;
  /** Byte range of its records in the source's bytes. */
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly blankLines: number;
  /** First record in the run, and how many. */
  readonly first: number;
  readonly records: number;
  readonly rows: number;
  /** By position in the shard's own lists: position in the run's. In memory that threads share. */
  readonly placeIds: RunIds;
  readonly facilityIds: RunIds;
}

/** A run without its records: the shards in input order, one list of places and one of facilities. */
export interface RunOutline {
  readonly records: number;
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  readonly shards: readonly ShardExtent[];
}

/** Reads the headers of the assessment files, given in input order; `sealKey`, when they are sealed. Errors as `readHeader`. */
export function outlineRun(
  files: readonly { readonly source: number; readonly path: string }[],
  sealKey: FileKey | null = null,
): RunOutline {
  const outliner = new RunOutliner();
  for (const { source, path } of files) outliner.add(source, readHeader(path, sealKey), path);
  return outliner.outline();
}

/** Puts a run's outline together from the headers of its shards, given in input order. */
export class RunOutliner {
  readonly #places = new Dictionary<Place>((place) => place.join("\t"));
  readonly #facilities = new Dictionary<Facility>(([key]) => key);
  readonly #extents: Omit<ShardExtent, "placeIds" | "facilityIds">[] = [];
  readonly #lists: (Uint16Array | Uint32Array)[] = [];
  #records = 0;

  /** `source`: position in the run's list of sources; `path`: the shard's assessment. Errors as `readLists`. */
  add(source: number, header: AssessmentHeader, path: string): void {
    const own = readLists(header, path);
    const { start, end, lines, blankLines, rows, records } = header;
    this.#extents.push({ source, start, end, lines, blankLines, rows, first: this.#records, records });
    this.#lists.push(narrow(this.#places.idsOf(own.places)), narrow(this.#facilities.idsOf(own.facilities)));
    this.#records += records;
  }

  outline(): RunOutline {
    const shared = shareNumbers(this.#lists);
    const shards = this.#extents.map((extent, shard) => ({
      ...extent,
      placeIds: shared[shard * 2] as RunIds,
      facilityIds: shared[shard * 2 + 1] as RunIds,
    }));
    return {
      records: this.#records,
      places: this.#places.values,
      facilities: this.#facilities.values,
      shards,
    };
  }
}

function narrow(numbers: Uint32Array): Uint16Array | Uint32Array {
  return numbers.some((number) => number > 0xffff) ? numbers : Uint16Array.from(numbers);
}

/** The lists one after the other in one memory that threads share. */
function shareNumbers(lists: readonly (Uint16Array | Uint32Array)[]): RunIds[] {
  const count = lists.reduce((sum, { length }) => sum + length, 0);
  const all = lists.every((list) => list instanceof Uint16Array)
    ? new Uint16Array(new SharedArrayBuffer(count * 2))
    : new Uint32Array(new SharedArrayBuffer(count * 4));
  let next = 0;
  return lists.map((list) => {
    all.set(list, next);
    next += list.length;
    return all.subarray(next - list.length, next);
  });
}

/** As many entries are recognised by their bytes; more cost time. */
const maxKnownBytes = 1 << 20;

/** Numbers for entries of the shards' lists, in the order they were first met; entries of one key have one number. */
class Dictionary<Value extends Place | Facility> {
  readonly values: Value[] = [];
  readonly #ids = new Map<string, number>();
  readonly #known = new ByteMemo(maxKnownBytes);

  constructor(private readonly keyOf: (value: Value) => string) {}

  idsOf(entries: ListedEntries): Uint32Array {
    const { bytes, starts } = entries;
    const ids = new Uint32Array(starts.length - 1);
    for (let entry = 0; entry < ids.length; entry++) {
      const start = starts[entry] as number;
      const end = starts[entry + 1] as number;
      let id = this.#known.find(bytes, start, end);
      if (id < 0) {
        id = this.#idOf(decodeEntry<Value>(entries, entry));
        this.#known.add(bytes, start, end, id);
      }
      ids[entry] = id;
    }
    return ids;
  }

  #idOf(value: Value): number {
    const key = this.keyOf(value);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.values.push(value) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }
}
