/**
 * The script that the same packages give in an afternoon: csv-parse → zod → better-sqlite3 → csv-stringify, one
 * thread, rules as plain functions on strings. It knows one shape, the long CSV with canonical headers, and holds the
 * whole file in memory. Imports nothing of `src/`; some tables and patterns are taken over from it.
 *
 * node plain-script.js build population.csv population.db
 * node plain-script.js run national.csv population.db tables/ out/ 2023-06-13
 */
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdirSync, openSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { finished } from "node:stream/promises";
import { type CsvError, parse } from "csv-parse";
import { stringify } from "csv-stringify";
import { checkDoses, type Entry, findRepeatedKeys, judge } from "./plain/across.js";
import { readDose, readPlaces, readVaccines } from "./plain/dose.js";
import { identify } from "./plain/person.js";
import { buildRegister, openRegister } from "./plain/register.js";
import { columns, type Row, rereadRows, rowSchema } from "./plain/row.js";

/** Reads every record, in order; `take` gets a row or the code of what makes it unreadable. */
async function readRows(
  file: string,
  take: (row: Row | null, line: number, code: string | null) => void,
): Promise<void> {
  const source = openSync(file, "r");
  const size = statSync(file).size;
  const head = Buffer.alloc(65_536);
  readSync(source, head, 0, head.length, 0);
  let lastByte = head.indexOf(10) + 1;
  let lastLine = 1;
  const reread = (end: number, line: number): void => {
    const bytes = Buffer.alloc(end - lastByte);
    readSync(source, bytes, 0, bytes.length, lastByte);
    for (const record of rereadRows(bytes, line)) take(record.row, record.line, record.code);
  };
  const parser = parse({
    columns: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    on_record(row: unknown, context) {
      const parsed = context.error === undefined ? rowSchema.safeParse(row) : undefined;
      if (parsed?.success) take(parsed.data, lastLine + 1, null);
      else reread(context.bytes, lastLine + 1);
      lastByte = context.bytes;
      lastLine = context.lines;
      return null;
    },
  });
  parser.resume();
  try {
    await finished(createReadStream(file, { highWaterMark: 1 << 20 }).pipe(parser));
  } catch (error) {
    // A quote that opens and never closes takes the rest of the file with it.
    if ((error as CsvError).code !== "CSV_QUOTE_NOT_CLOSED") throw error;
    reread(size, lastLine + 1);
  }
}

async function readEntries(
  file: string,
  registerFile: string,
  tables: string,
  asOf: string,
): Promise<Entry[]> {
  const register = openRegister(registerFile);
  const vaccines = readVaccines(tables);
  const places = readPlaces(tables);
  const entries: Entry[] = [];
  await readRows(file, (row, line, code) => {
    if (row === null) {
      entries.push({ ...unread, line, codes: [code ?? "E10"] });
      return;
    }
    const who = identify(row, register, places, asOf);
    const dose = readDose(row, who.birthDate, vaccines, asOf);
    entries.push({
      row,
      line,
      codes: dose.codes.length === 0 ? who.codes : [...who.codes, ...dose.codes],
      cleaned: who.cleaned,
      person: who.person?.id ?? null,
      citizenId: who.person?.citizen_id ?? "",
      name: who.name,
      birthDate: who.birthDate,
      sex: who.sex,
      day: dose.day,
      dose: dose.dose,
      vaccine: dose.vaccine,
    });
  });
  return entries;
}

const unread = {
  ...{ row: null, cleaned: "", person: null, citizenId: "", name: "", birthDate: null, sex: null },
  ...{ day: null, dose: 0, vaccine: "" },
};

const sets = { C: "cleaned", E: "errors", X: "exceptions" } as const;
const standardColumns = ["citizen_id", "full_name", "birth_date", "sex", "dose_no", "vaccine", "date"];

/** Writes the three files; the cleaned one carries the standard values beside the delivered ones. */
async function writeSets(entries: readonly Entry[], file: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const open = (set: string) => {
    const header = ["record_id", "source_file", "source_line", "set", "code", ...columns.slice(1)];
    if (set === "cleaned") header.push(...standardColumns.map((name) => `standard_${name}`));
    const writer = stringify({ header: true, columns: header });
    const target = writer.pipe(createWriteStream(join(out, `${set}.csv`)));
    return { writer, target };
  };
  const writers = { cleaned: open("cleaned"), errors: open("errors"), exceptions: open("exceptions") };
  const name = basename(file);
  const [, ...others] = columns;
  for (const entry of entries) {
    const { row, line } = entry;
    const code = judge(entry);
    const set = sets[code.charAt(0) as keyof typeof sets];
    const cells: unknown[] = [row?.record_id || `${name}:${line}`, name, line, set, code];
    for (const column of others) cells.push(row?.[column] ?? "");
    if (set === "cleaned")
      cells.push(
        ...[entry.citizenId, entry.name, entry.birthDate, entry.sex],
        ...[entry.dose, entry.vaccine, entry.day],
      );
    const { writer } = writers[set];
    if (!writer.write(cells)) await once(writer, "drain");
  }
  for (const { writer } of Object.values(writers)) writer.end();
  await Promise.all(Object.values(writers).map(({ target }) => finished(target)));
}

const [command, input = "", registerFile = "", tables = "", out = "", asOf = ""] = process.argv.slice(2);
if (command === "build") await buildRegister(input, registerFile);
else {
  const entries = await readEntries(input, registerFile, tables, asOf);
  findRepeatedKeys(entries);
  checkDoses(entries);
  await writeSets(entries, input, out);
  console.log(`${entries.length} records`);
}
