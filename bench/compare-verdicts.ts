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
  /** Codes that differ, as `ours → theirs`, with the number of records, most first. */
  kinds: [string, number][];
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
  const kinds = new Map<string, number>();
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
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (process.env.LAMSACH_BENCH_LINES && (kinds.get(kind) ?? 0) <= 3)
        console.log(kind, key.split(" ")[0]);
    }
  }
  for (const key of theirs.keys()) if (!ours.has(key)) agreement.unmatched++;
  agreement.kinds = [...kinds].sort((a, b) => b[1] - a[1]);
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
  for (const [kind, count] of kinds) console.log(`  ${kind}  ${count}`);
}
