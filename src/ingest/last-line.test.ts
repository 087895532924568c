import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endsWithLineBreak } from "./last-line.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-last-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("endsWithLineBreak(source)", () => {
  it.each([
    ["a,b\n1,2\n", true],
    ["a,b\r\n1,2\r\n", true],
    ["a,b\r1,2\r", true],
    ["a,b\n1,2", false],
    ["a,b\n1,", false],
    ['a,b\n1,"2\n', true],
  ])("%j: %s", (text, expected) => {
    const bytesPath = path.join(dir, "source.csv");
    writeFileSync(bytesPath, text);
    expect(endsWithLineBreak({ bytesPath, byteLength: text.length })).toBe(expected);
  });
});
