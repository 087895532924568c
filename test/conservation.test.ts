import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, describe, expect, it } from "vitest";
import { type CheckOptions, checkRun } from "./checker/check-run.js";
import { checkPage } from "./checker/page-check.js";
import { readChecked } from "./checker/read-checked.js";
import { writeManifest } from "./checker/small-run.js";
import { expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { readSetRows } from "./support/set-rows.js";
import { listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let runDir = "";
let counts: Readonly<Record<string, number>> = {};
let inputs: CheckOptions["inputs"] = [];
const population = path.join(work, "sample/population.csv");
/** Those whose numbers follow from the sets. */
const comparedSections = new Set(
  "flow provinces carve-outs errors vaccine month dose fairness district ward facility".split(" "),
);

beforeAll(async () => {
  await makeSample(work, { people: 150 });
  const result = await runLamsach(sampleRun("out", "--json"), { cwd: work });
  ({ dir: runDir, counts } = readOutcome(expectCode(result, 0)));
  const exports = path.join(work, "sample/exports");
  inputs = readdirSync(exports).map((name) => ({ name, path: path.join(exports, name) }));
});

describe("a run of generated exports", () => {
  it("conserves every record and gives each the code of its truth", async () => {
    const truth = path.join(work, "sample/truth.csv");
    const result = await checkRun({ runDir, inputs, truth, population });
    expect(result.problems).toEqual([]);
    expect(result.pageNumbers).toBeGreaterThan(3000);
    const ids = new Set(readSetRows(runDir).map(({ record_id: id }) => id));
    expect(result.truth).toEqual({ compared: ids.size, different: 0 });
    expect(result).toMatchObject({
      records: counts.records,
      delivered: counts.records,
      sets: { cleaned: counts.cleaned, errors: counts.errors, exceptions: counts.exceptions },
    });
  });

  it("counts what it published, code by code", () => {
    const byCode: Record<string, number> = {};
    for (const { code = "" } of readSetRows(runDir)) byCode[code] = (byCode[code] ?? 0) + 1;
    const { records, cleaned, errors, exceptions, people, ...codes } = counts;
    expect(codes).toEqual(byCode);
    expect(records).toBe((cleaned ?? 0) + (errors ?? 0) + (exceptions ?? 0));
    expect(people).toBeLessThan(records ?? 0);
  });

  it("is found out when any number of its page is another", async () => {
    const { checked } = await readChecked({ runDir, inputs, population });
    const markup = readFileSync(path.join(runDir, "report/index.html"), "utf8");
    const numbers = [
      ...markup.matchAll(/<span class="(?:vi|en)"[^>]*>(\d[\d.,]*)(?: %| ÷ [\d.,]+)?<\/span>/g),
    ].filter(({ index }) =>
      comparedSections.has(/^.*<section id="([\w-]+)"/s.exec(markup.slice(0, index))?.[1] ?? ""),
    );
    expect(numbers.length).toBeGreaterThan(1000);
    const unnoticed: string[] = [];
    for (const [at, { index, 0: text }] of numbers.entries()) {
      if (at % 97 !== 0) continue;
      const edited = text.replace(/>\d/, (start) => `>${(Number(start.slice(1)) % 9) + 1}`);
      const page = markup.slice(0, index) + edited + markup.slice(index + text.length);
      if (checkPage(page, checked).problems.length === 0)
        unnoticed.push(markup.slice(index - 80, index + 40));
    }
    expect(unnoticed).toEqual([]);
    const without = markup.replace('id="province-table"', 'id="other-table"');
    expect(checkPage(without, checked).problems).toContain("index.html, province: its table is missing.");
  });

  it("is found out when any of its files loses a row", async () => {
    const files = listTree(runDir).filter((file) => file.endsWith(".csv"));
    expect(files.length).toBeGreaterThan(15);
    const unnoticed: string[] = [];
    let losses = 0;
    for (const file of files) {
      const rows = readRawRows(path.join(runDir, file));
      for (const loss of chooseLosses(file, rows)) {
        losses++;
        if ((await problemsWithout(file, rows, loss)).length === 0) unnoticed.push(`${file}, row ${loss}`);
      }
    }
    expect(losses).toBeGreaterThan(15);
    expect(unnoticed).toEqual([]);
  });
});

interface RawRow {
  readonly raw: string;
  readonly record: readonly string[];
}

function readRawRows(file: string): RawRow[] {
  return parse(readFileSync(file), { raw: true, relax_column_count: true }) as unknown as RawRow[];
}

/** The last row of a file; of the change log, a row of each scope, from a file whose dates are dd/mm/yyyy. */
function chooseLosses(file: string, rows: readonly RawRow[]): number[] {
  if (file !== "changes.csv") return rows.length > 1 ? [rows.length - 1] : [];
  return ["record", "column", "value"].map((wanted) =>
    rows.findIndex(({ record: [scope, , source] }) => scope === wanted && source === "national-2023.csv"),
  );
}

/** What the checker says of a copy of the run without one row, whose manifest agrees with what is left. */
async function problemsWithout(
  file: string,
  rows: readonly RawRow[],
  loss: number,
): Promise<readonly string[]> {
  expect(loss, `${file} has no such row`).toBeGreaterThan(0);
  const copy = path.join(work, "copy");
  cpSync(runDir, copy, { recursive: true });
  writeFileSync(
    path.join(copy, file),
    rows
      .filter((_, row) => row !== loss)
      .map(({ raw }) => raw)
      .join(""),
  );
  // A lost row of the report is told by the manifest alone: it holds figures, not records.
  if (!file.startsWith("report/")) await writeManifest(copy);
  return (await checkRun({ runDir: copy, inputs })).problems;
}
