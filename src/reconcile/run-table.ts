import { readFileSync } from "node:fs";
import {
  type AssessmentColumns,
  columnWidths,
  createColumns,
  decodeAssessment,
  type Facility,
  type Place,
  readLists,
} from "../assess/assessment.js";

/** All assessments of a run as one table in input order, with one list of places and one of facilities. */
export interface RunTable {
  readonly records: number;
  readonly columns: AssessmentColumns;
  readonly places: readonly Place[];
  readonly facilities: readonly Facility[];
  readonly shards: readonly ShardExtent[];
}

/** Where a shard stands in its source and in the table. */
export interface ShardExtent {
  /** Position in the run's list of sources. */
  readonly source: number;
  /** Byte range of its records in the source's bytes. */
  readonly start: number;
  readonly end: number;
  readonly lines: number;
  readonly blankLines: number;
  /** First record in the table, and how many. */
  readonly first: number;
  readonly records: number;
  readonly rows: number;
}

/** Reads the assessment files, given in input order. Errors as `decodeAssessment`. */
export function loadRunTable(files: readonly { readonly source: number; readonly path: string }[]): RunTable {
  const parts = files.map(({ source, path }) => ({ source, ...decodeAssessment(readFileSync(path), path) }));
  const records = parts.reduce((sum, { header }) => sum + header.records, 0);
  const columns = createColumns(records);
  const places = new Dictionary<Place>();
  const facilities = new Dictionary<Facility>();
  const shards: ShardExtent[] = [];
  let first = 0;
  for (const { source, header, ...part } of parts) {
    for (const { name, perRecord } of columnWidths) columns[name].set(part[name], first * perRecord);
    const lists = readLists(header);
    const placeIds = lists.places.map((place) => places.idOf(place.join("\t"), place));
    const facilityIds = lists.facilities.map((facility) => facilities.idOf(facility[0], facility));
    for (let record = first; record < first + header.records; record++) {
      columns.place[record] = placeIds[columns.place[record] as number] as number;
      columns.facility[record] = facilityIds[columns.facility[record] as number] as number;
    }
    const { start, end, lines, blankLines, rows } = header;
    shards.push({ source, start, end, lines, blankLines, rows, first, records: header.records });
    first += header.records;
  }
  return { records, columns, places: places.values, facilities: facilities.values, shards };
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
