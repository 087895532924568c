import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "csv-stringify/sync";
import writeWorkbook from "write-excel-file/node";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { type CommandResult, describeResult, expectCode, runLamsach } from "./command-line.js";
import { encodeText, readMarkedBytes } from "./marked-bytes.js";
import { openGates, writePipeline } from "./pipeline-file.js";
import { type CsvRow, readCsv, readSetRows } from "./set-rows.js";

const delivery = z.strictObject({
  /** File of `input/` that it is made of; its own name unless said. */
  from: z.string().exactOptional(),
  encoding: z.enum(["utf-16le", "utf-16be", "windows-1258"]).exactOptional(),
  /** Beside UTF-16, which always has one unless this is false. */
  mark: z.boolean().exactOptional(),
  crlf: z.literal(true).exactOptional(),
  gzip: z.literal(true).exactOptional(),
  /** Cuts the delivered bytes short. */
  keepBytes: z.int().nonnegative().exactOptional(),
  /** The sheets of a workbook, each a file of `input/`. */
  sheets: z.record(z.string(), z.string()).exactOptional(),
});

const optionsSchema = z.strictObject({
  register: z.literal(false).exactOptional(),
  args: z.array(z.string()).exactOptional(),
  /** What is delivered, by name; everything else in `input/` is delivered as it is. */
  files: z.record(z.string(), delivery).exactOptional(),
});

/** What a case left behind. */
export interface CaseOutcome {
  readonly result: CommandResult;
  /** Null when nothing was published. */
  readonly runDir: string | null;
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
  /** What `expected/` should hold, by file name. */
  readonly written: Readonly<Record<string, string>>;
}

/** Builds the register of a case, delivers its inputs into `work`, and runs the pipeline on them. */
export async function runCase(caseDir: string, work: string): Promise<CaseOutcome> {
  const options = readOptions(caseDir);
  const inputs = await deliverInputs(caseDir, path.join(work, "input"), options.files ?? {});
  const own = path.join(caseDir, "pipeline.yaml");
  const changes = existsSync(own) ? [openGates, parseYaml(readFileSync(own, "utf8"))] : [openGates];
  const pipeline = writePipeline(path.join(work, "pipeline.yaml"), ...changes);
  const args = ["run", pipeline, "--input", "input/*", "--out", "out", "--as-of", "2023-06-13"];
  if (options.register !== false) {
    const population = path.join(caseDir, "population.csv");
    const built = await runLamsach(["register", "build", population, "--out", "population.db"], {
      cwd: work,
    });
    expectCode(built, 0);
    args.push("--register", "population.db");
  }
  const policy = path.join(caseDir, "policy.yaml");
  if (existsSync(policy)) args.push("--policy", policy);
  const result = await runLamsach([...args, "--json", "--workers", "1", ...(options.args ?? [])], {
    cwd: work,
  });
  if (result.code !== 0) {
    const stderr = result.stderr.replaceAll(work, "<work>");
    const failure = `exit code ${result.code}\n${stderr}`;
    return { result, runDir: null, inputs, written: { "failure.txt": failure } };
  }
  const { dir } = z.object({ dir: z.string() }).parse(JSON.parse(result.stdout));
  const changesCsv = readCsv(path.join(dir, "changes.csv"));
  return {
    result,
    runDir: dir,
    inputs,
    written: {
      "codes.csv": formatRows(readSetRows(dir), codeColumns),
      "changes.csv": formatRows(changesCsv, changeColumns),
    },
  };
}

const codeColumns = ["record_id", "source_file", "source_line", "set", "code", "findings"];
const changeColumns = [
  "scope",
  "record_id",
  "source_file",
  "source_line",
  "column",
  "before",
  "after",
  "rule",
];

function formatRows(rows: readonly CsvRow[], columns: string[]): string {
  return stringify([...rows], { columns, header: true });
}

async function deliverInputs(
  caseDir: string,
  target: string,
  files: NonNullable<z.infer<typeof optionsSchema>["files"]>,
): Promise<CaseOutcome["inputs"]> {
  const inputDir = path.join(caseDir, "input");
  const read = (name: string): Buffer => readMarkedBytes(readFileSync(path.join(inputDir, name), "utf8"));
  mkdirSync(target, { recursive: true });
  const made = new Set(
    Object.entries(files).flatMap(([name, { from, sheets }]) => [
      name,
      ...(from === undefined ? [] : [from]),
      ...Object.values(sheets ?? {}),
    ]),
  );
  for (const name of readdirSync(inputDir)) {
    if (!made.has(name)) writeFileSync(path.join(target, name), read(name));
  }
  for (const [name, settings] of Object.entries(files)) {
    const file = path.join(target, name);
    if (settings.sheets === undefined) {
      writeFileSync(file, encodeDelivery(read(settings.from ?? name), settings));
      continue;
    }
    const sheets = Object.entries(settings.sheets).map(([sheet, from]) => ({
      sheet,
      data: read(from)
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => line.split(";").map((cell) => (cell === "" ? null : { type: String, value: cell }))),
    }));
    await writeWorkbook(sheets).toFile(file);
  }
  return readdirSync(target).map((name) => ({ name, path: path.join(target, name) }));
}

function encodeDelivery(bytes: Buffer, settings: z.infer<typeof delivery>): Buffer {
  const { encoding, mark = encoding?.startsWith("utf-16") ?? false, crlf, gzip, keepBytes } = settings;
  let result = bytes;
  if (crlf || mark || encoding !== undefined) {
    let text = bytes.toString();
    if (crlf) text = text.replaceAll("\n", "\r\n");
    if (mark) text = `\ufeff${text}`;
    result = encoding === undefined ? Buffer.from(text) : encodeText(text, encoding);
  }
  if (gzip) result = gzipSync(result);
  return keepBytes === undefined ? result : result.subarray(0, keepBytes);
}

function readOptions(caseDir: string): z.infer<typeof optionsSchema> {
  const file = path.join(caseDir, "options.json");
  return optionsSchema.parse(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});
}

/** What `expected/` holds, by file name. */
export function readExpected(caseDir: string): Record<string, string> {
  const folder = path.join(caseDir, "expected");
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]),
  );
}

/** Makes what was written the expectation. */
export function replaceExpected(caseDir: string, written: CaseOutcome["written"]): void {
  const folder = path.join(caseDir, "expected");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(written)) writeFileSync(path.join(folder, name), text);
}

const shownLines = 8;

/** Throws an error with the first lines that differ, and how the command ended; nothing when all is as expected. */
export function compareWithExpected(
  expected: Readonly<Record<string, string>>,
  { written, result }: CaseOutcome,
): void {
  const found: string[] = [];
  for (const name of new Set([...Object.keys(expected), ...Object.keys(written)])) {
    const wanted = (expected[name] ?? "").split("\n");
    const got = (written[name] ?? "").split("\n");
    if (expected[name] === undefined) found.push(`${name}: written, but not expected`);
    if (written[name] === undefined) found.push(`${name}: expected, but not written`);
    for (let line = 0; line < Math.max(wanted.length, got.length); line++) {
      if (wanted[line] === got[line]) continue;
      found.push(`${name}:${line + 1}`, `  expected ${wanted[line] ?? "(nothing)"}`);
      found.push(`  written  ${got[line] ?? "(nothing)"}`);
    }
  }
  if (found.length === 0) return;
  const more = found.length > shownLines * 3 ? [`… and ${found.length - shownLines * 3} lines more`] : [];
  const shown = [...found.slice(0, shownLines * 3), ...more].join("\n");
  throw new Error(`not as expected:\n${shown}\n\n${describeResult(result)}`);
}
