import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compareVerdicts } from "./compare-verdicts.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lamsach-compare-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Written = readonly [recordId: string, line: number, set: string, code: string];

/** One file a set, as peers write it. */
function writeSets(name: string, records: readonly Written[]): string {
  const out = path.join(folder, name);
  mkdirSync(out);
  for (const set of ["cleaned", "errors", "exceptions"]) {
    const rows = records.filter(([, , written]) => written === set);
    const lines = rows.map(([id, line, , code]) => `${id},a.csv,${line},${set},${code}\n`).join("");
    writeFileSync(path.join(out, `${set}.csv`), `record_id,source_file,source_line,set,code\n${lines}`);
  }
  return out;
}

const records: readonly Written[] = [
  ["R1", 2, "cleaned", "C1"],
  ["R2", 3, "errors", "E10"],
  ["R3", 70_000, "exceptions", "X31"],
];

async function compareWith(theirs: readonly Written[]): Promise<unknown> {
  return await compareVerdicts(writeSets("ours", records), writeSets("theirs", theirs));
}

describe("compareVerdicts(ours, theirs)", () => {
  const same = { records: 3, sameSet: 3, sameCode: 3, unmatched: 0, repeated: 0, kinds: [] };

  it("finds the same records in another order the same", async () => {
    expect(await compareWith(records.toReversed())).toEqual(same);
  });

  it("tells another code from another set", async () => {
    const theirs: Written[] = [
      ["R1", 2, "cleaned", "C2"],
      ["R2", 3, "exceptions", "X10"],
      ...records.slice(2),
    ];
    expect(await compareWith(theirs)).toEqual({
      ...{ ...same, sameSet: 2, sameCode: 1 },
      kinds: [
        { kind: "C1 → C2", records: 1, examples: ["a.csv:2"] },
        { kind: "E10 → X10", records: 1, examples: ["a.csv:3"] },
      ],
    });
  });

  it("counts a record that one of them lacks, has beside, or has under another name", async () => {
    const theirs: Written[] = [
      ["R1 of another", 2, "cleaned", "C1"],
      ["R3", 70_000, "exceptions", "X31"],
      ["R4", 70_001, "cleaned", "C1"],
    ];
    expect(await compareWith(theirs)).toEqual({
      ...{ ...same, sameSet: 1, sameCode: 1, unmatched: 4 },
      kinds: [
        { kind: "C1 → no such record", records: 1, examples: ["a.csv:2"] },
        { kind: "E10 → no such record", records: 1, examples: ["a.csv:3"] },
        { kind: "no such record → C1", records: 1, examples: ["a.csv:70001"] },
      ],
    });
  });

  it("counts a record that is written twice", async () => {
    expect(await compareWith([...records, ["R1", 2, "cleaned", "C1"]])).toEqual({ ...same, repeated: 1 });
  });
});
