import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { openLedger, type RunStart } from "./ledger.js";
import { LedgerDamage, ledgerFileName } from "./ledger-file.js";

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-ledger-"));
  file = path.join(dir, ledgerFileName);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const start: RunStart = {
  id: "2023-06-13-aaaa",
  pipeline: "covid19-vaccination",
  asOf: "2023-06-13",
  identity: { pipeline: "f00d", inputs: ["a.csv"] },
  series: "pipeline",
  startedAt: "2023-06-13T19:00:00.000Z",
};

function failureOf(action: () => unknown): LamsachError {
  try {
    action();
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have failed");
}

/** Flips one bit wherever the file has one of the texts: in its row, in an index, in what a free page has kept. */
function expectEachFlipSeen(texts: readonly string[]): void {
  const bytes = readFileSync(file);
  for (const text of texts) {
    const places: number[] = [];
    for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) places.push(at);
    expect(places.length, text).toBeGreaterThan(0);
    for (const place of places) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(place + 1) ^ 1, place + 1);
      writeFileSync(file, flipped);
      const failure = failureOf(() => openLedger(file).close());
      expect(failure, `${text} at ${place}`).toBeInstanceOf(LedgerDamage);
      expect(failure.exitCode).toBe(exitCodes.environment);
      expect(failure.message).toContain("lamsach doctor --rebuild-ledger");
    }
  }
  writeFileSync(file, bytes);
}

describe("openLedger(file)", () => {
  it("finds the run of a pipeline that was published last, other than the one that asks", () => {
    const ledger = openLedger(file);
    const end = (id: string, state: "published" | "withheld", finishedAt: string): void => {
      ledger.startRun({ ...start, id });
      ledger.finishRun(id, { state, counts: {}, measures: { records: 7 }, exitCode: 0, finishedAt });
    };
    expect(ledger.findLastPublished(start.pipeline, "pipeline", "d")).toBeNull();
    end("c", "published", "2023-06-11T19:05:00.000Z");
    end("a", "published", "2023-06-12T19:05:00.000Z");
    end("b", "withheld", "2023-06-13T19:05:00.000Z");
    ledger.startRun({ ...start, id: "d" });
    expect(ledger.findLastPublished(start.pipeline, "pipeline", "d")).toMatchObject({
      id: "a",
      measures: { records: 7 },
    });
    expect(ledger.findLastPublished(start.pipeline, "pipeline", "a")?.id).toBe("c");
    expect(ledger.findLastPublished("another", "pipeline", "d")).toBeNull();
    ledger.close();
  });

  it("holds a run against its own series, and against runs of which no series is known", () => {
    const ledger = openLedger(file);
    const end = (id: string, series: string | null, finishedAt: string): void => {
      ledger.startRun({ ...start, id, series });
      ledger.finishRun(id, { state: "published", counts: {}, exitCode: 0, finishedAt });
    };
    end("a", null, "2023-06-11T19:05:00.000Z");
    end("b", "pipeline", "2023-06-12T19:05:00.000Z");
    end("c", "input-0123456789ab", "2023-06-13T19:05:00.000Z");
    const last = (series: string): string | undefined =>
      ledger.findLastPublished(start.pipeline, series, "d")?.id;
    expect([last("pipeline"), last("input-0123456789ab"), last("input-none")]).toEqual(["b", "c", "a"]);
    ledger.close();
  });

  it("lists what was published before a run's first start, however often it was started since", () => {
    const ledger = openLedger(file);
    const publish = (id: string, changes: Partial<RunStart>, finishedAt: string): void => {
      ledger.startRun({ ...start, id, startedAt: "2023-06-01T19:00:00.000Z", ...changes });
      ledger.finishRun(id, { state: "published", counts: {}, exitCode: 0, finishedAt });
    };
    publish("b", {}, "2023-06-02T19:00:00.000Z");
    publish("a", {}, "2023-06-03T19:00:00.000Z");
    publish("other-series", { series: "input-0123456789ab" }, "2023-06-04T19:00:00.000Z");
    publish("other-pipeline", { pipeline: "another" }, "2023-06-04T19:00:00.000Z");
    publish("unknown-series", { series: null }, "2023-06-05T19:00:00.000Z");
    ledger.startRun({ ...start, id: "withheld" });
    ledger.finishRun("withheld", {
      ...{ state: "withheld", counts: {}, exitCode: 1 },
      finishedAt: "2023-06-06T19:00:00.000Z",
    });
    ledger.startRun({ ...start, id: "it", startedAt: "2023-06-10T19:00:00.000Z" });
    publish("later", {}, "2023-06-10T20:00:00.000Z");
    ledger.startRun({ ...start, id: "it", startedAt: "2023-06-10T21:00:00.000Z" });
    const list = (limit: number): string[] => ledger.listPublishedBefore("it", limit).map(({ id }) => id);
    expect(list(60)).toEqual(["b", "a", "unknown-series"]);
    expect(list(2)).toEqual(["a", "unknown-series"]);
    expect(ledger.findRun("it")).toMatchObject({ firstStartedAt: "2023-06-10T19:00:00.000Z", starts: 2 });
    ledger.close();
  });

  it("opens a ledger of the first version, and knows no measures of its runs", () => {
    const old = new Database(file);
    old.exec(`CREATE TABLE runs (
      id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, as_of TEXT NOT NULL, identity TEXT NOT NULL CHECK (json_valid(identity)),
      started_at TEXT NOT NULL, starts INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL CHECK (state IN ('running', 'published', 'withheld', 'failed', 'stopped')),
      counts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(counts)), exit_code INTEGER, finished_at TEXT) STRICT;
      INSERT INTO runs VALUES ('old', 'covid19-vaccination', '2023-06-12', '{}', '2023-06-12T19:00:00.000Z', 1,
        'published', '{"records":5}', 0, '2023-06-12T19:05:00.000Z');
      PRAGMA application_id = ${0x6c6d7363}; PRAGMA user_version = 1`);
    old.close();
    const ledger = openLedger(file);
    expect(ledger.findLastPublished(start.pipeline, "pipeline", start.id)).toMatchObject({
      ...{ id: "old", measures: {}, series: null, firstStartedAt: "2023-06-12T19:00:00.000Z" },
    });
    ledger.close();
    expectEachFlipSeen(["covid19-vaccination", '{"records":5}']);
  });

  it("keeps a run from its start to its end, across openings", () => {
    const first = openLedger(file);
    first.startRun(start);
    expect(first.findRun(start.id)).toEqual({
      ...start,
      firstStartedAt: start.startedAt,
      starts: 1,
      state: "running",
      counts: {},
      measures: {},
      exitCode: null,
      finishedAt: null,
    });
    first.close();
    const second = openLedger(file);
    const finish = {
      state: "published",
      counts: { records: 10, cleaned: 7 },
      measures: { records: 10, registerPeople: null, foundShare: 0.5 },
      exitCode: 0,
      finishedAt: "2023-06-13T19:05:00.000Z",
    } as const;
    second.finishRun(start.id, finish);
    expect(second.findRun(start.id)).toEqual({
      ...start,
      firstStartedAt: start.startedAt,
      starts: 1,
      ...finish,
    });
    second.close();
  });

  it("counts a resumed run as started again and forgets its end", () => {
    const ledger = openLedger(file);
    ledger.startRun(start);
    ledger.finishRun(start.id, { state: "stopped", counts: { records: 3 }, exitCode: 143, finishedAt: "x" });
    ledger.startRun({ ...start, startedAt: "2023-06-14T01:00:00.000Z" });
    expect(ledger.listRuns()).toEqual([
      {
        ...start,
        startedAt: "2023-06-14T01:00:00.000Z",
        firstStartedAt: start.startedAt,
        starts: 2,
        state: "running",
        counts: {},
        measures: {},
        exitCode: null,
        finishedAt: null,
      },
    ]);
    ledger.close();
  });

  it("keeps a run that nobody saw end", () => {
    const ledger = openLedger(file);
    ledger.startRun(start);
    ledger.finishRun(start.id, { state: "stopped", counts: {}, exitCode: null, finishedAt: "x" });
    expect(ledger.findRun(start.id)).toMatchObject({ state: "stopped", exitCode: null, finishedAt: "x" });
    ledger.close();
  });

  it("lists the newest start first and finds nothing that was never started", () => {
    const ledger = openLedger(file);
    ledger.startRun({ ...start, id: "old", startedAt: "2023-06-12T19:00:00.000Z" });
    ledger.startRun({ ...start, id: "new" });
    expect(ledger.listRuns().map(({ id }) => id)).toEqual(["new", "old"]);
    expect(ledger.findRun("none")).toBeNull();
    const finish = { state: "failed", counts: {}, exitCode: 4, finishedAt: "x" } as const;
    expect(failureOf(() => ledger.finishRun("none", finish)).message).toContain("never started");
    ledger.close();
  });

  it("is for its owner alone, -wal and -shm too, whatever the umask", () => {
    const umask = process.umask(0);
    try {
      const ledger = openLedger(file);
      ledger.startRun(start);
      const modes = ["", "-wal", "-shm"].map((suffix) => statSync(file + suffix).mode & 0o777);
      expect(modes).toEqual([0o600, 0o600, 0o600]);
      ledger.close();
    } finally {
      process.umask(umask);
    }
  });

  it("lets a reader in while it is open", () => {
    const writer = openLedger(file);
    writer.startRun(start);
    const reader = openLedger(file);
    expect(reader.listRuns()).toHaveLength(1);
    reader.close();
    writer.close();
  });
});

describe("a ledger that cannot be used", () => {
  it("is refused and kept when it is no database", () => {
    writeFileSync(file, "not a ledger\n".repeat(100));
    expect(failureOf(() => openLedger(file)).message).toContain("SQLITE_NOTADB");
    expect(readFileSync(file, "utf8")).toBe("not a ledger\n".repeat(100));
  });

  it("is refused when another program made it", () => {
    new Database(file).exec("CREATE TABLE notes (text)").close();
    const failure = failureOf(() => openLedger(file));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("another program");
  });

  it("is refused when a newer lamsach wrote it", () => {
    openLedger(file).close();
    const database = new Database(file);
    database.pragma("user_version = 99");
    database.close();
    expect(failureOf(() => openLedger(file)).message).toContain("newer lamsach");
  });

  it("says that a row is damaged without the row", () => {
    const ledger = openLedger(file);
    ledger.startRun(start);
    const other = new Database(file);
    other.exec(`UPDATE runs SET counts = '{"cleaned":"079203001234"}'`);
    other.close();
    const failure = failureOf(() => ledger.listRuns());
    ledger.close();
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("damaged");
    expect(failure.message).not.toContain("079203001234");
  });

  it("is refused when a bit of any text of a row has flipped", () => {
    const whole = openLedger(file);
    whole.startRun(start);
    const measures = { records: 10, foundShare: 0.5 };
    const finishedAt = "2023-06-13T19:05:00.000Z";
    whole.finishRun(start.id, {
      state: "published",
      counts: { cleaned: 7 },
      measures,
      exitCode: 0,
      finishedAt,
    });
    const { identity } = start;
    whole.close();
    const texts = [start.id, start.pipeline, start.startedAt, finishedAt, "published"];
    expectEachFlipSeen([
      ...texts,
      ...[identity, { cleaned: 7 }, measures].map((value) => JSON.stringify(value)),
    ]);
  });

  it.each([
    "pipeline = 'covid19-vaccinatiom'",
    "as_of = '2023-06-12'",
    "identity = '{}'",
    "series = NULL",
    "started_at = ''",
    "first_started_at = ''",
    "starts = 2",
    "state = 'withheld'",
    `counts = '{"cleaned":8}'`,
    `measures = '{}'`,
    "exit_code = NULL",
    "exit_code = 1",
    "finished_at = NULL",
    "sha256 = ''",
    "id = 'another'",
    "pipeline = series, series = pipeline",
  ])("is refused when somebody else sets %s, and a later write does not hide it", (change) => {
    const finish = { state: "published", counts: { cleaned: 7 }, exitCode: 0, finishedAt: "x" } as const;
    const ledger = openLedger(file);
    ledger.startRun(start);
    ledger.finishRun(start.id, { ...finish, measures: { records: 10 } });
    const other = new Database(file);
    other.exec(`UPDATE runs SET ${change}`);
    other.close();
    const id = change.startsWith("id =") ? "another" : start.id;
    const acts = [
      () => ledger.startRun({ ...start, id }),
      () => ledger.finishRun(id, finish),
      () => ledger.findRun(id),
      () => ledger.listRuns(),
      () => openLedger(file),
    ];
    for (const act of acts) expect(failureOf(act)).toBeInstanceOf(LedgerDamage);
    ledger.close();
  });

  it("is refused when an id could name another folder", () => {
    const ledger = openLedger(file);
    ledger.startRun({ ...start, id: "../elsewhere" });
    expect(failureOf(() => ledger.listRuns()).message).toContain("damaged");
    ledger.close();
  });

  it("is found damaged at the start when any page that is used was zeroed, or the file was cut", () => {
    const whole = openLedger(file);
    for (let run = 0; run < 100; run += 1) whole.startRun({ ...start, id: `run-${run}` });
    whole.close();
    const bytes = readFileSync(file);
    const pages = bytes.length / 4096;
    expect(pages).toBeGreaterThan(4);
    for (let page = 0; page < pages; page += 1) {
      const zeroed = Buffer.from(bytes).fill(0, page * 4096, (page + 1) * 4096);
      for (const damaged of [zeroed, bytes.subarray(0, page * 4096), bytes.subarray(0, page * 4096 + 100)]) {
        if (damaged.length === 0) continue; // no history, which shows only beside the runs
        writeFileSync(file, damaged);
        const failure = failureOf(() => openLedger(file));
        expect(failure, `page ${page}, ${damaged.length} bytes`).toBeInstanceOf(LedgerDamage);
        expect(failure.exitCode).toBe(exitCodes.environment);
        expect(readFileSync(file).equals(damaged)).toBe(true);
      }
    }
  });

  it("is not called damaged while another program holds it, and opens once that is done", () => {
    openLedger(file).close();
    const holder = new Database(file);
    holder.exec("BEGIN EXCLUSIVE");
    const failure = failureOf(() => openLedger(file));
    expect(failure).not.toBeInstanceOf(LedgerDamage);
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toBe(
      `${file}: another program holds it (SQLITE_BUSY); expected nobody else to use it. ` +
        "Wait until that is done, then give the same command again. What was published before is untouched.",
    );
    holder.close();
    openLedger(file).close();
  });

  it("is refused when it is a symbolic link", () => {
    symlinkSync(path.join(dir, "elsewhere.db"), file);
    expect(failureOf(() => openLedger(file)).message).toContain("symbolic link");
  });
});
