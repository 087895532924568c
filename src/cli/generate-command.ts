import path from "node:path";
import { type Command, Option } from "commander";
import { exitCodes } from "../errors.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { readCount, readSeed } from "./option-values.js";

import { shippedPath } from "./shipped-path.js";

const examples = `
Examples:
  lamsach generate --people 1000 --seed 1 --out sample
  lamsach generate --people 1000000 --seed 7 --mix worst --out /data/worst

Every person, number and dose is invented. The same options always give the same bytes. truth.csv says for each record
what was damaged and which code it should get.`;

interface Options {
  readonly people: number;
  readonly seed: number;
  readonly mix: "real" | "clean" | "worst";
  readonly out: string;
  readonly shapes: "all" | "long";
  readonly rows?: number;
  readonly json: boolean;
}

/** `lamsach generate`: synthetic people, their exports, and the truth for each record. */
export function addGenerateCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("generate")
    .summary("make synthetic people and exports")
    .description("Makes a synthetic population, its vaccination exports, and the truth for each record.")
    .requiredOption("--people <n>", "people in the register", readCount)
    .requiredOption("--seed <s>", "a whole number; the same one gives the same bytes", readSeed)
    .addOption(
      new Option("--mix <mix>", "how dirty the exports are")
        .choices(["real", "clean", "worst"])
        .default("real"),
    )
    .requiredOption("--out <dir>", "where population.csv, exports/ and truth.csv are written")
    .addOption(
      new Option("--shapes <shapes>", "every file shape, or one long CSV only (for benchmarks)")
        .choices(["all", "long"])
        .default("all"),
    )
    .option("--rows <n>", "about how many doses in all (default: about 2.25 per person)", readCount)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async ({ json, ...options }: Options) => {
      const { generateSample } = await import("../sample/generate-sample.js");
      const result = await generateSample({
        ...options,
        out: path.resolve(effects.cwd, options.out),
        tablesDir: shippedPath("pipelines/tables"),
        namesDir: shippedPath("sample-data/names"),
      });
      const stdout = json ? toJsonLine({ dir: options.out, ...result }) : `Written to ${options.out}\n`;
      finish({ exitCode: exitCodes.done, stdout });
    });
}
