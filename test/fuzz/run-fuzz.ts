/**
 * The long campaign of test/scanner-agreement.test.ts: the scanner against csv-parse on `runs` well-formed, `runs`
 * damaged and `runs` arbitrary deliveries. Prints the smallest disagreement with the seed that gives it again; exit 1.
 *
 *   npm run fuzz -- --runs 100000 --seed 1
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { checkAgreement, checkWritten } from "./agreement.js";
import { anyDelivery, damagedDelivery, writtenDelivery } from "./deliveries.js";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const parameters = { numRuns: readCount("runs", values.runs), seed: readCount("seed", values.seed) };
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-fuzz-"));
try {
  runProperty(
    "well-formed",
    fc.property(writtenDelivery, (delivery) => checkWritten(folder, delivery)),
  );
  runProperty(
    "damaged",
    fc.property(damagedDelivery, (delivery) => void checkAgreement(folder, delivery)),
  );
  runProperty(
    "arbitrary",
    fc.property(anyDelivery, (delivery) => void checkAgreement(folder, delivery)),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function runProperty<Ts>(name: string, property: fc.IProperty<Ts>): void {
  const details = fc.check(property, parameters);
  const { failed, numRuns, seed } = details;
  process.stdout.write(`${name}: ${numRuns} deliveries, seed ${seed}, ${failed ? "1" : "no"} disagreement\n`);
  if (!failed) return;
  process.stderr.write(`${name}: ${fc.defaultReportMessage(details)}\n`);
  process.exitCode = 1;
}

function readCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option}: not a count; expected a whole number. Give it as digits`);
}
