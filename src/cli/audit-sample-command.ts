import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { keyFileText, readCount, readSeed } from "./option-values.js";
import { findRunFolder } from "./run-folder.js";

const examples = `
Examples:
  lamsach audit-sample 2023-06-13 --n 400
  lamsach audit-sample 2023-06-13 --n 1000 --seed 7 --file sample.csv

The same run, --n and --seed give the same records. Each row is checked against the person's papers or the register,
and gets a verdict: right, wrong or unsure (đúng, sai, không rõ). Then: lamsach audit-result <run> <the file>`;

interface Options {
  readonly n: number;
  readonly seed: number;
  readonly file?: string;
  readonly keyFile?: string;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach audit-sample <run>`: cleaned records for people to check. */
export function addAuditSampleCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("audit-sample")
    .summary("draw cleaned records for people to check")
    .description("Draws a sample of a run's cleaned records, of each code some, for people to check.")
    .argument("<run>", "the run's folder, or its id under --out (the beginning is enough)")
    .option(
      "--file <csv>",
      "the new file to write; it holds personal data (default: audits/<run>-sample.csv under --out)",
    )
    .option("--n <records>", "how many records to draw", readCount, 400)
    .option("--seed <seed>", "another one draws other records", readSeed, 0)
    .option("--key-file <file>", `of a sealed run: ${keyFileText}`)
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (named: string, options: Options) => {
      const runDir = findRunFolder({ named, out: options.out, cwd: effects.cwd });
      const { writeAuditSample } = await import("../job/write-audit-sample.js");
      const { run, strata, records, file } = writeAuditSample(
        {
          runDir,
          file: options.file === undefined ? null : path.resolve(effects.cwd, options.file),
          size: options.n,
          seed: options.seed,
          keyFile: options.keyFile ?? null,
        },
        effects,
      );
      const json = { run, file, seed: options.seed, drawn: records.length, strata };
      const lines = [
        `${records.length} cleaned records drawn: ${strata
          .map(({ code, drawn, population }) => `${code} ${drawn} of ${population}`)
          .join(", ")}.`,
        `${file}`,
        "Tệp này chứa dữ liệu cá nhân: chỉ giao cho người kiểm tra, và xóa khi xong. Điền cột verdict: đúng, sai hoặc không rõ.",
        "This file holds personal data: give it only to those who check, and delete it afterwards. Fill in the column verdict.",
      ];
      finish({
        exitCode: exitCodes.done,
        stdout: options.json ? toJsonLine(json) : `${lines.join("\n")}\n`,
      });
    });
}
