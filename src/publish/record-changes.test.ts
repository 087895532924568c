import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteField } from "../report/csv-field.js";
import { ByteWriter } from "./byte-writer.js";
import { createRecordChanges } from "./record-changes.js";

interface Change {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  readonly doseSlot?: number;
}

/** What is logged of a field that became another text; fields as a semicolon-separated file delivers them. */
function log({ id, before, after, doseSlot = 0 }: Change): string {
  const bytes = Buffer.from(`${id};${before};`);
  const idEnd = Buffer.byteLength(id);
  const field = Buffer.from(`.${quoteField(after)}.`);
  const writer = new ByteWriter(1);
  const changes = createRecordChanges("a, b.csv", Buffer.from('"a, b.csv"'), "1.0.0", writer);
  changes.begin(bytes, 0, idEnd, 17, doseSlot);
  changes.write("full_name", "name.case", idEnd + 1, bytes.length - 1, field, 1, field.length - 1);
  expect(changes.takeCount()).toBe(writer.length === 0 ? 0 : 1);
  return Buffer.from(writer.view()).toString("utf8");
}

describe("createRecordChanges(...)", () => {
  it.each<[what: string, change: Change, line: string]>([
    [
      "a change",
      { id: "A1", before: "x", after: "y" },
      'record,A1,"a, b.csv",17,full_name,x,y,name.case,1.0.0\n',
    ],
    ["no change", { id: "A1", before: "x", after: "x" }, ""],
    ["quotes alone", { id: "A1", before: '"x"', after: "x" }, ""],
    ["a comma that needed no quotes", { id: "A1", before: "x,y", after: "x,y" }, ""],
    ["doubled quotes", { id: "A1", before: '"x""y"', after: 'x"y' }, ""],
    [
      "a blank cell",
      { id: '"A,1"', before: '""', after: "y" },
      'record,"A,1","a, b.csv",17,full_name,,y,name.case,1.0.0\n',
    ],
    [
      "a row without an id",
      { id: "", before: "x,", after: "y,z" },
      'record,"a, b.csv:17","a, b.csv",17,full_name,"x,","y,z",name.case,1.0.0\n',
    ],
    [
      "a dose of a template",
      { id: "", before: "x", after: "y", doseSlot: 2 },
      'record,"a, b.csv:17:2","a, b.csv",17,full_name,x,y,name.case,1.0.0\n',
    ],
  ])("logs %s", (_what, change, line) => {
    expect(log(change)).toBe(line);
  });

  it("logs any two texts, however they were delivered, and nothing when they are one", () => {
    const text = fc.string({ unit: fc.constantFrom(...'a,"\n\r ắ'), maxLength: 5 });
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (id, before, after, isQuoted) => {
        const deliver = (cell: string): string =>
          isQuoted || /[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        const fields = [
          "record",
          `x${id}`,
          "a, b.csv",
          "17",
          "full_name",
          before,
          after,
          "name.case",
          "1.0.0",
        ];
        const expected = before === after ? "" : `${fields.map(quoteField).join(",")}\n`;
        expect(log({ id: deliver(`x${id}`), before: deliver(before), after })).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
