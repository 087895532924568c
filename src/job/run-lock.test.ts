import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { acquireRunLock, lockFileName, requireFreeLock } from "./run-lock.js";

const effects = { now: () => new Date(Date.UTC(2023, 5, 13, 19, 0, 0)) };
let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-lock-"));
  file = path.join(dir, lockFileName);
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function failureOf(action: () => void): LamsachError {
  try {
    action();
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have failed");
}

/** Another process that takes the lock and holds it until it is killed. */
async function startHolder(): Promise<{ pid: number; kill: () => Promise<void> }> {
  const module = JSON.stringify(new URL("./run-lock.ts", import.meta.url).href);
  const script = `
    const { acquireRunLock } = await import(${module});
    const lock = acquireRunLock(${JSON.stringify(file)}, { now: () => new Date(Date.UTC(2023, 5, 13, 18, 30, 0)) });
    process.stdout.write("held");
    // A lock that nothing can reach is collected, and its database closed: it is held for as long as it can be closed.
    setInterval(() => lock, 1000);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  expect(said.toString()).toBe("held");
  return {
    pid: child.pid as number,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

describe("acquireRunLock(file)", () => {
  it("refuses while another process holds it, naming it, and is free at once when that one is killed", async () => {
    const holder = await startHolder();
    const failure = failureOf(() => acquireRunLock(file, effects));
    await holder.kill();
    expect(failure.exitCode).toBe(exitCodes.locked);
    expect(failure.message).toContain(`process ${holder.pid}, started 2023-06-13T18:30:00.000Z`);
    // What the killed one left beside the lock must not stop anybody.
    expect(existsSync(`${file}.holder`)).toBe(true);
    acquireRunLock(file, effects).close();
  });

  it("tells who only asks, and takes nothing from whoever comes next", () => {
    expect(() => requireFreeLock(file)).not.toThrow();
    expect(existsSync(file)).toBe(false);
    const lock = acquireRunLock(file, effects);
    expect(failureOf(() => requireFreeLock(file)).exitCode).toBe(exitCodes.locked);
    lock.close();
    requireFreeLock(file);
    acquireRunLock(file, effects).close();
  });

  it("is had by one of two that ask at once: one that looks is not in the way", () => {
    acquireRunLock(file, effects).close();
    const other = new Database(file, { timeout: 0 });
    other.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    const lock = acquireRunLock(file, effects);
    expect(() => other.exec("ROLLBACK; BEGIN IMMEDIATE")).toThrow("locked");
    lock.close();
    other.close();
  });

  it("still holds after this process was refused a second one", () => {
    const lock = acquireRunLock(file, effects);
    expect(failureOf(() => acquireRunLock(file, effects)).exitCode).toBe(exitCodes.locked);
    expect(failureOf(() => acquireRunLock(file, effects)).exitCode).toBe(exitCodes.locked);
    lock.close();
    acquireRunLock(file, effects).close();
  });

  it("names nobody when the text beside the lock is not of a living process", () => {
    const lock = acquireRunLock(file, effects);
    writeFileSync(`${file}.holder`, "4194304999 2023-01-01T00:00:00.000Z\n");
    expect(failureOf(() => acquireRunLock(file, effects)).message).toContain("(just started)");
    lock.close();
  });

  it("says who holds it, for the owner alone, and tidies up; closing twice is fine", () => {
    const lock = acquireRunLock(file, effects);
    expect(readFileSync(`${file}.holder`, "utf8")).toBe(`${process.pid} 2023-06-13T19:00:00.000Z\n`);
    expect([statSync(file).mode & 0o777, statSync(`${file}.holder`).mode & 0o777]).toEqual([0o600, 0o600]);
    lock.close();
    lock.close();
    expect(existsSync(`${file}.holder`)).toBe(false);
  });

  it("refuses a symbolic link and a file that is no lock", () => {
    symlinkSync(path.join(dir, "elsewhere"), file);
    expect(failureOf(() => acquireRunLock(file, effects)).exitCode).toBe(exitCodes.environment);
    expect(existsSync(path.join(dir, "elsewhere"))).toBe(false);
    const text = path.join(dir, "text");
    writeFileSync(text, "somebody's notes, far longer than any header of a database\n".repeat(40));
    expect(failureOf(() => acquireRunLock(text, effects)).exitCode).toBe(exitCodes.environment);
    expect(failureOf(() => acquireRunLock(path.join(dir, "no", "lock"), effects)).message).toContain(
      "ENOENT",
    );
  });
});
