import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { appendEntry } from "./append-entry.js";
import { formatEntry, hashLine, type UnplacedEntry } from "./audit-entry.js";
import { auditLogName } from "./log-files.js";
import { holdLogHead, logHeadName } from "./log-head.js";
import { reviewLog } from "./review-log.js";

let folder: string;
let log: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lamsach-audit-"));
  log = path.join(folder, auditLogName);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function act(command: string, time = "2023-06-13T19:00:00.000Z"): UnplacedEntry {
  return { time, user: "ops", uid: 1000, host: "night", version: "0.1.0", command, event: "done" };
}

function listActs(): string[] {
  return reviewLog(folder).entries.map(({ entry }) => `${entry.sequence} ${entry.command} ${entry.event}`);
}

/** The process dies after it has remembered a line and written the first `bytes` of it. */
function dieWhileWriting(command: string, bytes: number): void {
  const { end } = reviewLog(folder);
  if (end === null) throw new Error("the log is empty");
  const line = formatEntry(end, act(command));
  const head = holdLogHead(folder);
  head.propose({ sequence: end.sequence + 1, sha256: hashLine(line) }, line);
  head.close();
  appendFileSync(log, Buffer.from(`${line}\n`).subarray(0, bytes));
}

function failureOf(action: () => unknown): LamsachError {
  try {
    action();
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have failed");
}

describe("appendEntry(folder, entry)", () => {
  it("chains each line to the one before it, in a file of its owner's alone", () => {
    const umask = process.umask(0);
    try {
      appendEntry(folder, act("run"));
      const { sequence, sha256 } = appendEntry(folder, act("judge"));
      expect(sequence).toBe(2);
      const [first = "", second = ""] = readFileSync(log, "utf8").split("\n");
      expect(JSON.parse(first).previous).toBe("0".repeat(64));
      expect(JSON.parse(second).previous).toBe(hashLine(first));
      expect(hashLine(second)).toBe(sha256);
      expect([log, path.join(folder, logHeadName)].map((file) => statSync(file).mode & 0o777)).toEqual([
        0o600, 0o600,
      ]);
    } finally {
      process.umask(umask);
    }
  });

  it("begins a new file with a month, which goes on with the chain", () => {
    appendEntry(folder, act("run", "2023-06-30T23:59:59.999Z"));
    appendEntry(folder, act("judge", "2023-07-01T00:00:00.000Z"));
    appendEntry(folder, act("judge", "2023-06-30T12:00:00.000Z")); // the clock was set back
    appendEntry(folder, act("run", "2024-02-01T00:00:00.000Z"));
    expect(readdirSync(folder).sort()).toEqual([
      "audit-2023-06.log",
      "audit-2023-07.log",
      "audit.db",
      "audit.log",
    ]);
    expect(reviewLog(folder).problems).toEqual([]);
    expect(listActs()).toEqual(["1 run done", "2 judge done", "3 judge done", "4 run done"]);
  });

  it("goes on when the process died between one month's file and the next", () => {
    appendEntry(folder, act("run", "2023-06-30T23:59:59.999Z"));
    renameSync(log, path.join(folder, "audit-2023-06.log"));
    expect(reviewLog(folder).problems).toEqual([]);
    expect(appendEntry(folder, act("judge", "2023-07-01T00:00:00.000Z")).isEndAsLeft).toBe(true);
    expect(reviewLog(folder).problems).toEqual([]);
  });

  it("completes a line from wherever a kill or a power cut stopped it", () => {
    appendEntry(folder, act("run"));
    const before = readFileSync(log);
    const length = formatEntry({ sequence: 1, sha256: "0".repeat(64) }, act("judge")).length + 1;
    // Each costs a dozen waits for the disk.
    for (const bytes of [0, 1, Math.floor(length / 2), length - 2, length - 1, length]) {
      writeFileSync(log, before);
      rmSync(path.join(folder, logHeadName));
      const head = holdLogHead(folder);
      const line = before.toString().trimEnd();
      head.propose({ sequence: 1, sha256: hashLine(line) }, line);
      head.confirm();
      head.close();
      dieWhileWriting("judge", bytes);
      expect(reviewLog(folder).problems, `${bytes} bytes`).toEqual([]);
      expect(appendEntry(folder, act("explain")).isEndAsLeft).toBe(true);
      expect(reviewLog(folder).problems, `${bytes} bytes`).toEqual([]);
      expect(listActs()).toEqual(["1 run done", "2 judge done", "3 explain done"]);
    }
  });

  it("tells of pieces that are not the line's own, and loses nothing", () => {
    appendEntry(folder, act("run"));
    dieWhileWriting("judge", 0);
    appendFileSync(log, Buffer.alloc(40)); // what some file systems leave after a power cut
    appendEntry(folder, act("explain"));
    const { problems, notes } = reviewLog(folder);
    expect(problems).toEqual([]);
    expect(notes).toEqual([expect.stringContaining("audit.log:2: pieces of a line that a power cut left")]);
    expect(listActs()).toEqual(["1 run done", "2 explain torn", "3 judge done", "4 explain done"]);
  });

  it.each<[what: string, change: () => void]>([
    ["was cut", () => writeFileSync(log, readFileSync(log).subarray(0, -10))],
    ["is gone", () => rmSync(log)],
    ["was gone on with", () => appendFileSync(log, "pieces")],
    ["has lost its head", () => rmSync(path.join(folder, logHeadName))],
  ])("notes for ever that a log %s, and works on", (_what, change) => {
    appendEntry(folder, act("run"));
    appendEntry(folder, act("judge"));
    change();
    expect(reviewLog(folder).problems).not.toEqual([]);
    expect(appendEntry(folder, act("explain")).isEndAsLeft).toBe(false);
    expect(appendEntry(folder, act("run")).isEndAsLeft).toBe(true);
    const { problems } = reviewLog(folder);
    expect(problems.join("\n")).toContain("expected");
    expect(listActs().slice(-3)).toEqual([
      expect.stringContaining("explain mismatch"),
      expect.stringContaining("explain done"),
      expect.stringContaining("run done"),
    ]);
  });

  it.each([auditLogName, logHeadName])("refuses a symbolic link as %s", (name) => {
    writeFileSync(path.join(folder, "elsewhere"), "");
    symlinkSync(path.join(folder, "elsewhere"), path.join(folder, name));
    const failure = failureOf(() => appendEntry(folder, act("run")));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("symbolic link");
    expect(readFileSync(path.join(folder, "elsewhere"), "utf8")).toBe("");
  });

  it("refuses a damaged head and leaves it as it is", () => {
    const head = path.join(folder, logHeadName);
    writeFileSync(head, "not a database\n".repeat(100));
    const failure = failureOf(() => appendEntry(folder, act("run")));
    expect(failure.exitCode).toBe(exitCodes.environment);
    expect(failure.message).toContain("SQLITE_NOTADB");
    expect(readFileSync(head, "utf8")).toBe("not a database\n".repeat(100));
  });
});
