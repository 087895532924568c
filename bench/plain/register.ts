import { createReadStream } from "node:fs";
import Database from "better-sqlite3";
import { parse } from "csv-parse";

/** A person as the table holds it. */
export interface Person {
  id: number;
  citizen_id: string;
  full_name: string;
  birth_date: string;
  sex: "M" | "F";
  status: "active" | "deceased" | "cancelled" | "replaced";
  replaced_by: string | null;
}

/** Loads the register's CSV into a table with an index on citizen_id and one on the old number. */
export async function buildRegister(csv: string, file: string): Promise<void> {
  const db = new Database(file);
  db.pragma("journal_mode = OFF");
  db.exec(`CREATE TABLE person (id INTEGER PRIMARY KEY, citizen_id TEXT NOT NULL UNIQUE, full_name TEXT NOT NULL,
    birth_date TEXT NOT NULL, sex TEXT NOT NULL, legacy_id TEXT, status TEXT NOT NULL, replaced_by TEXT)`);
  const insert =
    db.prepare(`INSERT INTO person (citizen_id, full_name, birth_date, sex, legacy_id, status, replaced_by)
    VALUES (@citizen_id, @full_name, @birth_date, @sex, nullif(@legacy_id, ''), @status, nullif(@replaced_by, ''))`);
  db.exec("BEGIN");
  for await (const row of createReadStream(csv).pipe(parse({ columns: true, bom: true }))) insert.run(row);
  db.exec("COMMIT; CREATE INDEX person_legacy ON person (legacy_id) WHERE legacy_id IS NOT NULL; ANALYZE");
  db.close();
}

/** Look-ups in the register, all inside one read transaction. */
export interface Register {
  find(citizenId: string): Person | undefined;
  findByOldNumber(number: string): Person[];
  /** The live person at the end of the `replaced_by` chain. */
  findLive(person: Person): Person | undefined;
}

export function openRegister(file: string): Register {
  const db = new Database(file, { readonly: true });
  db.pragma("mmap_size = 4294967296");
  db.exec("BEGIN");
  const columns = "id, citizen_id, full_name, birth_date, sex, status, replaced_by";
  const byNumber = db.prepare<[string], Person>(`SELECT ${columns} FROM person WHERE citizen_id = ?`);
  const byOld = db.prepare<[string], Person>(`SELECT ${columns} FROM person WHERE legacy_id = ?`);
  const find = (citizenId: string): Person | undefined => byNumber.get(citizenId);
  return {
    find,
    findByOldNumber: (number) => byOld.all(number),
    findLive(person) {
      let live: Person | undefined = person;
      for (let hops = 0; live?.status === "replaced" && hops < 20; hops++)
        live = live.replaced_by === null ? undefined : find(live.replaced_by);
      return live?.status === "active" || live?.status === "deceased" ? live : undefined;
    },
  };
}
