import path from "node:path";
import type { Command } from "commander";
import { exitCodes, LamsachError } from "../errors.js";
import { findKey } from "../job/run-key.js";
import { hashFile } from "../storage/file-hash.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";
import { keyFileText } from "./option-values.js";
import { shippedPath } from "./shipped-path.js";

const buildExamples = `
Examples:
  lamsach register build population.csv --out population.db
  lamsach register build population/*.csv --out population.db --json
  lamsach register build population.csv --out population.db --male 1 --female 2
  lamsach register build population.csv --out population.db.sealed --encrypt --key-file night.key

Columns: citizen_id, full_name, birth_date (yyyy-mm-dd or yyyy), sex (M or F), legacy_id, status (active, replaced,
cancelled, deceased), replaced_by, province_code, and if there are any district_code, ward_code.`;

const infoExamples = `
Examples:
  lamsach register info population.db
  lamsach register info population.db --json`;

/** `lamsach register build|info`: the population register as lamsach reads it. */
export function addRegisterCommand(program: Command, { effects, finish }: CommandContext): void {
  const register = program
    .command("register")
    .summary("build the register, or say what is in it")
    .description("Builds the population register that a run reads, or says what is in it.");

  register
    .command("build")
    .description(
      "Builds a register from the population's CSV files; one that is there is replaced when the new one is whole.",
    )
    .argument("<csv...>", "the population's CSV files (.csv, .csv.gz); together they are the whole register")
    .requiredOption("--out <db>", "the register to make")
    .option(
      "--pipeline <file>",
      "the pipeline whose tables hold the place codes (default: the one that is shipped)",
    )
    .option("--male <text...>", "what the column sex holds for men (default: M, Nam)")
    .option("--female <text...>", "what the column sex holds for women (default: F, Nữ)")
    .option("--force", "build although the number of people is far from the last register's", false)
    .option("--no-space-check", "start although the disk seems too small for the register")
    .option("--encrypt", "seal the register; it is built in memory", false)
    .option("--key-file <file>", keyFileText)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", buildExamples)
    .action(async (files: readonly string[], options: BuildCommandOptions) => {
      const { buildRegister } = await import("../register/build-register.js");
      const { noteWork } = await import("../job/audit-trail.js");
      const { loadPipeline } = await import("../pipeline/pipeline.js");
      const { loadTables } = await import("../pipeline/tables.js");
      const { placeCodes } = loadTables(
        loadPipeline(options.pipeline ?? shippedPath("pipelines/covid19-vaccination.yaml")),
      );
      const sexCoding = readSexCoding(options);
      const folder = path.dirname(path.resolve(effects.cwd, options.out));
      const memory = new MemoryFolder();
      const key = findKey(options.keyFile ?? null, effects);
      const { result: info } = await noteWork(folder, { command: "register build" }, effects, async () => {
        const built = await buildRegister({
          inputs: files,
          out: options.out,
          placeCodes,
          force: options.force,
          checksSpace: options.spaceCheck,
          seal: { isWanted: options.encrypt, key, memory },
          ...(sexCoding === null ? {} : { sexCoding }),
          onProgress: (rows) => effects.log.info({ rows }, "register rows read"),
        });
        const inputs = files.map((file) => ({ name: path.basename(file), sha256: hashFile(file) }));
        return { result: built, exitCode: exitCodes.done, facts: { register: built.version, inputs } };
      }).finally(() => memory.close());
      const stdout = options.json ? toJsonLine(info) : describeRegister(options.out, info);
      finish({ exitCode: exitCodes.done, stdout });
    });

  register
    .command("info")
    .description("Says what a register holds, in counts; shows no person.")
    .argument("<db>", "a register that `lamsach register build` made")
    .option("--key-file <file>", `of a sealed register: ${keyFileText}`)
    .option("--json", "print one JSON object", false)
    .addHelpText("after", infoExamples)
    .action(async (file: string, options: { json: boolean; keyFile?: string }) => {
      const { readRegisterInfo } = await import("../register/sealed-register.js");
      const info = readRegisterInfo(file, findKey(options.keyFile ?? null, effects));
      finish({
        exitCode: exitCodes.done,
        stdout: options.json ? toJsonLine(info) : describeRegister(file, info),
      });
    });
}

interface BuildCommandOptions {
  readonly out: string;
  readonly pipeline?: string;
  readonly male?: readonly string[];
  readonly female?: readonly string[];
  readonly force: boolean;
  readonly spaceCheck: boolean;
  readonly encrypt: boolean;
  readonly keyFile?: string;
  readonly json: boolean;
}

/** Both or none: one sex by its own coding and the other by ours could mix up 0, 1 and 2. */
function readSexCoding({ male, female }: Pick<BuildCommandOptions, "male" | "female">): {
  male: readonly string[];
  female: readonly string[];
} | null {
  if (male === undefined && female === undefined) return null;
  if (male !== undefined && female !== undefined) return { male, female };
  throw new LamsachError(
    exitCodes.usage,
    "register build: one of --male and --female is missing; expected both or none. Declare the other one too.",
  );
}

interface RegisterCounts {
  readonly version: string;
  readonly people: number;
  readonly statuses: Readonly<Partial<Record<string, number>>>;
  readonly yearOnly: number;
  readonly withLegacyId: number;
  readonly leftOut: number;
  readonly builtFrom: readonly { readonly file: string; readonly rows: number }[];
}

function describeRegister(file: string, info: RegisterCounts): string {
  const statuses = Object.entries(info.statuses).map(
    ([status, people]) => `${status} ${formatCount(people ?? 0)}`,
  );
  const lines = [
    `${file}`,
    `  people          ${formatCount(info.people)} (${statuses.join(", ")})`,
    `  birth year only ${formatCount(info.yearOnly)}`,
    `  old number      ${formatCount(info.withLegacyId)}`,
    `  left out        ${formatCount(info.leftOut)} impossible rows`,
    `  version         ${info.version}`,
    ...info.builtFrom.map((source) => `  built from      ${source.file}, ${formatCount(source.rows)} rows`),
  ];
  return `${lines.join("\n")}\n`;
}

function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
