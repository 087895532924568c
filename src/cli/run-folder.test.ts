import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRunFolder } from "./run-folder.js";

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "lamsach-runs-"));
  for (const id of [
    "2023-06-13-aa11",
    "2023-06-13-ab22",
    "2023-06-14-cc33",
    "2023-06-14-cc33-again",
    ".work",
    "audits",
  ]) {
    mkdirSync(path.join(cwd, "reports", id), { recursive: true });
  }
  writeFileSync(path.join(cwd, "reports", "ledger.db"), "");
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe("findRunFolder({ named, out, cwd })", () => {
  it.each([
    ["2023-06-13-ab22", "2023-06-13-ab22"],
    ["2023-06-13-ab", "2023-06-13-ab22"],
    ["2023-06-14-cc33", "2023-06-14-cc33"],
    ["reports/2023-06-13-aa11", "2023-06-13-aa11"],
    ["./reports/2023-06-13-aa11", "2023-06-13-aa11"],
  ])("finds %s", (named, id) => {
    expect(findRunFolder({ named, out: "reports", cwd })).toBe(path.join(cwd, "reports", id));
  });

  it("takes an absolute path", () => {
    const named = path.join(cwd, "reports", "2023-06-13-aa11");
    expect(findRunFolder({ named, out: "elsewhere", cwd: "/" })).toBe(named);
  });

  it("names the runs when a beginning fits several", () => {
    expect(() => findRunFolder({ named: "2023-06-13", out: "reports", cwd })).toThrow(
      /2 runs begin like this; expected one\. They are: 2023-06-13-aa11, 2023-06-13-ab22\./,
    );
  });

  it.each([
    ...[
      "2024",
      "ledger",
      "a",
      "audits",
      ".work",
      "reports/none",
      "../reports",
      "reports",
      "..",
      ".",
      "/",
      "/tmp",
      "",
    ],
    ...["~/2023-06-13-aa11", "file:///2023-06-13-aa11", "2023-06-13-aa11\0", "reports/link/2023-06-13-no"],
    ...["reports/2023-06-13-link", "2023-06-13-aa11/..", "../../../../etc", "C:\\2023-06-13-aa11"],
  ])("refuses %j", (named) => {
    symlinkSync("2023-06-13-aa11", path.join(cwd, "reports/2023-06-13-link"));
    expect(() => findRunFolder({ named, out: "reports", cwd })).toThrow(/expected/);
  });

  it("refuses an id when there are no runs at all", () => {
    expect(() => findRunFolder({ named: "2023", out: "none", cwd })).toThrow(/no run has this id/);
  });
});
