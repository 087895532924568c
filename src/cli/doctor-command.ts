import { existsSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import type { RebuiltLedger } from "../job/rebuild-ledger.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach doctor
  lamsach doctor --out /srv/lamsach --register population.db
  lamsach doctor --json
  lamsach doctor --rebuild-ledger

Exit code 4 when something is wrong.`;

interface Options {
  readonly out: string;
  readonly register?: string;
  readonly rebuildLedger: boolean;
  readonly json: boolean;
}

/** `lamsach doctor`: would a run work on this machine? */
export function addDoctorCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("doctor")
    .summary("check the machine, the output folder and the register")
    .description("Checks the native module, disk space, permissions, and the health of ledger and register.")
    .option("--out <dir>", "the output folder to check", "reports")
    .option("--register <db>", "a register to check")
    .option(
      "--rebuild-ledger",
      "make a damaged or missing ledger anew from the manifests, and keep the damaged one",
      false,
    )
    .option("--json", "print one JSON object", false)
    .addHelpText("after", examples)
    .action(async (options: Options) => {
      const out = path.resolve(effects.cwd, options.out);
      const rebuilt = options.rebuildLedger ? await rebuild(out, effects) : null;
      const { examineMachine } = await import("./machine-checks.js");
      const checks = await examineMachine({
        out,
        register: options.register === undefined ? null : path.resolve(effects.cwd, options.register),
      });
      const isHealthy = checks.every(({ passed }) => passed);
      const lines = checks.map(
        ({ name, passed, detail }) => `${passed ? "ok   " : "WRONG"} ${name}: ${detail}\n`,
      );
      finish({
        exitCode: isHealthy ? exitCodes.done : exitCodes.environment,
        stdout: options.json
          ? toJsonLine({ healthy: isHealthy, checks, ...(rebuilt === null ? {} : { rebuilt }) })
          : describeRebuilt(rebuilt) + lines.join(""),
      });
    });
}

async function rebuild(out: string, effects: Effects): Promise<RebuiltLedger> {
  if (!existsSync(out)) {
    throw new LamsachError(
      exitCodes.usage,
      `${out}: there is no such folder; expected an output folder. Check --out.`,
    );
  }
  const { rebuildLedger } = await import("../job/rebuild-ledger.js");
  return rebuildLedger(out, effects);
}

function describeRebuilt(rebuilt: RebuiltLedger | null): string {
  if (rebuilt === null) return "";
  if (rebuilt.runs === null) return "The ledger is whole: nothing was done to it.\n";
  const kept = rebuilt.kept === null ? "" : ` The damaged one is ${rebuilt.kept}.`;
  return `The ledger has ${rebuilt.runs} published runs again.${kept}\n`;
}
