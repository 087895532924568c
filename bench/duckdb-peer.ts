/**
 * The same rules as an expert in DuckDB would run them: SQL over vectors, two threads, no function per row in
 * JavaScript. One step per file in `duckdb/`, in the order of `steps`. Knows one shape, the long CSV with canonical
 * headers, and imports nothing of `src/`; the tables and patterns of the rules are written again in SQL.
 *
 * How it is made to be fast:
 * - The register is loaded once (`build`) with every name's standard form and keys and every `replaced_by` chain
 *   followed to its end; a run then finds people by hash join.
 * - The file is read as lines and split at its commas. DuckDB's reader of records was tried first: with rejects stored
 *   it took longer, an unclosed quote cost it the good rows behind it, and it does not tell on which line a row stands.
 * - What has few distinct values (dates, vaccines, doses, sex, damaged citizen IDs and names) is read once per value.
 * - A name that is the register's letter by letter asks nothing more; most do.
 * - The delivered cells go to the sets as the text they were delivered in, not cell by cell.
 *
 * What it does not do, beside everything round the rules (other shapes and encodings, gzip, workbooks, a pipeline, a
 * policy, findings, warnings, changes, report, ledger, resuming, bounded memory): NFKC beyond full-width digits, NFD
 * of Windows-1258 text, a file whose lines end in CR alone, a record of more than 100 lines. Its table of tones ends
 * at the Vietnamese vowels.
 *
 * node duckdb-peer.js build population.csv register.duckdb
 * node duckdb-peer.js run national.csv register.duckdb tables/ out/ 2023-06-13
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

// The compiled script lies in node_modules/.cache/lamsach-bench, the SQL in the source tree.
const sqlFolder = new URL("../../../bench/duckdb/", import.meta.url);
const macros = ["text", "date", "name", "old-fonts", "citizen-id", "csv"].map((name) => `macro-${name}`);
const steps = [
  ...["codes", "line", "joined-line", "record", "reading", "id-reading", "candidate", "name-level", "fit"],
  ...["repeated-key", "verdict", "dose-order", "outcome"],
];
const sets = { C: "cleaned", E: "errors", X: "exceptions" };
const deliveredColumns = [
  ...["full_name", "birth_date", "sex", "citizen_id", "phone", "health_insurance_no", "nationality"],
  ...[
    "priority_group",
    "workplace",
    "province_code",
    "province",
    "district_code",
    "district",
    "ward_code",
    "ward",
  ],
  ...[
    "address",
    "dose_no",
    "vaccine",
    "vaccination_date",
    "lot_no",
    "facility_code",
    "facility_name",
    "note",
  ],
];
const standardColumns = ["citizen_id", "full_name", "birth_date", "sex", "dose_no", "vaccine", "date"];

async function runSteps(connection: DuckDBConnection, names: readonly string[]): Promise<void> {
  for (const name of names) await connection.run(readFileSync(new URL(`${name}.sql`, sqlFolder), "utf8"));
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function buildRegister(connection: DuckDBConnection, csv: string, file: string): Promise<void> {
  rmSync(file, { force: true });
  await connection.run(`ATTACH ${quote(file)} AS register; SET VARIABLE input = ${quote(csv)}`);
  await runSteps(connection, [...macros, "register"]);
}

async function judge(
  connection: DuckDBConnection,
  { csv, register, tables, asOf }: { csv: string; register: string; tables: string; asOf: string },
): Promise<void> {
  await connection.run(`ATTACH ${quote(register)} AS register (READ_ONLY);
    SET VARIABLE input = ${quote(csv)};
    SET VARIABLE header = ${quote(["record_id", ...deliveredColumns].join(","))};
    SET VARIABLE tables = ${quote(tables)};
    SET VARIABLE as_of = DATE ${quote(asOf)}`);
  await runSteps(connection, [...macros, ...steps]);
}

/** Writes the three files; the cleaned one carries the standard values beside the delivered ones. */
async function writeSets(connection: DuckDBConnection, file: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  for (const [letter, set] of Object.entries(sets)) {
    const header = ["record_id", "source_file", "source_line", "set", "code", ...deliveredColumns];
    if (set === "cleaned") header.push(...standardColumns.map((name) => `standard_${name}`));
    await connection.run(`COPY (
        SELECT row AS "${header.join(",")}" FROM set_rows('${set}', '${letter}', ${quote(file)}) ORDER BY number
      ) TO ${quote(join(out, `${set}.csv`))} (FORMAT csv, HEADER, QUOTE '', ESCAPE '')`);
  }
}

const [command, csv = "", register = "", tables = "", out = "", asOf = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
if (command === "build") await buildRegister(connection, csv, register);
else {
  await judge(connection, { csv, register, tables, asOf });
  await writeSets(connection, basename(csv), out);
}
connection.closeSync();
instance.closeSync();
