import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { type CommandContext, toJsonLine, toLines } from "./command-outcome.js";
import { keyFileText, readDay, readShardSize, readSize, readWorkers } from "./option-values.js";

const examples = `
Examples:
  lamsach run pipelines/covid19-vaccination.yaml --register population.db
  lamsach run pipelines/covid19-vaccination.yaml --register population.db --input 'exports/*.csv' --as-of 2023-06-13
  lamsach run pipelines/covid19-vaccination.yaml --register population.db --json | jq .counts
  lamsach run pipelines/covid19-vaccination.yaml --register population.db --encrypt --key-file night.key

A run that was stopped is gone on with by the same command; when anything has changed since, that is another run, and
stderr says so. Exit codes: 0 done, 1 a gate withheld the outputs,
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
  readonly history: boolean;
  readonly metricsFile?: string;
  readonly dryRun: boolean;
  readonly spaceCheck: boolean;
  readonly resume: boolean;
  readonly encrypt: boolean;
  readonly keyFile?: string;
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
    .option("--memory <size>", "memory the run may take, like 900MB or 2GB; it is cut to fit", readSize)
    .option("--shard-size <size>", "bytes of input in one shard, 4KB or more (default: 4MB)", readShardSize)
    .option("--no-history", "do not hold the run against the last published one: a smaller delivery is meant")
    .option("--no-space-check", "start although the disk seems too small for the outputs")
    .option("--encrypt", "seal the sets and the change log, and keep decoded copies off the disk", false)
    .option("--key-file <file>", keyFileText)
    .option(
      "--metrics-file <file>",
      "where the run's figures go for Prometheus' node_exporter, such as <its folder>/lamsach.prom",
    )
    .option("--dry-run", "check everything and show the plan; read no record, write nothing", false)
    .addOption(
      new Option(
        "--resume",
        "go on with the unfinished run, and refuse (2) when anything it was begun with has changed",
      )
        .default(false)
        .conflicts("dryRun"),
    )
    .option("--json", "print one JSON object (run, dir, counts) instead of the summary", false)
    .addHelpText("after", examples)
    .action(async (pipelinePath: string, options: Options) => {
      const { runNight } = await import("../job/run-night.js");
      const { meterNight } = await import("../job/metrics-file.js");
      const night = {
        pipelinePath,
        inputs: options.input ?? [],
        registerPath: options.register ?? null,
        policyPath: options.policy ?? null,
        out: options.out,
        asOf: options.asOf ?? null,
        workers: options.workers,
        memoryBytes: options.memory ?? null,
        shardBytes: options.shardSize ?? null,
        comparesWithLast: options.history,
        dryRun: options.dryRun,
        checksSpace: options.spaceCheck,
        resume: options.resume,
        encrypt: options.encrypt,
        keyFile: options.keyFile ?? null,
      };
      const { text, metrics, inputBytes, ...result } = await meterNight(
        options.metricsFile ?? null,
        night,
        effects,
        () => runNight(night, effects),
      );
      finish({ exitCode: result.exitCode, stdout: options.json ? toJsonLine(result) : toLines(text) });
    });
}
