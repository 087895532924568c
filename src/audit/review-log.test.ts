import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { appendEntry } from "./append-entry.js";
import { formatEntry, type UnplacedEntry } from "./audit-entry.js";
import { auditLogName } from "./log-files.js";
import { logHeadName } from "./log-head.js";
import { holdsPosition, reviewLog } from "./review-log.js";

const folder = mkdtempSync(path.join(tmpdir(), "lamsach-review-"));
const log = path.join(folder, auditLogName);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function act(command: string, event: UnplacedEntry["event"] = "done"): UnplacedEntry {
  const time = "2023-06-13T19:00:00.000Z";
  return { time, user: "ops", uid: 1000, host: "night", version: "0.1.0", command, event };
}

for (const command of ["register build", "run", "judge", "explain", "purge"])
  appendEntry(folder, act(command));
const whole = readFileSync(log);
const lines = whole.toString().trimEnd().split("\n");
beforeEach(() => writeFileSync(log, whole));

function review(changed: readonly string[]): string {
  writeFileSync(log, changed.map((line) => `${line}\n`).join(""));
  return reviewLog(folder).problems.join("\n");
}

describe("reviewLog(folder)", () => {
  it("finds nothing wrong with a log as it was written", () => {
    const { problems, notes, end, entries } = reviewLog(folder);
    expect({ problems, notes, entries: entries.length }).toEqual({ problems: [], notes: [], entries: 5 });
    expect(end?.sequence).toBe(5);
  });

  it("takes an end that was never written for none: the disk was full as it was made", () => {
    const empty = mkdtempSync(path.join(tmpdir(), "lamsach-review-empty-"));
    writeFileSync(path.join(empty, logHeadName), "");
    expect(reviewLog(empty)).toMatchObject({ problems: [], entries: [] });
    rmSync(empty, { recursive: true });
  });

  it("names the line of which any one byte was changed", () => {
    let line = 1;
    for (const [at, byte] of whole.entries()) {
      if (at % 5 > 0 && byte !== 10) continue;
      const changed = Buffer.from(whole);
      changed[at] = byte ^ 1;
      writeFileSync(log, changed);
      expect(reviewLog(folder).problems.join("\n"), `byte ${at}`).toContain(`audit.log:${line}: `);
      if (byte === 10) line += 1;
    }
    expect(line).toBe(6);
  });

  it.each([0, 1, 2, 3, 4])("finds that line %i (from 0) was removed", (at) => {
    const problems = review(lines.toSpliced(at, 1));
    expect(problems).toContain(`audit.log:${at + 1}: `);
    expect(problems).toMatch(/missing|expected entry 1/);
  });

  it.each([0, 1, 2, 3])("finds that lines %i and the next were swapped", (at) => {
    const [one = "", other = ""] = lines.slice(at, at + 2);
    expect(review(lines.toSpliced(at, 2, other, one))).toMatch(/follows entry|expected entry 1/);
  });

  it("finds that the tail was cut, and by how much", () => {
    expect(review(lines.slice(0, 2))).toBe(
      "audit.log:3: the end is missing: the last entry is 2; expected 5.",
    );
    expect(review([])).toBe("audit.log:1: the end is missing: the last entry is 0; expected 5.");
  });

  it("finds a line that was added although its chain is right", () => {
    const end = reviewLog(folder).end ?? { sequence: 0, sha256: "" };
    const problems = review([...lines, formatEntry(end, act("explain"))]);
    expect(problems).toBe(
      "audit.log:6: lamsach did not write this line: its last entry is 5; expected the log to end there.",
    );
  });

  it("finds a line that was changed together with all that follow it", () => {
    const forged = lines.slice(0, 2);
    let before = { sequence: 2, sha256: JSON.parse(lines[2] ?? "").previous as string };
    for (const line of lines.slice(2)) {
      const { sequence: _, previous: __, ...entry } = JSON.parse(line);
      const text = formatEntry(before, { ...entry, user: "somebody" });
      forged.push(text);
      writeFileSync(log, `${forged.join("\n")}\n`);
      before = { sequence: before.sequence + 1, sha256: reviewLog(folder).end?.sha256 ?? "" };
    }
    expect(review(forged)).toContain("audit.log:5: this line was changed");
  });

  it("finds bytes after the last line", () => {
    appendFileSync(log, "{}");
    expect(reviewLog(folder).problems).toEqual([
      expect.stringContaining("audit.log:6: the log goes on with bytes"),
    ]);
  });

  it("knows an end that was kept elsewhere", () => {
    const early = { sequence: 2, sha256: JSON.parse(lines[2] ?? "").previous as string };
    expect(holdsPosition(reviewLog(folder), early)).toBe(true);
    expect(holdsPosition(reviewLog(folder), { ...early, sequence: 3 })).toBe(false);
  });
});
