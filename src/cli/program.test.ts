import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listCommands, program } from "../../test/support/command-list.js";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { createLogger } from "../job/system-effects.js";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { reportFailure, runCommandLine } from "./program.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-cli-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Said {
  exitCode: number;
  stdout: string;
  stderr: string;
  log: string;
}

function collect(env: Readonly<Record<string, string>> = {}): { effects: Effects; said: Said } {
  const said: Said = { exitCode: -1, stdout: "", stderr: "", log: "" };
  const log = createLogger("error", {
    write: (line) => {
      said.log += line;
    },
  });
  const effects: Effects = {
    catchStop: () => new AbortController().signal,
    now: () => new Date(Date.UTC(2023, 5, 13)),
    elapsedMs: () => 0,
    cwd: dir,
    env,
    isInteractive: false,
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    log,
  };
  return { effects, said };
}

async function run(...argv: readonly string[]): Promise<Said> {
  const { effects, said } = collect();
  const { exitCode, stdout } = await runCommandLine(argv, "1.2.3", effects);
  return { ...said, exitCode, stdout: said.stdout + stdout };
}

const commands = listCommands();

describe("help", () => {
  it("knows these commands", () => {
    expect(commands.map(({ words }) => words.join(" "))).toEqual([
      "run",
      "register",
      "register build",
      "register info",
      "explain",
      "judge",
      "runs",
      "report",
      "audit",
      "audit verify",
      "audit-sample",
      "audit-result",
      "purge",
      "key",
      "key new",
      "decrypt",
      "codes",
      "doctor",
      "generate",
      "schema",
      "completion",
    ]);
  });

  it.each(commands.map(({ words, command }) => [words.join(" "), command] as const))(
    "of %s describes the command and every option and argument",
    (_name, command) => {
      const options = command.options.filter(({ description }) => description.trim() === "");
      const args = command.registeredArguments.filter(({ description }) => description.trim() === "");
      expect(command.description()).not.toBe("");
      expect([...options, ...args]).toEqual([]);
    },
  );

  it.each(commands.filter(({ command }) => command.commands.length === 0).map(({ words }) => [words]))(
    "of %s shows examples and exits 0",
    async (words) => {
      const { exitCode, stdout, stderr } = await run(...words, "--help");
      expect(exitCode).toBe(exitCodes.done);
      expect(stdout).toContain("Examples:\n");
      expect(stdout).toContain(`lamsach ${words.join(" ")}`);
      expect(stderr).toBe("");
    },
  );

  it("of the program lists every command and exit code", async () => {
    const { stdout } = await run("--help");
    for (const command of program.commands) expect(stdout).toContain(`  ${command.name()}`);
    for (const code of Object.values(exitCodes)) expect(stdout).toMatch(new RegExp(`\\b${code}[ /]`));
  });

  it("says the version", async () => {
    expect(await run("--version")).toMatchObject({ exitCode: 0, stdout: "1.2.3\n" });
  });
});

describe("the README", () => {
  const readme = readFileSync("README.md", "utf8");

  it.each(commands.map(({ words, command }) => [words.join(" "), command] as const))(
    "names the command %s and its options",
    (name, command) => {
      expect(readme).toContain(`lamsach ${name}`);
      const missing = command.options.map(({ long }) => long).filter((flag) => !readme.includes(`\`${flag}`));
      expect(missing).toEqual([]);
    },
  );

  it("names no option that does not exist", () => {
    const known = new Set(
      [program, ...commands.map(({ command }) => command)]
        .flatMap(({ options }) => options)
        .map(({ long }) => long),
    );
    const named = [...readme.matchAll(/`(--[a-z-]+)/g)].map(([, flag]) => flag);
    expect(named.filter((flag) => flag !== "--help" && !known.has(flag))).toEqual([]);
  });

  it("has a row for every code, and none for a code that does not exist", () => {
    const rows = [...readme.matchAll(/^\| `([CXE]\d+)` \|/gm)].map(([, code]) => code);
    expect(rows).toEqual(codeCatalogue.map(({ code }) => code));
  });

  it("says each exit code", () => {
    for (const code of Object.values(exitCodes))
      expect(readme).toMatch(new RegExp(`^\\| .*\`${code}\``, "m"));
  });
});

describe("exit codes", () => {
  it.each([
    ["no command", []],
    ["an unknown command", ["clean"]],
    ["an unknown option", ["run", "p.yaml", "--fast"]],
    ["a missing argument", ["run"]],
    ["one argument too many", ["runs", "extra"]],
    ["a missing option", ["register", "build", "population.csv"]],
    ["a size that is none", ["run", "p.yaml", "--memory", "lots"]],
    ["a day that is none", ["run", "p.yaml", "--as-of", "2023-02-30"]],
    ["no workers", ["run", "p.yaml", "--workers", "0"]],
    ["an unknown mix", ["generate", "--people", "1", "--seed", "1", "--mix", "odd", "--out", "x"]],
    ["an unknown log level", ["runs", "--log-level", "loud"]],
    ["an unknown run", ["explain", "2023-06-13-none", "R1"]],
    ["one sex declared", ["register", "build", "x.csv", "--out", "x.db", "--male", "1"]],
  ])("2: %s", async (_name, argv) => {
    const { exitCode, stdout, stderr } = await run(...argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: exitCodes.usage, stdout: "" });
    expect(stderr).not.toBe("");
  });

  it.each([
    ["an unknown command", ["clean"]],
    ["an unknown option", ["run", "p.yaml", "--fast"]],
    ["a missing argument of a command of a command", ["register", "build"]],
  ])("2 comes with where to read on: %s", async (_name, argv) => {
    expect((await run(...argv)).stderr).toContain("`lamsach help` lists the commands");
  });

  it("of an error of ours is its own, with its message as one line", () => {
    const { effects, said } = collect();
    const error = new LamsachError(exitCodes.locked, "reports: another run holds the lock; expected none.");
    expect(reportFailure(error, effects)).toBe(5);
    expect(said.stderr).toBe("lamsach: reports: another run holds the lock; expected none.\n");
  });

  it("of any other error is 70, without its message anywhere", () => {
    const { effects, said } = collect();
    const error = Object.assign(new RangeError("bad cell 000999999999"), { code: "X_CODE" });
    expect(reportFailure(error, effects)).toBe(exitCodes.bug);
    expect(said.stderr).toMatch(/^lamsach: RangeError X_CODE at program\.test\.ts:\d+:\d+: this is a bug; /);
    expect(said.stderr + said.log).not.toContain("000999999999");
  });

  it("of any other error keeps all of it, for its owner alone, in the file that LAMSACH_DEBUG names", () => {
    const { effects, said } = collect({ LAMSACH_DEBUG: "bug.txt" });
    const error = Object.assign(new RangeError("bad cell"), { record: ["000999999999"] });
    expect(reportFailure(error, effects)).toBe(exitCodes.bug);
    expect(said.stderr + said.log).not.toMatch(/bad cell|000999999999/);
    const file = path.join(dir, "bug.txt");
    expect(readFileSync(file, "utf8")).toMatch(/RangeError: bad cell[\s\S]*000999999999/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("of any other error is 70 also when LAMSACH_DEBUG names no writable place", () => {
    const { effects, said } = collect({ LAMSACH_DEBUG: "none/bug.txt" });
    expect(reportFailure(new RangeError("bad cell"), effects)).toBe(exitCodes.bug);
    expect(said.stderr).toMatch(/^lamsach: \S+none\/bug\.txt: .*ENOENT/m);
  });

  it.each([["text"], [null], [undefined]])("of a thrown %s is 70 too", (thrown) => {
    const { effects, said } = collect();
    expect(reportFailure(thrown, effects)).toBe(exitCodes.bug);
    expect(said.stderr).toContain("this is a bug");
  });
});

describe("lamsach runs", () => {
  it("says that there are none, and makes nothing", async () => {
    expect(await run("runs", "--out", "reports")).toMatchObject({
      exitCode: 0,
      stdout: "No runs in reports yet.\n",
    });
    expect(await run("runs", "--json")).toMatchObject({ exitCode: 0, stdout: '{"runs":[]}\n' });
    expect(() => readFileSync(path.join(dir, "reports", "ledger.db"))).toThrow(/ENOENT/);
  });

  it("lists what the ledger has", async () => {
    const { openLedger } = await import("../job/ledger.js");
    const ledger = openLedger(path.join(dir, "ledger.db"));
    const start = {
      id: "r1",
      pipeline: "p",
      asOf: "2023-06-13",
      identity: {},
      series: "pipeline",
      startedAt: "2023-06-13T19:00:00.000Z",
    };
    ledger.startRun(start);
    ledger.finishRun("r1", {
      state: "published",
      counts: { records: 7, C1: 7 },
      exitCode: 0,
      finishedAt: "2023-06-13T19:01:00.000Z",
    });
    ledger.close();
    const { stdout } = await run("runs", "--out", ".");
    expect(stdout.split("\n")[1]).toBe(
      "r1   published  p         2023-06-13  2023-06-13T19:00:00.000Z  2023-06-13T19:01:00.000Z  0     records 7",
    );
    const json = JSON.parse((await run("runs", "--out", ".", "--json")).stdout) as { runs: unknown[] };
    expect(json.runs).toEqual([
      expect.objectContaining({ ...start, state: "published", counts: { records: 7, C1: 7 } }),
    ]);
  });
});

describe("lamsach codes", () => {
  it("lists every code in both languages, or in one", async () => {
    const both = (await run("codes")).stdout;
    const english = (await run("codes", "--lang", "en")).stdout;
    for (const { code, vi, en } of codeCatalogue) {
      expect(both).toContain(`${code} (`);
      expect(both).toContain(vi);
      expect(english).toContain(en);
      expect(english).not.toContain(vi);
    }
  });

  it("prints one object with --json", async () => {
    const json = JSON.parse((await run("codes", "--json")).stdout) as { codes: unknown[]; findings: object };
    expect(json.codes).toHaveLength(codeCatalogue.length);
    expect(Object.keys(json.findings)).toContain("citizen-id.blank");
  });
});

describe("lamsach doctor", () => {
  it("finds nothing wrong here", async () => {
    const { exitCode, stdout } = await run("doctor", "--json");
    const { healthy, checks } = JSON.parse(stdout) as {
      healthy: boolean;
      checks: { name: string; passed: boolean }[];
    };
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    expect([exitCode, healthy]).toEqual([0, true]);
    expect(checks.map(({ name }) => name)).toEqual([
      "better-sqlite3",
      "output folder",
      "permissions",
      "disk space",
      "ledger",
    ]);
  });

  it("exits 4 when the ledger is damaged or the register is missing", async () => {
    writeFileSync(path.join(dir, "ledger.db"), "no ledger\n".repeat(100));
    const { exitCode, stdout } = await run("doctor", "--out", ".", "--register", "none.db");
    expect(exitCode).toBe(exitCodes.environment);
    expect(stdout).toMatch(/^WRONG ledger: /m);
    expect(stdout).toMatch(/^WRONG register: /m);
    expect(stdout).toMatch(/^ok {4}better-sqlite3: SQLite [\d.]+ on Node [\d.]+\.$/m);
  });
});

describe("lamsach schema", () => {
  it("prints what is committed, and writes both", async () => {
    for (const kind of ["pipeline", "policy"]) {
      const committed = readFileSync(`pipelines/schema/${kind}.schema.json`, "utf8");
      expect((await run("schema", kind)).stdout).toBe(committed);
      mkdirSync(path.join(dir, kind));
      expect((await run("schema", "--out", kind)).exitCode).toBe(0);
      expect(readFileSync(path.join(dir, kind, `${kind}.schema.json`), "utf8")).toBe(committed);
    }
  });
});
