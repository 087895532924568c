import { describe, expect, it } from "vitest";
import { readRows } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import type { AssessRules } from "./rules.js";
import { createShiftDetector } from "./shifted-row.js";

const headers = [
  "full_name",
  "birth_date",
  "sex",
  "citizen_id",
  "dose_no",
  "vaccine",
  "vaccination_date",
  "note",
];
const columns = Object.fromEntries(headers.map((header, column) => [header, column]));
const source = {
  ...{ delimiter: ",", headers, lineUnit: "line", layout: "long", columns, doses: [] },
  coding: { name: "long", sex: { male: ["nam"], female: ["nữ"] } },
} as unknown as Source;
const tables = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
const rules = { maxDoseNumber: 6, vaccines: buildVaccineTable(tables.vaccines) } as unknown as AssessRules;
const limits = { maxBatchRows: 8, maxRecordBytes: 1000, maxFieldLines: 1 };

/** Whether a row is shifted, given that it has these findings. */
function isShifted(text: string, ...findings: FindingId[]): boolean {
  const words = new Uint32Array(findingWords);
  for (const id of findings) addFinding(words, 0, id);
  let answer: boolean | null = null;
  readRows(source, Buffer.from(`${text}\n`), {
    ...limits,
    onBatch: (batch) => {
      const detector = createShiftDetector(source, rules);
      answer =
        batch.rowFault[0] === 0
          ? detector.isShifted(batch, 0, 0, words, new Uint32Array(findingWords))
          : detector.isOneCellOff(batch, 0);
    },
  });
  if (answer === null) throw new Error("no row was read");
  return answer;
}

const strange: FindingId[] = ["birth-date.impossible", "citizen-id.characters"];

describe("a row's cells stand one column away", () => {
  it.each([
    ["all of them to the right", ",Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021"],
    ["all of them to the left", "05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,,"],
    ["those from the dose on", "Lê Lan,05/03/1990,Nữ,001190000001,,1,Pfizer,01/09/2021"],
    ["a cell too many at the start", ",Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,"],
    ["an unquoted delimiter in the name", "Lê, Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,"],
    ["a cell too few at the start", "05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,"],
  ])("%s", (_, text) => {
    expect(isShifted(text, ...strange)).toBe(true);
  });

  it.each([
    ["a row as it should be", "Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,"],
    ["cells that are wrong where they are", "Lê Lan,1990?,x,00119000,0,Astra X,hôm qua,"],
    ["cells that are blank", "Lê Lan,,,,,,,"],
    ["one date in the wrong column", "Lê Lan,,05/03/1990,001190000001,1,Pfizer,01/09/2021,"],
    ["a row cut at its last cell", "Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021"],
    ["a cell too many at the end", "Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,,"],
    ["two cells too many", ",,Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,"],
    ["a quote that is not closed", 'Lê Lan,"05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021,'],
  ])("but not in %s", (_, text) => {
    expect(isShifted(text, ...strange)).toBe(false);
  });

  it("is not asked of a row with fewer than two strange cells", () => {
    const text = ",Lê Lan,05/03/1990,Nữ,001190000001,1,Pfizer,01/09/2021";
    expect(isShifted(text, "birth-date.impossible")).toBe(false);
  });
});
