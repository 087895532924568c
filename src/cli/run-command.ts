import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { type CommandContext, toJsonLine, toLines } from "./command-outcome.js";
import { readDay, readShardSize, readSize, readWorkers } from "./option-values.js";

const examples = `
Examples:
  lamsach run pipelines/covid19-vaccination.yaml --register population.db
  lamsach run pipelines/covid19-vaccination.yaml --register population.db --input 'exports/*.csv' --as-of 2023-06-13
  lamsach run pipelines/covid19-vaccination.yaml --register population.db --json | jq .counts

A run that was stopped is gone on with by the same command. Exit codes: 0 done, 1 a gate withheld the outputs,
2 usage or configuration, 3 input unreadable, 4 space or permission, 5 another run holds the lock, 70 a bug,
130 or 143 stopped by a signal.`;

interface Options {
  readonly input?: readonly string[];
  readonly register?: string;
  readonly policy?: string;
  readonly out: string;
  readonly asOf?: string;
  readonly workers: number;
  readonly memory?: number;
  readonly shardSize?: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** `lamsach run <pipeline>`: one night's work. */
export function addRunCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("run")
    .summary("clean the exports that a pipeline names")
    .description("Cleans the exports that a pipeline names against the register, and publishes the result.")
    .argument("<pipeline>", "the pipeline's YAML file")
    .option("--input <glob...>", "exports to read, instead of those the pipeline names")
    .option(
      "--register <db>",
      "the register, made by `lamsach register build`; without it nobody is authenticated (E61)",
    )
    .option("--policy <file>", "a policy, instead of the one the pipeline names")
    .option("--out <dir>", "where the run's folder, the ledger and the lock are", "reports")
    .option(
      "--as-of <day>",
      "the day the rules take for today, yyyy-mm-dd (default: today in Viet Nam)",
      readDay,
    )
    .option("--workers <n>", "worker threads, 64 at most", readWorkers, Math.max(1, availableParallelism()))
    .option("--memory <size>", "memory to plan for, like 512MB or 2GB: estimated, not enforced", readSize)
    .option("--shard-size <size>", "bytes of input in one shard, 4KB or more (default: 8MB)", readShardSize)
    .option("--dry-run", "check everything and show the plan; read no record, write nothing", false)
    .option("--json", "print one JSON object (run, dir, counts) instead of the summary", false)
    .addHelpText("after", examples)
    .action(async (pipelinePath: string, options: Options) => {
      const { runNight } = await import("../job/run-night.js");
      const { text, ...result } = await runNight(
        {
          pipelinePath,
          inputs: options.input ?? [],
          registerPath: options.register ?? null,
          policyPath: options.policy ?? null,
          out: options.out,
          asOf: options.asOf ?? null,
          workers: options.workers,
          memoryBytes: options.memory ?? null,
          shardBytes: options.shardSize ?? null,
          dryRun: options.dryRun,
        },
        effects,
      );
      finish({ exitCode: result.exitCode, stdout: options.json ? toJsonLine(result) : toLines(text) });
    });
}
