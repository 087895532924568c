import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { generateSample } from "../src/sample/generate-sample.js";
import { root } from "./checkout.js";

export const mixes = ["real", "clean", "worst"] as const;
export type Mix = (typeof mixes)[number];

/** The day that all programs take for today. */
export const asOf = "2023-06-13";

/** One long export and the population it is checked against. */
export interface Dataset {
  readonly mix: Mix;
  readonly folder: string;
  readonly input: string;
  readonly inputBytes: number;
  readonly population: string;
  readonly populationBytes: number;
}

// What the generator makes of one person, on average.
const recordsPerPerson = 2.073;

/** People for about so many rows. */
export function countPeople(rows: number): number {
  return Math.ceil(rows / recordsPerPerson);
}

/**
 * Generates a dataset in a folder of its own below `folder`, or takes the one that is there whole: its name says
 * everything that its bytes depend on but the generator. `rows` is what the generator chooses unless said.
 */
export async function prepareDataset(
  { mix, people, seed, rows }: { mix: Mix; people: number; seed: number; rows?: number },
  folder: string,
): Promise<Dataset> {
  const name = `${mix}-${people}-people${rows === undefined ? "" : `-${rows}-rows`}-seed-${seed}`;
  const own = path.join(folder, name);
  if (!existsSync(own)) {
    console.log(`generating ${name}`);
    const unfinished = `${own}.part`;
    rmSync(unfinished, { recursive: true, force: true });
    await generateSample({
      ...{ mix, people, seed, shapes: "long", out: unfinished },
      ...(rows === undefined ? {} : { rows }),
      tablesDir: path.join(root, "pipelines/tables"),
      namesDir: path.join(root, "sample-data/names"),
    });
    renameSync(unfinished, own);
  }
  const input = path.join(own, "exports/national-2023.csv");
  const population = path.join(own, "population.csv");
  return {
    ...{ mix, folder: own, input, population },
    inputBytes: statSync(input).size,
    populationBytes: statSync(population).size,
  };
}
