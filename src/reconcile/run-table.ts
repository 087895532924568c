import {
  type AssessmentColumns,
  type Facility,
  type Place,
  readHeader,
  readLists,
} from "../assess/assessment.js";
import { findingWords } from "../judge/findings.js";

/** First word of the key of somebody the register knows; the second is their slot. */
export const knownPerson = 0x80000000;

/** What judging and counting need of each record. */
export type JudgedColumns = Pick<
  AssessmentColumns,
  "findings" | "comparison" | "slot" | "person" | "day" | "dose" | "vaccine" | "place" | "facility"
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
  readonly placeIds: Uint32Array<SharedArrayBuffer>;
  readonly facilityIds: Uint32Array<SharedArrayBuffer>;
}

/** A run without its records: the shards in input order, one list of places and one of facilities. */
export interface RunOutline {
  readonly records: number;
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  readonly shards: readonly ShardExtent[];
}

/** Reads the headers of the assessment files, given in input order. Errors as `readHeader`. */
export function outlineRun(files: readonly { readonly source: number; readonly path: string }[]): RunOutline {
  const places = new Dictionary<Place>();
  const facilities = new Dictionary<Facility>();
  const shards: ShardExtent[] = [];
  let first = 0;
  for (const { source, path } of files) {
    const header = readHeader(path);
    const lists = readLists(header);
    const { start, end, lines, blankLines, rows, records } = header;
    shards.push({
      ...{ source, start, end, lines, blankLines, rows, first, records },
      placeIds: shareNumbers(lists.places.map((place) => places.idOf(place.join("\t"), place))),
      facilityIds: shareNumbers(lists.facilities.map((facility) => facilities.idOf(facility[0], facility))),
    });
    first += records;
  }
  return { records: first, places: places.values, facilities: facilities.values, shards };
}

function shareNumbers(numbers: readonly number[]): Uint32Array<SharedArrayBuffer> {
  const shared = new Uint32Array(new SharedArrayBuffer(numbers.length * 4));
  shared.set(numbers);
  return shared;
}

/** Numbers for texts, in the order they were first met. */
class Dictionary<Value> {
  readonly values: Value[] = [];
  readonly #ids = new Map<string, number>();

  idOf(key: string, value: Value): number {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.values.push(value) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }
}
