import { join } from "node:path";
import { checkDeliveries } from "./conservation.js";
import { type Delivered, type MoreHeaders, readDelivered } from "./delivered.js";
import { listFiles, readJson, readSets } from "./published.js";
import { findPeople, readPopulation, shareFound } from "./record-people.js";
import { readValues } from "./record-values.js";
import type { CheckedRecords } from "./summary-check.js";

export interface RunToRead {
  readonly runDir: string;
  /** The delivered files; `name` is the `source_file` of their records. */
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
  /** The CSV that the register was built from, null for a run without one; not given: people are not counted again. */
  readonly population?: string | null | undefined;
  /** Header texts of a pipeline, by canonical column, beside those that the checker knows. */
  readonly headers?: MoreHeaders | undefined;
}

/** A finished run and its inputs, in memory. */
export interface ReadRun {
  /** `report/summary.json`; null when it cannot be read. */
  readonly summary: unknown;
  readonly checked: CheckedRecords;
  /** Sentences by what was read. */
  readonly problems: readonly (readonly string[])[];
}

/** Reads the sets and the inputs of a run, and says what each record is of. */
export async function readChecked({ runDir, inputs, population, headers }: RunToRead): Promise<ReadRun> {
  const setProblems: string[] = [];
  const records = await readSets(runDir, await listFiles(runDir), setProblems);
  const inputProblems: string[] = [];
  const conserved = checkDeliveries(records, await readInputs(inputs, headers, inputProblems));
  const summaryProblems: string[] = [];
  const summary = await readJson(join(runDir, "report", "summary.json"), summaryProblems);
  const register = population === undefined ? null : await readPopulation(population);
  return {
    summary,
    checked: {
      records,
      conserved,
      values: readValues(summary, records, conserved),
      people: register && findPeople(summary, records, conserved, register),
      found: typeof population === "string" && register ? shareFound(records, conserved, register) : null,
    },
    problems: [setProblems, inputProblems, conserved.problems, summaryProblems],
  };
}

async function readInputs(
  inputs: RunToRead["inputs"],
  headers: MoreHeaders | undefined,
  problems: string[],
): Promise<Delivered[]> {
  const deliveries: Delivered[] = [];
  for (const input of inputs) {
    try {
      deliveries.push(await readDelivered(input, headers));
    } catch {
      problems.push(`${input.name}: the checker cannot read it as a delivery.`);
    }
  }
  return deliveries;
}
