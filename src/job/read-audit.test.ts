import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { readAudit } from "./read-audit.js";

const run = "2023-06-13-0123456789ab";
const result = {
  ...{ population: 1000, checkedOn: "2023-07-01", right: 0.99, low: 0.97, high: 0.998 },
  strata: [{ code: "C1", population: 1000, drawn: 100, checked: 100, right: 99 }],
};
const kept = { format: 1, run, manifest: "0".repeat(64), seed: 0, size: 100, result };

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), "lamsach-audit-"));
  mkdirSync(path.join(out, "audits"));
});
afterEach(() => rmSync(out, { recursive: true }));

function keep(content: unknown): void {
  writeFileSync(
    path.join(out, `audits/${run}.json`),
    typeof content === "string" ? content : JSON.stringify(content),
  );
}

describe("readAudit(out, runId)", () => {
  it("is null for a run that nobody has checked", () => {
    expect(readAudit(out, run)).toBeNull();
    expect(readAudit(path.join(out, "nowhere"), run)).toBeNull();
  });

  it("gives what people found", () => {
    keep(kept);
    expect(readAudit(out, run)).toEqual(result);
  });

  it.each([
    ["another run's", { ...kept, run: "2023-06-13-ba9876543210" }],
    ["another format", { ...kept, format: 2 }],
    ["a share that is none", { ...kept, result: { ...result, right: 1.5 } }],
    ["no JSON", "{"],
  ])("refuses %s", (_, content) => {
    keep(content);
    try {
      readAudit(out, run);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LamsachError);
      expect(error).toMatchObject({ exitCode: exitCodes.environment });
    }
  });
});
