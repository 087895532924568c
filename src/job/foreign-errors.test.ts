import { tmpdir } from "node:os";
import { inspect } from "node:util";
import Database from "better-sqlite3";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { z } from "zod";
import { reportFailure } from "../cli/program.js";
import { exitCodes } from "../errors.js";
import { createLogger } from "./system-effects.js";

// Nobody: 000 as the place, all nines behind it.
const person = "Qzname 000999999999";

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

function openDatabase(): Database.Database {
  const database = new Database(":memory:");
  database.exec(
    `CREATE TABLE people (name TEXT CHECK (name <> '${person}'), PRIMARY KEY (name));
     CREATE TRIGGER refuse BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, '${person} is kept'); END;
     INSERT INTO people VALUES ('one')`,
  );
  return database;
}

/** The libraries' own errors, each with a record inside; `holds` proves that it is there to get out. */
const foreignErrors: readonly (readonly [what: string, make: () => unknown])[] = [
  ["csv-parse: a quote inside a cell", () => thrownBy(() => parse(`a,b\n${person}"x,1\n`))],
  ["csv-parse: a row of another width", () => thrownBy(() => parse(`a,b\n${person}\n`))],
  [
    "zod: a value that a rule of its own refuses",
    () =>
      thrownBy(() =>
        z
          .string()
          .refine(() => false, { error: ({ input }) => `${input} is refused` })
          .parse(person),
      ),
  ],
  ["zod: a key that is not known", () => thrownBy(() => z.strictObject({}).parse({ [person]: 1 }))],
  [
    "SQLite: a check that names a value",
    () => thrownBy(() => openDatabase().prepare("INSERT INTO people VALUES (?)").run(person)),
  ],
  ["SQLite: a trigger that says a value", () => thrownBy(() => openDatabase().exec("DELETE FROM people"))],
  [
    "SQLite: a statement with a value in it",
    () =>
      thrownBy(() =>
        openDatabase().prepare(`SELECT "${person}" FROM people WHERE "${person}" = 1 AND [${person}]`),
      ),
  ],
  ["JSON that is none", () => thrownBy(() => JSON.parse(person))],
  ["YAML with a fault", () => parseDocument(`a: "${person}`, { prettyErrors: true }).errors[0]],
  ["a number that is none", () => thrownBy(() => BigInt(person))],
  [
    "a message of several lines that looks like frames",
    () => new TypeError(`bad\n    at ${person} (${person}.ts:1:1)\n    at Qzname (Qzname.js:000999999999:2)`),
  ],
  [
    "an error whose name and code are texts of a record",
    () => Object.assign(new Error("x"), { name: person, code: person }),
  ],
  [
    "an error with a cause, a record and a field",
    () => Object.assign(new Error("x", { cause: new Error(person) }), { record: [person], field: person }),
  ],
  ["several errors at once", () => new AggregateError([new Error(person)], "many")],
  ["a thrown text", () => person],
  ["a thrown record", () => ({ name: person })],
];

describe.each(foreignErrors)("an error of another's making, %s", (_what, make) => {
  const error = make();

  it("holds the record, so that it could get out", () => {
    expect(inspect(error, { depth: 5 })).toMatch(/Qzname|000999999999/);
  });

  it("is told by kind, code and place alone, on stderr and in the log", () => {
    let said = "";
    const say = (text: string): void => {
      said += text;
    };
    const log = createLogger("debug", { write: say });
    const code = reportFailure(error, { stderr: say, log, env: {}, cwd: tmpdir() });
    if (error instanceof Error) log.error(error);
    log.warn({ err: error }, "failed");
    log.child({ err: error }).info("failed");
    expect(code).toBe(exitCodes.bug);
    expect(said).not.toMatch(/qzname|000999999999/i);
  });
});
