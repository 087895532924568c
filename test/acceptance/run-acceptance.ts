/**
 * The acceptance campaign: for each seed, generates people and exports, builds the register, runs the job as its user
 * would, and holds the sets against the generator's truth and the run against the independent checker.
 *
 *   npm run acceptance -- --people 100000 --seeds 11,12,13 --mix real
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { checkRun } from "../checker/check-run.js";
import { expectCode, runLamsach } from "../support/command-line.js";
import { sampleRun } from "../support/sample.js";
import { readCsv, readSetRows } from "../support/set-rows.js";

interface Agreement {
  records: number;
  missing: number;
  falseClean: number;
  wrongSet: number;
  wrongFamily: number;
  wrongCode: number;
  /** How often each kind of difference came: dirt, expected code, given code. */
  readonly kinds: Map<string, number>;
}

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "100000" },
    seeds: { type: "string", default: "11,12,13" },
    mix: { type: "string", default: "real" },
  },
});
let isAccepted = true;
for (const seed of values.seeds.split(",")) {
  const folder = mkdtempSync(path.join(tmpdir(), "lamsach-acceptance-"));
  try {
    isAccepted = (await accept(folder, seed)) && isAccepted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = isAccepted ? 0 : 1;

async function accept(folder: string, seed: string): Promise<boolean> {
  const generate = [
    "generate",
    "--people",
    values.people,
    "--seed",
    seed,
    "--mix",
    values.mix,
    "--out",
    "sample",
  ];
  expectCode(await runLamsach(generate, { cwd: folder }), 0);
  const build = ["register", "build", "sample/population.csv", "--out", "population.db"];
  expectCode(await runLamsach(build, { cwd: folder }), 0);
  const outcome = expectCode(
    await runLamsach(sampleRun("out", "--json", "--workers", "2"), { cwd: folder }),
    0,
  );
  const { dir } = JSON.parse(outcome.stdout) as { dir: string };
  const truth = path.join(folder, "sample/truth.csv");
  const agreement = compareWithTruth(readSetRows(dir), readCsv(truth));
  const exports = path.join(folder, "sample/exports");
  const inputs = readdirSync(exports).map((name) => ({ name, path: path.join(exports, name) }));
  const { problems } = await checkRun({
    runDir: dir,
    inputs,
    population: path.join(folder, "sample/population.csv"),
  });
  report(seed, agreement, problems);
  const { records, missing, falseClean, wrongSet, wrongFamily } = agreement;
  return (
    problems.length === 0 &&
    missing === 0 &&
    falseClean === 0 &&
    wrongSet === 0 &&
    wrongFamily <= records / 1000
  );
}

type Row = Readonly<Record<string, string>>;

function compareWithTruth(published: readonly Row[], truth: readonly Row[]): Agreement {
  const keyOf = ({ source_file, source_line, record_id }: Row): string =>
    `${source_file}\t${source_line}\t${record_id}`;
  const given = new Map(published.map((row) => [keyOf(row), row]));
  const agreement: Agreement = {
    records: truth.length,
    missing: 0,
    falseClean: 0,
    wrongSet: 0,
    wrongFamily: 0,
    wrongCode: 0,
    kinds: new Map(),
  };
  for (const meant of truth) {
    const row = given.get(keyOf(meant));
    const code = row?.code ?? "nothing";
    if (row === undefined) agreement.missing++;
    else {
      if (row.set !== meant.expected_set) agreement.wrongSet++;
      if (row.set === "cleaned" && meant.expected_set !== "cleaned") agreement.falseClean++;
      if (code.slice(0, -1) !== meant.expected_family) agreement.wrongFamily++;
    }
    if (code === meant.expected_code) continue;
    agreement.wrongCode++;
    const kind = `${meant.dirt}: expected ${meant.expected_code}, given ${code}`;
    agreement.kinds.set(kind, (agreement.kinds.get(kind) ?? 0) + 1);
  }
  agreement.missing += Math.max(0, published.length - truth.length);
  return agreement;
}

function report(seed: string, { kinds, ...counts }: Agreement, problems: readonly string[]): void {
  const figures = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  process.stdout.write(`seed ${seed}, ${values.people} people, ${values.mix}: ${figures.join(", ")}\n`);
  for (const [kind, count] of [...kinds].sort((a, b) => b[1] - a[1]))
    process.stdout.write(`  ${count} × ${kind}\n`);
  process.stdout.write(
    `  checker: ${problems.length === 0 ? "no problem" : problems.slice(0, 20).join("\n  ")}\n`,
  );
}
