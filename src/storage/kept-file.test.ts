import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exitCodes } from "../errors.js";
import { readKeyText } from "./file-key.js";
import { openKept, readKept, writeKept } from "./kept-file.js";
import { frameBytes } from "./sealed-file.js";

const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const key = readKeyText(secret.toString("hex"), "test");
const dir = mkdtempSync(path.join(tmpdir(), "lamsach-kept-"));
const file = path.join(dir, "0-0.bin");
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe.each([
  ["as they are", null],
  ["sealed", key],
])("files that are kept %s", (_name, sealKey) => {
  it.each([0, 1, frameBytes, frameBytes + 1, 2 * frameBytes, 2 * frameBytes + 777])(
    "hold %i bytes",
    (length) => {
      const content = Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff));
      writeKept(file, content, sealKey);
      expect(readKept(file, sealKey).equals(content)).toBe(true);
      const kept = openKept(file, sealKey);
      expect(kept.size).toBe(length);
      for (const [position, wanted] of [
        [0, 10],
        [frameBytes - 3, 6],
        [frameBytes, 1],
        [length - 5, 100],
        [3, 2 * frameBytes],
        [length, 4],
        [length + 4, 4],
      ] as const) {
        if (position < 0) continue;
        const into = Buffer.alloc(wanted);
        const read = kept.read(into, position);
        expect(into.subarray(0, read).equals(content.subarray(position, position + wanted))).toBe(true);
      }
      kept.close();
    },
  );
});

describe("a sealed checkpoint", () => {
  const content = Buffer.alloc(frameBytes + 100, "pseudonym ");

  it("shows nothing of what it holds", () => {
    writeKept(file, content, key);
    expect(readFileSync(file).includes("pseudonym")).toBe(false);
  });

  it("is refused when a byte is another one, and when it is cut short or grown", () => {
    writeKept(file, content, key);
    const whole = readFileSync(file);
    const refused = expect.objectContaining({ exitCode: exitCodes.environment });
    for (const at of [16, 47, 48, 52, 1000, 48 + frameBytes + 5, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] as number) ^ 1;
      writeFileSync(file, changed);
      expect(() => readKept(file, key), `byte ${at}`).toThrow(refused);
    }
    for (const length of [0, 47, 67, 68, 100, whole.length - 21, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(() => readKept(file, key), `cut to ${length}`).toThrow(refused);
    }
    writeFileSync(file, Buffer.concat([whole, Buffer.alloc(1)]));
    expect(() => readKept(file, key)).toThrow(refused);
  });
});
