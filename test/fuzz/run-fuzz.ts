/**
 * The long campaign of test/scanner-agreement.test.ts and test/balance.test.ts: the scanner against csv-parse on `runs`
 * well-formed, `runs` damaged and `runs` arbitrary deliveries, and `runs` mutated deliveries from opening to the books.
 * Prints the smallest failure with the seed that gives it again; exit 1. `--only whole` leaves the others out.
 *
 *   npm run fuzz -- --runs 100000 --seed 1
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { population } from "../single-fault/clean-file.js";
import { openReadingRoom } from "../support/product-reading.js";
import { checkAgreement, checkWritten } from "./agreement.js";
import { checkBalance } from "./balance.js";
import { anyDelivery, damagedDelivery, writtenDelivery } from "./deliveries.js";
import { wholeDelivery } from "./whole-deliveries.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const parameters = { numRuns: readCount("runs", values.runs), seed: readCount("seed", values.seed) };
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-fuzz-"));
const room = await openReadingRoom(folder, population);
let read = 0;
try {
  await runProperty(
    "well-formed",
    fc.asyncProperty(writtenDelivery, async (delivery) => checkWritten(folder, delivery)),
  );
  await runProperty(
    "damaged",
    fc.asyncProperty(damagedDelivery, async (delivery) => void checkAgreement(folder, delivery)),
  );
  await runProperty(
    "arbitrary",
    fc.asyncProperty(anyDelivery, async (delivery) => void checkAgreement(folder, delivery)),
  );
  await runProperty(
    "whole",
    fc.asyncProperty(wholeDelivery, async (delivery) => {
      if (await checkBalance(room, delivery)) read++;
    }),
  );
  process.stdout.write(`of the whole deliveries ${read} were read, the others refused\n`);
} finally {
  room.register.reader.close();
  rmSync(folder, { recursive: true, force: true });
}

async function runProperty<Ts>(name: string, property: fc.IAsyncProperty<Ts>): Promise<void> {
  if (values.only !== undefined && values.only !== name) return;
  const details = await fc.check(property, parameters);
  const { failed, numRuns, seed } = details;
  process.stdout.write(`${name}: ${numRuns} deliveries, seed ${seed}, ${failed ? "1" : "no"} failure\n`);
  if (!failed) return;
  process.stderr.write(`${name}: ${fc.defaultReportMessage(details)}\n`);
  process.exitCode = 1;
}

function readCount(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${option}: not a count; expected a whole number. Give it as digits`);
}
