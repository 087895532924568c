import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canListOpen, listOpenBelow } from "../../test/support/open-files.js";
import { ChunkMemory } from "./chunk-memory.js";
import { readKeyText } from "./file-key.js";
import { hashSealedFile, unsealFile } from "./sealed-copy.js";
import { SealingFile } from "./sealing-file.js";

const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const key = readKeyText(secret.toString("hex"), "test");
const dir = mkdtempSync(path.join(tmpdir(), "lamsach-sealing-"));
afterAll(() => rmSync(dir, { recursive: true }));
const file = path.join(dir, "a.sealed");
const text = Buffer.alloc(3 << 20, Buffer.from(Uint8Array.from({ length: 65_521 }, (_, at) => at * 7)));

async function seal(parts: readonly Uint8Array[]) {
  rmSync(file, { force: true });
  const sealing = new SealingFile(dir, "a.sealed", new ChunkMemory(), key);
  for (const part of parts) await sealing.append(part);
  return sealing.end();
}

describe("SealingFile", () => {
  it("holds what was appended, and tells the hashes of it and of itself", async () => {
    const length = fc.oneof(fc.nat(200_000), fc.integer({ min: (1 << 20) - 2, max: (1 << 20) + 2 }));
    await fc.assert(
      fc.asyncProperty(fc.array(length, { maxLength: 4 }), async (lengths) => {
        const parts = lengths.map((bytes, at) => text.subarray(at * 999, at * 999 + bytes));
        const content = Buffer.concat(parts);
        const told = await seal(parts);
        const sealed = readFileSync(file);
        expect(told.bytes).toBe(sealed.length);
        expect(told.sha256).toBe(createHash("sha256").update(sealed).digest("hex"));
        expect(hashSealedFile(file, key)).toEqual({ sha256: told.sha256, content: told.content });
        unsealFile(file, key, path.join(dir, "a"));
        expect(readFileSync(path.join(dir, "a")).equals(content)).toBe(true);
      }),
      { numRuns: 30, seed: 2491 },
    );
  });

  it("seals every file with a key of its own", async () => {
    await seal([text.subarray(0, 1000)]);
    const first = readFileSync(file);
    await seal([text.subarray(0, 1000)]);
    const second = readFileSync(file);
    expect(second.length).toBe(first.length);
    // Past what a header has in common: magic and the key's name.
    expect(second.subarray(16, 200).equals(first.subarray(16, 200))).toBe(false);
  });

  it("closes what is given up", async () => {
    rmSync(file, { force: true });
    const sealing = new SealingFile(dir, "a.sealed", new ChunkMemory(), key);
    await sealing.append(text);
    if (canListOpen) expect(listOpenBelow(dir)).not.toEqual([]);
    await sealing.abandon();
    expect(listOpenBelow(dir)).toEqual([]);
    expect(() => hashSealedFile(file, key)).toThrow("a.sealed");
  });
});
