import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { findingWords } from "../judge/findings.js";
import {
  type AssessmentColumns,
  type AssessmentHeader,
  bytesPerRecord,
  columnWidths,
  createColumns,
  decodeAssessment,
  encodeAssessment,
  growColumns,
  OtherFormat,
} from "./assessment.js";
import {
  decodeEntry,
  encodeEntry,
  encodeLists,
  type Facility,
  type ListedEntries,
  type Place,
  readLists,
} from "./shard-lists.js";

function listsOf(places: readonly Place[], facilities: readonly Facility[]): Uint8Array {
  return encodeLists({ places: places.map(encodeEntry), facilities: facilities.map(encodeEntry) });
}

function textsOf(entries: ListedEntries): unknown[] {
  return Array.from({ length: entries.starts.length - 1 }, (_, entry) => decodeEntry(entries, entry));
}

const blankLists = listsOf([["", "", ""]], [["", ""]]);

function makeHeader(records: number, changes: Partial<AssessmentHeader> = {}): AssessmentHeader {
  return {
    format: 5,
    records,
    rows: records,
    start: 10,
    end: 900,
    lines: records,
    blankLines: 0,
    lists: blankLists,
    ...changes,
  };
}

/** Columns where every entry differs from its neighbours. */
function fillColumns(columns: AssessmentColumns): AssessmentColumns {
  let next = 1;
  for (const { name } of columnWidths) {
    const column = columns[name];
    for (let at = 0; at < column.length; at++) column[at] = Math.imul(next++, 0x9e3779b1);
  }
  return columns;
}

function contentOf(columns: AssessmentColumns, records: number): Record<string, number[]> {
  return Object.fromEntries(
    columnWidths.map(({ name, perRecord }) => [name, [...columns[name].subarray(0, records * perRecord)]]),
  );
}

function refusalOf(file: Buffer): LamsachError | null {
  try {
    decodeAssessment(file, "shards/0-3.bin");
    return null;
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
}

describe("encodeAssessment and decodeAssessment", () => {
  it.each([0, 1, 2, 3, 7, 8, 9, 100])("give %i records back, whatever room the columns had", (records) => {
    const columns = fillColumns(createColumns(records + 5));
    const header = makeHeader(records);
    const { header: read, ...table } = decodeAssessment(encodeAssessment(header, columns), "x");
    expect({ ...read, lists: new Uint8Array(read.lists) }).toEqual(header);
    expect(contentOf(table, records)).toEqual(contentOf(columns, records));
    expect(table.slot.length).toBe(records);
    expect(table.findings.length).toBe(records * findingWords);
  });

  it("give any names of places and facilities back", () => {
    const text = fc.string({ unit: "binary", maxLength: 8 });
    const places = fc.array(fc.tuple(text, text, text), { maxLength: 4 });
    const facilities = fc.array(fc.tuple(text, text), { maxLength: 4 });
    fc.assert(
      fc.property(places, facilities, fc.nat(5), (somePlaces, some, records) => {
        const lists = listsOf(somePlaces, some);
        const header = makeHeader(records, { lists });
        const columns = fillColumns(createColumns(records));
        const { header: read, ...table } = decodeAssessment(encodeAssessment(header, columns), "x");
        expect({ ...read, lists: new Uint8Array(read.lists) }).toEqual(header);
        const { places: readPlaces, facilities: readFacilities } = readLists(read, "x");
        expect([textsOf(readPlaces), textsOf(readFacilities)]).toEqual([somePlaces, some]);
        expect(contentOf(table, records)).toEqual(contentOf(columns, records));
      }),
    );
  });

  it("reads a file that lies at an odd offset of its buffer, and shares nothing with it", () => {
    const file = encodeAssessment(makeHeader(3), fillColumns(createColumns(3)));
    const shifted = Buffer.alloc(file.length + 3);
    file.copy(shifted, 3);
    const { header: _, ...table } = decodeAssessment(shifted.subarray(3), "x");
    const before = contentOf(table, 3);
    shifted.fill(0);
    expect(contentOf(table, 3)).toEqual(before);
    expect(before).toEqual(contentOf(fillColumns(createColumns(3)), 3));
  });

  it("takes as many bytes for each record as it says", () => {
    const sizeOf = (records: number): number =>
      encodeAssessment(makeHeader(records), createColumns(records)).length;
    expect(sizeOf(8808) - sizeOf(1008)).toBe(7800 * bytesPerRecord);
  });
});

describe("decodeAssessment of a damaged file", () => {
  const someLists = listsOf([["79", "760", "26734"]], []);
  const whole = encodeAssessment(makeHeader(5, { lists: someLists }), fillColumns(createColumns(5)));
  const rewrite = (change: (text: string) => string): Buffer => {
    const textEnd = 16 + whole.readUInt32LE(8);
    const text = Buffer.from(change(whole.toString("utf8", 16, textEnd)));
    const listsEnd = textEnd + someLists.length;
    const head = Buffer.concat([text, whole.subarray(textEnd, listsEnd)]);
    const file = Buffer.concat([
      whole.subarray(0, 16),
      head,
      Buffer.alloc(-head.length & 7),
      whole.subarray(listsEnd + (-listsEnd & 7)),
    ]);
    file.writeUInt32LE(text.length, 8);
    return file;
  };

  it("is read when nothing is wrong with it", () => {
    expect(refusalOf(whole)).toBeNull();
    expect(refusalOf(rewrite((text) => text))).toBeNull();
  });

  it("refuses every beginning of it", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(refusalOf(whole.subarray(0, length))?.exitCode).toBe(exitCodes.environment);
    }
  });

  it.each([
    ["a byte too many", Buffer.concat([whole, Buffer.alloc(1)])],
    ["another magic", Buffer.concat([Buffer.from("LAMSACH\u0001"), whole.subarray(8)])],
    ["a format that is a text", rewrite((text) => text.replace('"format":5', '"format":"4"'))],
    ["a format that is no whole number", rewrite((text) => text.replace('"format":5', '"format":4.5'))],
    ["fewer records", rewrite((text) => text.replace('"records":5', '"records":4'))],
    ["a negative count", rewrite((text) => text.replace('"records":5', '"records":-5'))],
    ["a number that is a text", rewrite((text) => text.replace('"records":5', '"records":"5"'))],
    ["a field too many", rewrite((text) => text.replace("{", '{"more":1,'))],
    ["lists of another length", rewrite((text) => text.replace(/"listBytes":(\d)/, '"listBytes":1$1'))],
    ["a field missing", rewrite((text) => text.replace('"blankLines":0,', ""))],
    ["no JSON", rewrite(() => "{")],
    ["JSON of another kind", rewrite(() => "null")],
    ["nothing but zeros", Buffer.alloc(whole.length)],
    ["nothing", Buffer.alloc(0)],
  ])("refuses %s", (_what, file) => {
    const refusal = refusalOf(file);
    expect(refusal?.exitCode).toBe(exitCodes.environment);
    expect(refusal?.message).toMatch(/^shards\/0-3\.bin: .+; expected .+\. Delete it and run again\.$/);
    expect(refusal?.message).not.toContain("26734");
  });

  it("tells a table of another version from one that is damaged", () => {
    const refusal = refusalOf(rewrite((text) => text.replace('"format":5', '"format":4,"places":[]')));
    expect(refusal).toBeInstanceOf(OtherFormat);
    expect(refusal?.message).toBe(
      "shards/0-3.bin: this checkpoint is of another version of lamsach (format 4); expected format 5. Delete it and run again.",
    );
    expect(refusalOf(whole.subarray(0, -1))).not.toBeInstanceOf(OtherFormat);
  });

  it("refuses a header length that points anywhere", () => {
    for (const length of [0, 1, whole.length, 0x7fffffff, 0xffffffff]) {
      const file = Buffer.from(whole);
      file.writeUInt32LE(length, 8);
      expect(refusalOf(file)?.exitCode).toBe(exitCodes.environment);
    }
  });
});

describe("readLists of a damaged header", () => {
  it.each([
    ["half of the lists", blankLists.subarray(0, 12)],
    ["lists and what follows them", Buffer.concat([blankLists, Buffer.alloc(1)])],
    ["nothing", new Uint8Array(0)],
    ["a count of places alone", Buffer.from([0, 0, 0, 0])],
    ["more places than there are", Buffer.from([2, ...blankLists.subarray(1)])],
    ["places without end", Buffer.from([255, 255, 255, 255, ...blankLists.subarray(4)])],
    [
      "fewer facilities than there are",
      Buffer.from([...blankLists.subarray(0, 16), 0, ...blankLists.subarray(17)]),
    ],
    [
      "a text that is longer than the lists",
      Buffer.from([...blankLists.subarray(0, 4), 99, ...blankLists.subarray(5)]),
    ],
  ])("refuses %s", (_what, lists) => {
    expect(() => readLists({ lists }, "shards/0-3.bin")).toThrow(
      /^shards\/0-3\.bin: .+ Delete it and run again\.$/,
    );
  });
});

describe("a file whose lists end one byte early", () => {
  it("is refused when its lists are read", () => {
    const file = encodeAssessment(makeHeader(2), createColumns(2));
    const length = file.readUInt32LE(8);
    const text = file.toString("utf8", 16, 16 + length);
    const wrong = text.replace(/"listBytes":(\d+)/, (_, bytes) => `"listBytes":${Number(bytes) - 1}`);
    expect(wrong.length).toBe(length);
    file.write(wrong, 16);
    const { header } = decodeAssessment(file, "shards/0-3.bin");
    expect(() => readLists(header, "shards/0-3.bin")).toThrow(/^shards\/0-3\.bin: /);
  });
});

describe("growColumns(columns, records)", () => {
  it("keeps the first records and has room for as many again", () => {
    const columns = fillColumns(createColumns(5));
    const before = contentOf(columns, 3);
    const grown = growColumns(columns, 3);
    expect(grown.slot.length).toBe(10);
    expect(contentOf(grown, 3)).toEqual(before);
    expect(grown.slot[3]).toBe(0);
  });

  it("makes room where there was none", () => {
    expect(growColumns(createColumns(0), 0).slot.length).toBe(64);
  });
});
