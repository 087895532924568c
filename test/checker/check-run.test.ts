import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkRun } from "./check-run.js";
import { type SmallRun, writeManifest, writeSmallRun } from "./small-run.js";

let run: SmallRun;
beforeEach(async () => {
  run = await writeSmallRun();
});
afterEach(() => run.remove());

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(join(run.runDir, path), "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  await writeFile(join(run.runDir, path), after);
}

async function problemsAfter(path: string, change: (text: string) => string): Promise<readonly string[]> {
  await edit(path, change);
  await writeManifest(run.runDir);
  return (await checkRun(run)).problems;
}

describe("checkRun(options)", () => {
  it("finds nothing wrong with a run in order", async () => {
    expect(await checkRun(run)).toEqual({
      problems: [],
      records: 9,
      sets: { cleaned: 4, errors: 4, exceptions: 1 },
      delivered: 9,
      truth: null,
      pageNumbers: 0,
    });
  });

  const rows: readonly (readonly [path: string, start: string, problem: string])[] = [
    ["cleaned/long.csv", "long.csv.gz:9,", "long.csv.gz, line 9, dose 1: the record is in no set."],
    ["exceptions/long.csv", "r2,", "long.csv.gz, line 4, dose 1: the record is in no set."],
    ["errors/long.csv", "long.csv.gz:5,", "long.csv.gz, line 5, dose 1: the record is in no set."],
    ["errors/long.csv", "long.csv.gz:7,", "long.csv.gz, line 7, dose 1: the record is in no set."],
    ["cleaned/wide.csv", "wide.csv:6:2,", "wide.csv, line 6, dose 2: the record is in no set."],
    ["errors/wide.csv", "wide.csv:7:1,", "wide.csv, line 7, dose 1: the record is in no set."],
  ];
  it.each(rows)("notices that %s lost the row %s", async (path, start, problem) => {
    const without = (text: string): string =>
      text
        .split("\n")
        .filter((line) => !line.startsWith(start))
        .join("\n");
    expect(await problemsAfter(path, without)).toContain(problem);
  });

  it("notices a row that was added twice", async () => {
    const twice = (text: string): string => `${text}${text.split("\n")[1]}\n`;
    const problems = await problemsAfter("exceptions/long.csv", twice);
    expect(problems).toContain("exceptions/long.csv, source line 4: this record comes twice over the sets.");
  });

  it("notices a row that no input holds", async () => {
    const moved = (text: string): string => text.replace("long.csv.gz,4", "long.csv.gz,44");
    const problems = await problemsAfter("exceptions/long.csv", moved);
    expect(problems).toContain("exceptions/long.csv, source line 44: no input holds this record.");
  });

  const cells: readonly (readonly [name: string, path: string, from: string, to: string, problem: string])[] =
    [
      [
        "a delivered cell",
        "exceptions/long.csv",
        "Trần Thị Bê",
        "Tran Thi Be",
        "delivered column 2 is not as delivered",
      ],
      [
        "a break in a delivered cell",
        "cleaned/long.csv",
        "hai\r\n",
        "hai\n",
        "delivered column 11 is not as delivered",
      ],
      [
        "a delivered cell of a template",
        "errors/wide.csv",
        "Phạm Văn Ê",
        "Phạm Văn E",
        "delivered column 2 is not",
      ],
      ["a record_id", "errors/long.csv", "r6,", "r7,", "its record_id is not the delivered one"],
      ["a set", "exceptions/long.csv", ",exceptions,", ",errors,", "its set is not that of its folder"],
      ["a code of another set", "exceptions/long.csv", "X10", "E36", "its code does not belong to its set"],
      [
        "a code that does not exist",
        "exceptions/long.csv",
        "X10",
        "X19",
        "its code is none of the catalogue",
      ],
      ["a code of the same set", "exceptions/long.csv", "X10", "X11", "X10 is 1, counted 0"],
      ["a place that is none", "errors/long.csv", "fields,4,", "fields,,", "where, is not said"],
      [
        "a fault of a good row",
        "errors/long.csv",
        "impossible,vi,en,,",
        "impossible,vi,en,nul,",
        "is filled for",
      ],
      ["a raw line", "errors/long.csv", "bad,row", "bad,raw", "raw_line is not the delivered line"],
      [
        "a good row called unreadable",
        "errors/long.csv",
        "E36",
        "E10",
        "its code is not what the checker makes of",
      ],
      [
        "an unreadable row called good",
        "errors/long.csv",
        "E10",
        "E36",
        "its code is not what the checker makes of",
      ],
      ["a column's name", "cleaned/long.csv", "findings", "finding", "its columns are not"],
      [
        "a delivered column's name",
        "cleaned/long.csv",
        "full_name,birth",
        "name,birth",
        "are not those of the input",
      ],
      [
        "a new name of a delivered column",
        "cleaned/long.csv",
        "delivered_code_2",
        "delivered_code_1",
        "are not those of the input",
      ],
      [
        "a template's own record_id",
        "errors/wide.csv",
        "wide.csv,7,2,",
        "wide.csv,7,3,",
        "delivered column 1 is not as delivered",
      ],
      ["the order", "cleaned/wide.csv", "wide.csv:6:1", "wide.csv:6:3", "it is not in input order"],
      [
        "a standard name",
        "cleaned/long.csv",
        "Nguyễn Văn Hòa",
        "Nguyễn Văn Hoà",
        "std_full_name is not what",
      ],
      ["a standard date", "cleaned/wide.csv", "2021-10-04", "2021-04-10", "std_vaccination_date is not what"],
      ["a standard dose", "cleaned/wide.csv", ",F,2,", ",F,1,", "std_dose_no is not what"],
      ["a CVX code", "cleaned/wide.csv", ",210,", ",211,", "std_vaccine_cvx is not what"],
      ["a change's before", "changes.csv", ",nguyễn", ",Nguyễn", "was something else before"],
      [
        "a change's record",
        "changes.csv",
        "record,r1",
        "record,r9",
        "1 record changes belong to no cleaned record",
      ],
      ["a change's rule", "changes.csv", "name.case", "", "rule or rules_version is blank"],
    ];
  it.each(cells)("notices that %s was changed", async (_name, path, from, to, problem) => {
    expect(await problemsAfter(path, (text) => text.replace(from, to))).toContainEqual(
      expect.stringContaining(problem),
    );
  });

  it("notices every row that changes.csv loses, even if the manifest is made to fit", async () => {
    const original = await readFile(join(run.runDir, "changes.csv"), "utf8");
    const lines = original.split("\n");
    for (let index = 1; index < lines.length - 1; index++) {
      await writeFile(
        join(run.runDir, "changes.csv"),
        lines.filter((_, other) => other !== index).join("\n"),
      );
      await writeManifest(run.runDir);
      const { problems } = await checkRun(run);
      expect(problems, lines[index]).toContainEqual(
        expect.stringContaining("is not what changes.csv makes of it"),
      );
    }
  });

  it("notices a manifest that does not fit the folder", async () => {
    await appendFile(join(run.runDir, "changes.csv"), "x");
    await writeFile(join(run.runDir, "unlisted.txt"), "");
    await rm(join(run.runDir, "errors", "wide.csv"));
    await edit("manifest.json", (text) => text.replace('"rows":2', '"rows":3'));
    expect((await checkRun(run)).problems).toEqual(
      expect.arrayContaining([
        "manifest.json: the bytes of changes.csv differ.",
        "manifest.json: the sha256 of changes.csv differs.",
        "manifest.json: unlisted.txt is not listed.",
        "manifest.json: errors/wide.csv is listed and not there.",
        expect.stringMatching(/^manifest\.json: the rows of cleaned\/\w+\.csv are not 2\.$/),
      ]),
    );
  });

  it("notices an input that it was not told of and one that it cannot read", async () => {
    const [first] = run.inputs;
    const missing = { name: "wide.csv", path: join(run.runDir, "nowhere.csv") };
    const { problems } = await checkRun({ ...run, inputs: [first as (typeof run.inputs)[number], missing] });
    expect(problems).toContain("wide.csv: the checker cannot read it as a delivery.");
    expect(problems).toContain("cleaned/wide.csv, source line 6: no input holds this record.");
  });

  it("compares the codes with the truth", async () => {
    const truth = join(run.runDir, "..", "truth.csv");
    await writeFile(truth, "record_id,code\nr1,C2\nr2,X11\nnobody,C1\n");
    const result = await checkRun({ ...run, truth });
    expect(result.truth).toEqual({ compared: 3, different: 2 });
    expect(result.problems).toEqual([
      "truth row 2: expected X11, published X10.",
      "truth row 3: expected C1, published nothing.",
    ]);
  });

  it("never repeats a delivered value", async () => {
    const problems = await problemsAfter("cleaned/long.csv", (text) => text.replaceAll("0", "9"));
    expect(problems.length).toBeGreaterThan(5);
    expect(problems.join("\n")).not.toMatch(/Hòa|Cê|Bê|00109/);
  });
});
