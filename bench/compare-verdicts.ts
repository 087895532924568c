/**
 * Compares the verdicts of two runs over the same long export, record by record, and prints how far they agree and which
 * kinds differ; never a record's content.
 *
 * tsx bench/compare-verdicts.ts <lamsach run folder> <peer's folder>
 */
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { parse } from "csv-parse";

/** How far two outputs agree; a record is known by its source line and its record_id. */
export interface Agreement {
  records: number;
  sameSet: number;
  sameCode: number;
  /** Records that only one of the two has. */
  unmatched: number;
  /** Records that one of the two has written more than once. */
  repeated: number;
  /** Codes that differ, most records first. */
  kinds: DifferingKind[];
}

interface DifferingKind {
  /** `ours → theirs`. */
  kind: string;
  records: number;
  /** `source_file:source_line` of a few of them. */
  examples: string[];
}

/** By source line, for some ten million of them: position of the verdict in `table` plus 1, and the record_id's CRC-32. */
interface Lines {
  verdicts: Uint8Array;
  recordIds: Uint32Array;
}

interface Verdicts {
  readonly files: Map<string, Lines>;
  /** `set code`, each once. */
  readonly table: string[];
  repeated: number;
}

/** Reads code and set of every record in the CSV files below a folder's sets. */
async function readVerdicts(folder: string): Promise<Verdicts> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(cleaned|errors|exceptions)(\.csv|\/.*\.csv)$/.test(name),
  );
  const verdicts: Verdicts = { files: new Map(), table: [], repeated: 0 };
  for (const name of names) {
    let read: ((cells: readonly string[]) => Cells) | null = null;
    for await (const cells of createReadStream(join(folder, name)).pipe(parse({ bom: true }))) {
      if (read === null) read = createCellReader(cells);
      else keepVerdict(verdicts, read(cells));
    }
  }
  return verdicts;
}

interface Cells {
  readonly file: string;
  readonly line: number;
  readonly recordId: string;
  readonly verdict: string;
}

/** Reads the cells that tell a record and its verdict, by the header. */
function createCellReader(header: readonly string[]): (cells: readonly string[]) => Cells {
  const at = (name: string): number => header.indexOf(name);
  const [file, line, recordId, set, code] = [
    ...[at("source_file"), at("source_line"), at("record_id"), at("set"), at("code")],
  ] as [number, number, number, number, number];
  return (cells) => ({
    file: cells[file] as string,
    line: Number(cells[line]),
    recordId: cells[recordId] as string,
    verdict: `${cells[set]} ${cells[code]}`,
  });
}

function keepVerdict(verdicts: Verdicts, { file, line, recordId, verdict }: Cells): void {
  let lines = verdicts.files.get(file);
  if (lines === undefined) {
    lines = { verdicts: new Uint8Array(1 << 16), recordIds: new Uint32Array(1 << 16) };
    verdicts.files.set(file, lines);
  }
  while (line >= lines.verdicts.length) growLines(lines);
  if (!verdicts.table.includes(verdict)) verdicts.table.push(verdict);
  if (lines.verdicts[line] !== 0) verdicts.repeated++;
  lines.verdicts[line] = verdicts.table.indexOf(verdict) + 1;
  lines.recordIds[line] = crc32(recordId);
}

function growLines(lines: Lines): void {
  const old = { ...lines };
  lines.verdicts = new Uint8Array(old.verdicts.length * 2);
  lines.recordIds = new Uint32Array(old.recordIds.length * 2);
  lines.verdicts.set(old.verdicts);
  lines.recordIds.set(old.recordIds);
}

/** The verdict of a line; null when nothing was written of it. */
function findVerdict({ files, table }: Verdicts, file: string, line: number): string | null {
  return table[(files.get(file)?.verdicts[line] ?? 0) - 1] ?? null;
}

/** Compares two output folders. */
export async function compareVerdicts(ourFolder: string, theirFolder: string): Promise<Agreement> {
  const ours = await readVerdicts(ourFolder);
  const theirs = await readVerdicts(theirFolder);
  const repeated = ours.repeated + theirs.repeated;
  const agreement: Agreement = { records: 0, sameSet: 0, sameCode: 0, unmatched: 0, repeated, kinds: [] };
  const kinds = new Map<string, DifferingKind>();
  for (const file of new Set([...ours.files.keys(), ...theirs.files.keys()])) {
    const [ourLines, theirLines] = [ours.files.get(file), theirs.files.get(file)];
    const end = Math.max(ourLines?.verdicts.length ?? 0, theirLines?.verdicts.length ?? 0);
    for (let line = 0; line < end; line++) {
      const our = findVerdict(ours, file, line);
      const their = findVerdict(theirs, file, line);
      if (our === null && their === null) continue;
      if (our !== null) agreement.records++;
      const isSameRecord = ourLines?.recordIds[line] === theirLines?.recordIds[line];
      if (our === null || their === null) agreement.unmatched++;
      else if (!isSameRecord) agreement.unmatched += 2;
      else if (our === their) {
        agreement.sameSet++;
        agreement.sameCode++;
        continue;
      } else if (our.split(" ")[0] === their.split(" ")[0]) agreement.sameSet++;
      countKind(kinds, describeKind(our, our === null || isSameRecord ? their : null), `${file}:${line}`);
    }
  }
  agreement.kinds = [...kinds.values()].sort((a, b) => b.records - a.records);
  return agreement;
}

function describeKind(our: string | null, their: string | null): string {
  const [ourCode, theirCode] = [our, their].map((verdict) => verdict?.split(" ")[1] ?? "no such record");
  return `${ourCode} → ${theirCode}`;
}

function countKind(kinds: Map<string, DifferingKind>, kind: string, example: string): void {
  const found = kinds.get(kind) ?? { kind, records: 0, examples: [] };
  kinds.set(kind, found);
  found.records++;
  if (found.examples.length < 3) found.examples.push(example);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , ourFolder = "", theirFolder = ""] = process.argv;
  const agreement = await compareVerdicts(ourFolder, theirFolder);
  const { records, sameSet, sameCode, unmatched, repeated, kinds } = agreement;
  const share = (count: number): string =>
    `${count} of ${records} (${((100 * count) / records).toFixed(3)} %)`;
  console.log(
    `same set ${share(sameSet)}\nsame set and code ${share(sameCode)}\nin one output only ${unmatched}\nwritten twice ${repeated}`,
  );
  for (const { kind, records: count, examples } of kinds)
    console.log(`  ${kind}  ${count}, as in ${examples.join(" ")}`);
}
