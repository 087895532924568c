import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readChecked } from "./read-checked.js";
import { dimensions } from "./record-values.js";
import { type SmallRun, writeSmallRun } from "./small-run.js";
import { type CheckedRecords, checkSummary } from "./summary-check.js";

let run: SmallRun;
let text = "";
let checked: CheckedRecords;

beforeAll(async () => {
  run = await writeSmallRun();
  text = await readFile(join(run.runDir, "report", "summary.json"), "utf8");
  const read = await readChecked(run);
  expect(read.problems.flat()).toEqual([]);
  checked = read.checked;
});
afterAll(() => run.remove());

describe("checkSummary(summary, checked)", () => {
  it("finds nothing wrong with a summary in order", () => {
    expect(checkSummary(JSON.parse(text), checked)).toEqual([]);
  });

  it("notices every count and share that is not so", () => {
    const numbers = [...text.matchAll(/:(\d+(?:\.\d+)?)(?=[,}])/g)];
    expect(numbers.length).toBeGreaterThan(500);
    for (const { index, 0: found } of numbers) {
      const more = Number(found.slice(1)) + 1;
      const edited = `${text.slice(0, index)}:${more}${text.slice(index + found.length)}`;
      expect(
        checkSummary(JSON.parse(edited), checked),
        `${text.slice(index - 60, index)}${found}`,
      ).not.toEqual([]);
    }
  });

  it.each(
    dimensions.flatMap((dimension) => [
      [dimension, "doses"],
      [dimension, "people"],
    ]),
  )("notices that two rows by %s were exchanged, in %s", (dimension, unit) => {
    const summary = JSON.parse(text);
    const rows = summary.dimensions[dimension];
    const [first, second] = [rows[rows.length - 2], rows[rows.length - 1]];
    [first[unit], second[unit]] = [second[unit], first[unit]];
    expect(checkSummary(summary, checked).join("\n")).toMatch(
      new RegExp(`json, ${dimension} row \\d, ${unit}: \\w+ is \\d, counted \\d`),
    );
  });

  it("notices a value without its row", () => {
    const summary = JSON.parse(text);
    summary.dimensions.month.pop();
    expect(checkSummary(summary, checked)).toContain(
      "summary.json, month: 1 values with records have no row.",
    );
  });
});
