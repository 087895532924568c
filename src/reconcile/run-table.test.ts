import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Assessment, createColumns, encodeAssessment } from "../assess/assessment.js";
import { encodeEntry, encodeLists, type Facility, type Place } from "../assess/shard-lists.js";
import { LamsachError } from "../errors.js";
import { outlineRun } from "./run-table.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-table-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** A shard's file: each record has its place, its facility and a day of its own. */
function writeShard(
  name: string,
  records: readonly (readonly [place: number, facility: number, day: number])[],
  places: Place[],
  facilities: Facility[],
): string {
  const columns = createColumns(records.length);
  for (const [record, [place, facility, day]] of records.entries()) {
    columns.place[record] = place;
    columns.facility[record] = facility;
    columns.day[record] = day;
    columns.findings.set([day, day + 1, day + 2], record * 3);
  }
  const header: Assessment["header"] = {
    format: 5,
    records: records.length,
    rows: records.length,
    start: 0,
    end: 10,
    lines: records.length + 1,
    blankLines: 1,
    lists: encodeLists({ places: places.map(encodeEntry), facilities: facilities.map(encodeEntry) }),
  };
  const file = path.join(dir, name);
  writeFileSync(file, encodeAssessment(header, columns));
  return file;
}

const none: Place = ["", "", ""];

describe("outlineRun(files)", () => {
  it("puts the shards in the files' order, with one number for each place and facility", () => {
    const one = writeShard(
      "1",
      [
        [1, 1, 10],
        [0, 0, 11],
      ],
      [none, ["79", "760", ""]],
      [
        ["", ""],
        ["79001", "Trạm A"],
      ],
    );
    const two = writeShard(
      "2",
      [
        [2, 2, 12],
        [1, 1, 13],
        [3, 0, 14],
      ],
      [none, ["01", "", ""], ["79", "760", ""], none],
      [
        ["", ""],
        ["01001", "Trạm B"],
        ["79001", "Tên khác"],
      ],
    );
    const outline = outlineRun([
      { source: 0, path: one },
      { source: 3, path: two },
    ]);
    expect(outline.records).toBe(5);
    const placesOf = outline.shards.map(({ placeIds }) =>
      [...placeIds].map((place) => outline.places[place]?.join("/")),
    );
    expect(placesOf).toEqual([
      ["//", "79/760/"],
      ["//", "01//", "79/760/", "//"],
    ]);
    const facilitiesOf = outline.shards.map(({ facilityIds }) =>
      [...facilityIds].map((facility) => outline.facilities[facility]?.join("=")),
    );
    expect(facilitiesOf).toEqual([
      ["=", "79001=Trạm A"],
      ["=", "01001=Trạm B", "79001=Trạm A"],
    ]);
    expect(new Set(outline.places.map((place) => place.join("/"))).size).toBe(outline.places.length);
    expect(outline.shards.map(({ source, first, records }) => [source, first, records])).toEqual([
      [0, 0, 2],
      [3, 2, 3],
    ]);
  });

  it("has room for more facilities than 16 bits can number", () => {
    const count = 70_000;
    const facilities = Array.from({ length: count }, (_, at): Facility => [`F${at}`, ""]);
    const few = writeShard("few", [[0, 1, 1]], [none], [["", ""], facilities[count - 1] as Facility]);
    const many = writeShard("many", [[0, 1, 1]], [none], facilities);
    const { shards } = outlineRun([few, many, few].map((path) => ({ source: 0, path })));
    expect([...(shards[0]?.facilityIds ?? [])]).toEqual([0, 1]);
    expect(shards[1]?.facilityIds.length).toBe(count);
    expect(shards[1]?.facilityIds.at(-2)).toBe(count);
    expect(shards[2]?.facilityIds).toEqual(shards[0]?.facilityIds);
  });

  it("is empty when nothing was delivered", () => {
    const { records, places, facilities } = outlineRun([]);
    expect([records, places, facilities]).toEqual([0, [], []]);
  });

  it("names the file that is damaged", () => {
    const damaged = path.join(dir, "damaged.bin");
    writeFileSync(damaged, "lamsach");
    expect(() => outlineRun([{ source: 0, path: damaged }])).toThrow(LamsachError);
    expect(() => outlineRun([{ source: 0, path: damaged }])).toThrow("damaged.bin");
  });
});
