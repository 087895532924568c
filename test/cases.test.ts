import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { checkRun } from "./checker/check-run.js";
import { compareWithExpected, readExpected, replaceExpected, runCase } from "./support/case-folder.js";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { readCsv } from "./support/set-rows.js";
import { useWorkFolder } from "./support/work-folder.js";

const casesDir = path.join(repository, "test/cases");
const cases = readdirSync(casesDir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("a case is a folder", () => {
  const work = useWorkFolder();

  it.concurrent.each(cases)("%s", checkCase);

  async function checkCase(name: string): Promise<void> {
    const caseDir = path.join(casesDir, name);
    const folder = path.join(work, name);
    mkdirSync(folder);
    const outcome = await runCase(caseDir, folder);
    if (process.env.UPDATE_CASES === "1") replaceExpected(caseDir, outcome.written);
    compareWithExpected(readExpected(caseDir), outcome);
    if (outcome.runDir === null) {
      const left = readdirSync(path.join(folder, "out")).filter((entry) => /^\d{4}-/.test(entry));
      expect(left, "published though it failed").toEqual([]);
    } else {
      const { runDir, inputs } = outcome;
      const population = path.join(caseDir, "population.csv");
      const { problems } = await checkRun({
        runDir,
        inputs,
        population: existsSync(population) ? population : null,
      });
      expect(problems).toEqual([]);
    }
  }
});

const catalogue = z.object({
  codes: z.array(z.object({ code: z.string() })),
  findings: z.record(z.string(), z.unknown()),
});

describe("the cases together", () => {
  const expected = cases.flatMap((name) => {
    const { "codes.csv": codes } = readExpected(path.join(casesDir, name));
    return codes === undefined ? [] : readCsv(path.join(casesDir, name, "expected/codes.csv"));
  });

  it("hold every code and every finding of the catalogue", async () => {
    const result = expectCode(await runLamsach(["codes", "--json"], { cwd: repository }), 0);
    const { codes, findings } = catalogue.parse(JSON.parse(result.stdout));
    const seenCodes = new Set(expected.map(({ code }) => code));
    const seenFindings = new Set(expected.flatMap((row) => (row.findings as string).split(";")));
    expect(codes.map(({ code }) => code).filter((code) => !seenCodes.has(code))).toEqual([]);
    expect(Object.keys(findings).filter((id) => !seenFindings.has(id))).toEqual([]);
  });

  it("hold every known pattern of dirt", () => {
    const patterns = readCsv(path.join(casesDir, "patterns.csv"));
    expect(new Set(patterns.map(({ pattern }) => pattern)).size).toBe(56);
    const missing = patterns.filter(({ case: name, record_id: id }) => {
      const codes = readExpected(path.join(casesDir, name as string))["codes.csv"] ?? "";
      return !codes.split("\n").some((line) => line.startsWith(`${id},`));
    });
    expect(missing).toEqual([]);
  });

  it("say in plain text what they deliver", () => {
    for (const name of cases) {
      for (const file of readdirSync(path.join(casesDir, name, "input"))) {
        const text = readFileSync(path.join(casesDir, name, "input", file), "utf8");
        expect(text, `${name}/input/${file}`).not.toMatch(/[\u0000-\u0008\u00a0\u200b\ufeff\ufffd]/u);
      }
    }
  });
});
