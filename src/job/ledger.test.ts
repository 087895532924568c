import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { ledgerFileName, openLedger, type RunStart } from "./ledger.js";

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

describe("openLedger(file)", () => {
  it("keeps a run from its start to its end, across openings", () => {
    const first = openLedger(file);
    first.startRun(start);
    expect(first.findRun(start.id)).toEqual({
      ...start,
      starts: 1,
      state: "running",
      counts: {},
      exitCode: null,
      finishedAt: null,
    });
    first.close();
    const second = openLedger(file);
    const finish = {
      state: "published",
      counts: { records: 10, cleaned: 7 },
      exitCode: 0,
      finishedAt: "2023-06-13T19:05:00.000Z",
    } as const;
    second.finishRun(start.id, finish);
    expect(second.findRun(start.id)).toEqual({ ...start, starts: 1, ...finish });
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
        starts: 2,
        state: "running",
        counts: {},
        exitCode: null,
        finishedAt: null,
      },
    ]);
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

  it("is found damaged when a page of it is zeroed", () => {
    const whole = openLedger(file);
    for (let run = 0; run < 200; run += 1) whole.startRun({ ...start, id: `run-${run}` });
    whole.checkIntegrity();
    whole.close();
    const bytes = readFileSync(file);
    bytes.fill(0, 2 * 4096, 3 * 4096);
    writeFileSync(file, bytes);
    const damaged = openLedger(file);
    expect(failureOf(() => damaged.checkIntegrity()).exitCode).toBe(exitCodes.environment);
    damaged.close();
  });

  it("is refused when it is a symbolic link", () => {
    symlinkSync(path.join(dir, "elsewhere.db"), file);
    expect(failureOf(() => openLedger(file)).message).toContain("not a regular file");
  });
});
