import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../errors.js";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-main-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command line; `stdout: "closed"` is a reader that is gone before a word is written. */
async function start(
  argv: readonly string[],
  {
    env = {},
    closed = [],
  }: { env?: Readonly<Record<string, string>>; closed?: readonly ("stdout" | "stderr")[] } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...argv], {
    cwd: repository,
    env: { ...process.env, ...env },
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    if (closed.includes(name)) child[name].destroy();
    else {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    }
  }
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, ...said };
}

describe("the command line as a process", () => {
  it("writes what was asked for on stdout and nothing on stderr", async () => {
    const { exitCode, stdout, stderr } = await start(["codes", "--json"]);
    expect([exitCode, stderr]).toEqual([exitCodes.done, ""]);
    expect(stdout.split("\n")).toHaveLength(2);
    expect(JSON.parse(stdout)).toHaveProperty("codes");
  });

  it("exits 0 when the reader of stdout is gone", async () => {
    expect(await start(["codes"], { closed: ["stdout"] })).toEqual({
      exitCode: exitCodes.done,
      stdout: "",
      stderr: "",
    });
  });

  it("keeps the exit code of a command whose reader is gone", async () => {
    writeFileSync(path.join(dir, "ledger.db"), "no ledger\n".repeat(100));
    const { exitCode } = await start(["doctor", "--out", dir], { closed: ["stdout"] });
    expect(exitCode).toBe(exitCodes.environment);
  });

  it("keeps the exit code when nobody reads what is wrong", async () => {
    expect((await start(["run"], { closed: ["stderr"] })).exitCode).toBe(exitCodes.usage);
  });

  it("refuses a log level that is not known, wherever it is said", async () => {
    const { exitCode, stderr } = await start(["runs", "--out", dir], { env: { LAMSACH_LOG: "loud" } });
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(/^lamsach: log level: .*; expected silent, /);
  });
});
