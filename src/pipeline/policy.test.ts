import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import { findingIds } from "../judge/findings.js";
import { loadPolicy } from "./policy.js";

const shipped = path.resolve("pipelines/policies/scheme-06.yaml");
const shippedText = readFileSync(shipped, "utf8");
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-policy-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Problems of the shipped policy with one text replaced, as `line: text`. */
function problemsAfter(from: string, to: string): readonly string[] {
  expect(shippedText.split(from)).toHaveLength(2);
  return problemsOf(shippedText.replace(from, to));
}

function problemsOf(text: string): readonly string[] {
  const file = path.join(dir, "p.yaml");
  writeFileSync(file, text);
  try {
    loadPolicy(file);
    return [];
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    expect(error.exitCode).toBe(exitCodes.usage);
    return error.message.split("\n").map((line) => line.replace(`${dir}/p.yaml:`, ""));
  }
}

function lineOf(text: string): number {
  expect(shippedText.split(text)).toHaveLength(2);
  return shippedText.slice(0, shippedText.indexOf(text)).split("\n").length;
}

describe("loadPolicy(file)", () => {
  it("reads the shipped policy by the names it uses", () => {
    const policy = loadPolicy(shipped);
    expect(policy).toMatchObject({
      name: "scheme-06",
      authenticated: {
        name: ["equal", "marks-lost", "repaired"],
        birthDate: ["equal", "year-only"],
        sex: ["equal"],
      },
      mismatch: { name: "X31", birthDate: "X32", sex: "X33", several: "X34" },
      order: ["E1", "E40", "E42", "X1", "X2", "E20", "E21", "E22", "X3", "E"],
    });
    expect(policy.codes["citizen-id.blank"]).toBe("X10");
    expect(policy.codes["dose.gap"]).toBeUndefined();
    expect(policy.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ["a finding that is none", "  name.blank: E20", "  name.blanc: E20", "this key is not known"],
    ["a code that is none", "dose.order: E50", "dose.order: E51", "expected one of"],
    ["a code of the cleaned set", "dose.order: E50", "dose.order: C1", "expected one of"],
    ["a level of another field", "sex: [equal]", "sex: [swapped]", "expected one of equal or different"],
    ["a level that is never authenticated", "sex: [equal]", "sex: [equal, not-compared]", "expected one of"],
    ["a level twice", "sex: [equal]", "sex: [equal, equal]", "twice"],
    ["a field that is not accepted when equal", "sex: [equal]", "sex: [different]", "the level equal"],
    ["an order entry that is no code", "order: [E1, E40,", "order: [E1, E9,", "no beginning of one"],
    ["an order entry of the cleaned set", "order: [E1, E40,", "order: [C, E40,", "no beginning of one"],
    ["an order entry that never decides", "order: [E1, E40,", "order: [E, E40,", "E, earlier in the list"],
    ["an order entry twice", "X3, E]", "X3, X3, E]", "twice"],
    ["a code that the order does not reach", "X3, E]", "E]", "no entry of `order` reaches this code"],
    [
      "a repair with a code",
      "  name.blank: E20",
      "  name.vni: E20\n  name.blank: E20",
      "a repair cannot have a code",
    ],
    [
      "a difference with a code",
      "  name.blank: E20",
      "  name.different: X31\n  name.blank: E20",
      "a difference cannot",
    ],
    [
      "a fact with a code",
      "  name.blank: E20",
      "  birth-date.year-only: E36\n  name.blank: E20",
      "a fact cannot",
    ],
    [
      "a fault that would leave a record without a code",
      "  row.structure: E10\n",
      "",
      "row.structure has no code",
    ],
  ])("refuses %s", (_name, from, to, what) => {
    const problems = problemsAfter(from, to);
    expect(problems.filter((problem) => problem.includes(what)).length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).toMatch(/^\d+:\d+: .*; expected .*\.$/);
  });

  it("names the line of each code that the order does not reach", () => {
    const problems = problemsAfter("X3, E]", "E]");
    const lines = ["name: X31", "birthDate: X32", "sex: X33", "several: X34"].map(lineOf);
    lines.push(lineOf("register.number-unknown: X30"), lineOf("register.number-cancelled: X30"));
    expect(problems.map((problem) => Number(problem.split(":")[0]))).toEqual(lines);
  });

  it("lets a ministry give a warning a code", () => {
    expect(problemsAfter("codes:\n", "codes:\n  dose.gap: E50\n")).toEqual([]);
  });

  it("names every fault that has no code", () => {
    const faults = findingIds.filter((id) => findingCatalogue[id].kind === "fault");
    expect(faults).toContain("vaccine.unknown");
    for (const id of faults) {
      const line = new RegExp(`^  ${id.replace(".", "\\.")}: .*\n`, "m");
      const problems = problemsOf(shippedText.replace(line, ""));
      expect(problems.map((problem) => problem.replace(/^\d+:\d+: (?:codes: )?/, ""))).toEqual([
        expect.stringContaining(`the finding ${id} has no code; expected one`),
      ]);
    }
  });

  it("tells every problem at once, of the shape and of the meaning", () => {
    const text = shippedText
      .replace("version: 1", "version: 0")
      .replace("X3, E]", "X3, E, E50]")
      .replace("dose.order: E50", "dose.order: E99");
    expect(problemsOf(text).map((problem) => problem.replace(/;.*/, ""))).toEqual([
      expect.stringContaining("too small"),
      expect.stringContaining("E, earlier in the list, takes every code of this entry"),
      expect.stringContaining("not one of those allowed"),
    ]);
  });
});
