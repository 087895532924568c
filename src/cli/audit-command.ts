import path from "node:path";
import type { Command } from "commander";
import { exitCodes } from "../errors.js";
import type { AuditVerdict } from "../job/verify-audit.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { readLogPosition } from "./option-values.js";

const examples = `
Examples:
  lamsach audit verify
  lamsach audit verify --out /srv/lamsach --files
  lamsach audit verify --json | jq -r '"\\(.head.sequence):\\(.head.sha256)"'

Exit code 3 when something was changed. Who can write the output folder can write a whole new log: keep the head that
is printed somewhere else, and give it back with --head.`;

interface Options {
  readonly out: string;
  readonly files: boolean;
  readonly head?: { sequence: number; sha256: string };
  readonly json: boolean;
}

/** `lamsach audit verify`: is what was noted, and published, as it was written? */
export function addAuditCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("audit")
    .summary("check the audit log and what was published")
    .description("Checks the log of who did what, and when.")
    .command("verify")
    .description(
      "Checks the audit log's chain and end, that every published run is there with its manifest and files, and the manifests; changes nothing.",
    )
    .option("--out <dir>", "the output folder, or the folder of a register", "reports")
    .option("--files", "hash every file of every published run too", false)
    .option("--head <sequence:sha256>", "an end of the log that was kept elsewhere", readLogPosition)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (options: Options) => {
      const { verifyAudit } = await import("../job/verify-audit.js");
      const verdict = verifyAudit({
        out: path.resolve(effects.cwd, options.out),
        files: options.files,
        head: options.head ?? null,
      });
      finish({
        exitCode: verdict.problems.length === 0 ? exitCodes.done : exitCodes.input,
        stdout: options.json ? toJsonLine(verdict) : describeVerdict(verdict, options.files),
      });
    });
}

function describeVerdict({ entries, head, runs, problems, notes }: AuditVerdict, files: boolean): string {
  const lines = [
    ...problems.map((problem) => `WRONG ${problem}`),
    ...notes.map((note) => `note  ${note}`),
    ...(problems.length > 0
      ? [
          `The audit log is not as lamsach wrote it: ${problems.length} problems. Keep the folder as it is for whoever looks into it.`,
        ]
      : [
          `${entries} entries and ${files ? "every file" : "the manifests (files by their size alone)"} of ${runs} published runs are as they were written.`,
        ]),
    ...(head === null ? [] : [`head  ${head.sequence}:${head.sha256}`]),
  ];
  return `${lines.join("\n")}\n`;
}
