import { describe, expect, it } from "vitest";
import { createBatch, scanBatch } from "../ingest/scanner.js";
import { canonicalColumns, type DoseColumn, type Source } from "../ingest/source.js";
import { listDoseSlots } from "./wide-rows.js";

const parts: readonly DoseColumn[] = ["vaccine", "vaccination_date", "lot_no", "facility_code"];
const source: Source = {
  name: "a.csv",
  path: "a.csv",
  format: "csv",
  encoding: "utf-8",
  bytesPath: "a.csv",
  byteLength: 0,
  layout: "wide",
  delimiter: ",",
  headers: [],
  dataOffset: 0,
  dataLine: 2,
  lineUnit: "line",
  columns: Object.fromEntries(canonicalColumns.map((name) => [name, -1])) as Source["columns"],
  // The second dose has no facility column.
  doses: [0, 4].map(
    (first) =>
      Object.fromEntries(
        parts.map((part, at) => [part, first === 4 && at === 3 ? -1 : first + at]),
      ) as Readonly<Record<DoseColumn, number>>,
  ),
  coding: { name: "platform-template", sex: { male: ["0"], female: ["1"] } },
};

function listFilled(line: string): number[] {
  const bytes = Buffer.from(`${line}\n`);
  const batch = createBatch(7, 1);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  return [...listDoseSlots(source, batch, 0)];
}

describe("listDoseSlots(source, batch, row)", () => {
  it.each<[what: string, line: string, expected: number[]]>([
    ["both", "AZ,01/07/2021,L1,79001,AZ,01/10/2021,L2", [1, 2]],
    ["a lot alone", ",,,,,,L2", [2]],
    ["a facility alone", ",,,79001,,,", [1]],
    ["quoted cells", '"","",""," ","AZ",,', [2]],
    ["a quotation mark alone", '"""",,,,,,', [1]],
    ["spaces of every kind are no text", ' ,\t,\u00a0,"\u3000",,\u2003,x', [2]],
    ["nothing: the person is kept", ",,,,,,", [1]],
  ])("%s", (_what, line, expected) => {
    expect(listFilled(line)).toEqual(expected);
  });
});
