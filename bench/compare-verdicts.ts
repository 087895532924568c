/**
 * Compares the verdicts of two runs over the same input, record by record, and prints how far they agree and which
 * kinds differ; never a record's content.
 *
 * tsx bench/compare-verdicts.ts <lamsach run folder> <plain script's folder>
 */
import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "csv-parse";

/** How far two outputs agree; a record is known by its source line. */
export interface Agreement {
  records: number;
  sameSet: number;
  sameCode: number;
  /** Records that only one of the two has. */
  unmatched: number;
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

type Verdicts = Map<string, string>;

/** Reads code and set of every record in the CSV files below a folder's sets. */
async function readVerdicts(folder: string): Promise<Verdicts> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^(cleaned|errors|exceptions)(\.csv|\/.*\.csv)$/.test(name),
  );
  const verdicts: Verdicts = new Map();
  for (const name of files) {
    for await (const row of createReadStream(join(folder, name)).pipe(parse({ columns: true, bom: true }))) {
      verdicts.set(`${row.source_file}:${row.source_line} ${row.record_id}`, `${row.set} ${row.code}`);
    }
  }
  return verdicts;
}

/** Compares two output folders. */
export async function compareVerdicts(ourFolder: string, theirFolder: string): Promise<Agreement> {
  const ours = await readVerdicts(ourFolder);
  const theirs = await readVerdicts(theirFolder);
  const kinds = new Map<string, Omit<DifferingKind, "kind">>();
  const agreement: Agreement = { records: ours.size, sameSet: 0, sameCode: 0, unmatched: 0, kinds: [] };
  for (const [key, our] of ours) {
    const their = theirs.get(key);
    if (their === undefined) agreement.unmatched++;
    else {
      if (our.split(" ")[0] === their.split(" ")[0]) agreement.sameSet++;
      if (our === their) agreement.sameCode++;
    }
    if (our !== their) {
      const kind = `${our.split(" ")[1]} → ${their?.split(" ")[1] ?? "no such record"}`;
      const found = kinds.get(kind) ?? { records: 0, examples: [] };
      kinds.set(kind, found);
      found.records++;
      if (found.examples.length < 3) found.examples.push(key.slice(0, key.indexOf(" ")));
    }
  }
  for (const key of theirs.keys()) if (!ours.has(key)) agreement.unmatched++;
  agreement.kinds = [...kinds]
    .map(([kind, found]) => ({ kind, ...found }))
    .sort((a, b) => b.records - a.records);
  return agreement;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , ourFolder = "", theirFolder = ""] = process.argv;
  const { records, sameSet, sameCode, unmatched, kinds } = await compareVerdicts(ourFolder, theirFolder);
  const share = (count: number): string =>
    `${count} of ${records} (${((100 * count) / records).toFixed(3)} %)`;
  console.log(
    `same set ${share(sameSet)}\nsame set and code ${share(sameCode)}\nin one output only ${unmatched}`,
  );
  for (const { kind, records: count, examples } of kinds)
    console.log(`  ${kind}  ${count}, as in ${examples.join(" ")}`);
}
