import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import type { AuditResult } from "../report/audit-result.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { keyFileText, readDay } from "./option-values.js";
import { findRunFolder } from "./run-folder.js";

const examples = `
Examples:
  lamsach audit-result 2023-06-13 sample.csv
  lamsach audit-result 2023-06-13 sample.csv --checked-on 2023-06-20

Every row of the sample needs its verdict. Only counts are kept, in audits/ of the output folder; an earlier result of the
run is replaced.`;

interface Options {
  readonly checkedOn?: string;
  readonly keyFile?: string;
  readonly out: string;
  readonly json: boolean;
}

/** `lamsach audit-result <run> <file>`: what people found who checked a sample. */
export function addAuditResultCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("audit-result")
    .summary("take in a sample that people have checked")
    .description("Takes in a sample that people have checked: how many cleaned records are truly right.")
    .argument("<run>", "the run's folder, or its id under --out (the beginning is enough)")
    .argument("<file>", "the file of `lamsach audit-sample`, with a verdict in every row")
    .option("--checked-on <day>", "day of the latest verdict, yyyy-mm-dd (default: today, UTC)", readDay)
    .option("--key-file <file>", `of a sealed run: ${keyFileText}`)
    .option("--out <dir>", "where the runs are", "reports")
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (named: string, file: string, options: Options) => {
      const runDir = findRunFolder({ named, out: options.out, cwd: effects.cwd });
      const { enterAuditResult } = await import("../job/enter-audit-result.js");
      const result = await enterAuditResult(
        {
          runDir,
          file: path.resolve(effects.cwd, file),
          checkedOn: options.checkedOn ?? effects.now().toISOString().slice(0, 10),
          keyFile: options.keyFile ?? null,
        },
        effects,
      );
      finish({
        exitCode: exitCodes.done,
        stdout: options.json
          ? toJsonLine({ run: path.basename(runDir), ...result })
          : `${describe(result)}${tellPage(named, options.out)}`,
      });
    });
}

function describe({ right, low, high, strata, population }: AuditResult): string {
  const drawn = strata.reduce((sum, stratum) => sum + stratum.drawn, 0);
  const unsure = strata.reduce((sum, stratum) => sum + stratum.drawn - stratum.checked, 0);
  const share = `${percent(right)} % (95 % CI ${percent(low)}–${percent(high, Math.ceil)} %)`;
  const lines = [
    `${share} số bản ghi sạch là đúng thật.`,
    `${share} of the ${population} cleaned records are truly right, by ${drawn} that were checked.`,
    ...strata.map(
      (one) => `  ${one.code}  ${one.right} right, ${one.checked - one.right} wrong, of ${one.drawn}`,
    ),
    ...(unsure === 0 ? [] : [`  ${unsure} unsure: they count as not right, but for the upper end.`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The page that the run published says "not audited", and stays as it is. */
function tellPage(named: string, out: string): string {
  const command = `lamsach report ${named}${out === "reports" ? "" : ` --out ${out}`}`;
  return `Trang báo cáo có kết quả này: / The page with this result: ${command}\n`;
}

/** Two decimals of a share that has six. */
function percent(share: number, round: (value: number) => number = Math.floor): string {
  return (round(Math.round(share * 1_000_000) / 100) / 100).toFixed(2);
}
