import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readControl, requireDigest } from "./control-file.js";
import { RefusedFile } from "./refused-file.js";

const digest = "0123456789abcdef".repeat(4);
let delivery: string;
beforeAll(() => {
  delivery = path.join(mkdtempSync(path.join(tmpdir(), "lamsach-control-")), "hanoi.csv");
});
afterAll(() => {
  rmSync(path.dirname(delivery), { recursive: true, force: true });
});

describe("readControl(delivery)", () => {
  it("finds nothing where nothing was said", () => {
    expect(readControl(`${delivery}.none`)).toBeNull();
  });

  it("finds nothing beside a delivery whose name is as long as names may be", () => {
    const longest = path.join(path.dirname(delivery), "x".repeat(255));
    writeFileSync(longest, "");
    expect(readControl(longest)).toBeNull();
  });

  it.each([
    ['{"rows": 12}', { rows: 12 }],
    ['{"rows": 0}', { rows: 0 }],
    [`{"sha256": "${digest.toUpperCase()}"}`, { sha256: digest }],
    [`{"sha256": "${digest}", "rows": 3}\n`, { rows: 3, sha256: digest }],
  ])("reads %s", (text, control) => {
    writeFileSync(`${delivery}.control.json`, text);
    expect(readControl(delivery)).toEqual(control);
  });

  it.each(["", "{}", "rows: 12", '{"rows": -1}', '{"rows": "12"}', '{"sha256": "12"}', '{"row": 1}', "[1]"])(
    "refuses the delivery when beside it stands %j",
    (text) => {
      writeFileSync(`${delivery}.control.json`, text);
      expect(() => readControl(delivery)).toThrow(RefusedFile);
    },
  );

  it("refuses the delivery when its control file is a large one", () => {
    writeFileSync(`${delivery}.control.json`, `{"rows": 12${" ".repeat(5000)}}`);
    expect(() => readControl(delivery)).toThrow(RefusedFile);
  });
});

describe("requireDigest(control, found)", () => {
  it("passes what was sent, and what nothing was said of", () => {
    requireDigest({ sha256: digest }, digest);
    requireDigest({ rows: 1 }, digest);
  });

  it("refuses another file", () => {
    expect(() => requireDigest({ sha256: digest }, digest.replace("0", "1"))).toThrow(RefusedFile);
  });
});
