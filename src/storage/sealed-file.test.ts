import { createDecipheriv, hkdfSync } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { readKeyText } from "./file-key.js";
import { unsealFile } from "./sealed-copy.js";
import { createSeal, type FileSeal, frameBytes, sealEnd, sealFrames, sealWhole } from "./sealed-file.js";

const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const key = readKeyText(secret.toString("hex"), "test");
const otherKey = readKeyText(Buffer.from(secret.map((byte) => byte ^ 0x55)).toString("hex"), "test");

const dir = mkdtempSync(path.join(tmpdir(), "lamsach-sealed-"));
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});
const sealedPath = path.join(dir, "set.csv.sealed");
const target = path.join(dir, "set.csv");

/** What a sealed file holds, or the exit code with which it is refused; a refused file must leave nothing. */
function unseal(sealed: Uint8Array, with_ = key): Buffer | number {
  writeFileSync(sealedPath, sealed);
  rmSync(target, { force: true });
  try {
    unsealFile(sealedPath, with_, target);
    return readFileSync(target);
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(dir)).toEqual(["set.csv.sealed"]);
    return error.exitCode;
  }
}

/** The format as docs/encryption.md tells it, read without the code that writes it. */
function readByTheBook(file: Buffer): Buffer {
  const header = file.subarray(0, 48);
  expect(header.toString("latin1", 0, 8)).toBe("lmsSEAL\u0001");
  expect(header.toString("hex", 8, 16)).toBe(
    Buffer.from(hkdfSync("sha256", secret, "", "lamsach key id", 8)).toString("hex"),
  );
  const info = Buffer.concat([Buffer.from("lamsach sealed file"), header]);
  const fileKey = Buffer.from(hkdfSync("sha256", secret, header.subarray(16), info, 32));
  const contents: Buffer[] = [];
  for (let at = 48; ; ) {
    const length = file.readUInt32LE(at);
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(BigInt(at), 0);
    nonce.writeUInt32BE(length === 0 ? 1 : 0, 8);
    const decipher = createDecipheriv("aes-256-gcm", fileKey, nonce);
    decipher.setAAD(file.subarray(at, at + 4));
    decipher.setAuthTag(file.subarray(at + 4 + length, at + 20 + length));
    contents.push(decipher.update(file.subarray(at + 4, at + 4 + length)), decipher.final());
    at += 20 + length;
    if (length > 0) continue;
    expect(at).toBe(file.length);
    return Buffer.concat(contents);
  }
}

/** A fixed file of format 1: what was sealed once must open for ever. */
const kept = {
  content: "record_id,full_name\nR1,Nguyễn Văn Mẫu\n",
  sealed:
    "6c6d735345414c01fc7eecf879a69b81f14c1db381449e5f52926017e9d8d7f1bdbe677c7abf79b2c9ff444907438e772b000000c84b7dd60cf1e7abc4769a964f277a005398b2888da1fc37de821b7e6004d7a0802f17e517ce1212d2aa49d2bc98356a0832e58004a8dd5de5aa6e00000000e730209024513a06f101ab463f8415d9",
};

describe("the format of sealed files", () => {
  it("opens a file that was sealed by the first version", () => {
    expect(unseal(Buffer.from(kept.sealed, "hex")).toString()).toBe(kept.content);
    expect(readByTheBook(Buffer.from(kept.sealed, "hex")).toString()).toBe(kept.content);
  });

  it.each([0, 1, frameBytes - 1, frameBytes, frameBytes + 1, 3 * frameBytes + 17])(
    "gives %i bytes back, and is as the book says",
    (length) => {
      const content = Buffer.alloc(length, "Tiêm chủng ");
      const sealed = sealWhole(key, content);
      expect(sealed.length).toBe(48 + length + 20 * Math.ceil(length / frameBytes) + 20);
      expect(readByTheBook(sealed).equals(content)).toBe(true);
      expect((unseal(sealed) as Buffer).equals(content)).toBe(true);
      expect(statSync(target).mode & 0o7777).toBe(0o600);
    },
  );

  it("is another file each time, and shows nothing of what it holds", () => {
    const content = Buffer.alloc(500, "001090000001,");
    const [one, two] = [sealWhole(key, content), sealWhole(key, content)];
    expect(one.equals(two)).toBe(false);
    expect(one.includes("001090000001")).toBe(false);
  });

  it("may be sealed in parts of any length", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (parts) => {
        expect(unseal(sealParts(createSeal(key), parts))).toEqual(Buffer.concat(parts));
      }),
      { numRuns: 50 },
    );
  });
});

/** One frame for each part that is not empty. */
function sealParts(seal: FileSeal, parts: readonly Uint8Array[]): Buffer {
  let sealed = Buffer.from(seal.header);
  for (const part of parts) sealed = Buffer.concat([sealed, sealFrames(seal, sealed.length, part)]);
  return Buffer.concat([sealed, sealEnd(seal, sealed.length)]);
}

describe("a sealed file that is not as it was sealed", () => {
  const content = Buffer.from("record_id,full_name\nR1,Người Mẫu\nR2,Người Khác\n");
  const seal = createSeal(key);
  const lines = ["record_id,full_name\n", "R1,Người Mẫu\n", "R2,Người Khác\n"];
  const small = sealLines(lines);
  const frames = splitFrames(small);

  function sealLines(texts: readonly string[]): Buffer {
    return sealParts(
      seal,
      texts.map((text) => Buffer.from(text)),
    );
  }

  function splitFrames(sealed: Buffer): Buffer[] {
    const found = [sealed.subarray(0, 48)];
    for (let at = 48; at < sealed.length; at += (found.at(-1) as Buffer).length) {
      found.push(sealed.subarray(at, at + 20 + sealed.readUInt32LE(at)));
    }
    return found;
  }

  it("is read when nothing is wrong with it", () => {
    expect(unseal(small)).toEqual(content);
    expect(frames.map(({ length }) => length)).toEqual([48, 40, 38, 38, 20]);
  });

  it("is refused when any bit of any byte is another one", () => {
    for (let at = 0; at < small.length; at++) {
      const changed = Buffer.from(small);
      changed[at] = (changed[at] as number) ^ (1 << (at & 7));
      // The key's id is told as such: bytes 8 to 15.
      expect([at, unseal(changed)]).toEqual([at, at >= 8 && at < 16 ? exitCodes.usage : exitCodes.input]);
    }
  });

  it("is refused when it is cut short anywhere", () => {
    for (let length = 0; length < small.length; length++) {
      expect([length, unseal(small.subarray(0, length))]).toEqual([length, exitCodes.input]);
    }
  });

  it("is refused when frames are left out, repeated, swapped, or moved behind the end", () => {
    const [header, a, b, c, end] = frames as [Buffer, Buffer, Buffer, Buffer, Buffer];
    for (const order of [
      [header, a, b, end],
      [header, a, c, end],
      [header, b, c, end],
      [header, end],
      [header, b, a, c, end],
      [header, a, c, b, end],
      [header, a, a, b, c, end],
      [header, a, b, c, end, end],
      [header, a, b, end, c],
      [header, header, a, b, c, end],
    ]) {
      expect(unseal(Buffer.concat(order))).toBe(exitCodes.input);
    }
  });

  it("is refused when frames of the same length are swapped", () => {
    const parts = splitFrames(sealLines(["aaaa", "bbbb", "cccc"]));
    const [header, a, b, c, end] = parts as [Buffer, Buffer, Buffer, Buffer, Buffer];
    expect(unseal(Buffer.concat([header, a, b, c, end]))).toEqual(Buffer.from("aaaabbbbcccc"));
    expect(unseal(Buffer.concat([header, a, c, b, end]))).toBe(exitCodes.input);
    expect(unseal(Buffer.concat([header, a, b, b, end]))).toBe(exitCodes.input);
  });

  it("is refused when a frame or the header is from another file of the same key", () => {
    const [header, a, b, c, end] = frames as [Buffer, Buffer, Buffer, Buffer, Buffer];
    const others = splitFrames(sealWhole(key, content.subarray(0, 20)));
    expect(unseal(Buffer.concat([others[0] as Buffer, a, b, c, end]))).toBe(exitCodes.input);
    expect(unseal(Buffer.concat([header, others[1] as Buffer, b, c, end]))).toBe(exitCodes.input);
  });

  it("is refused with one byte or a thousand more", () => {
    for (const more of [1, 1000]) {
      expect(unseal(Buffer.concat([small, Buffer.alloc(more)]))).toBe(exitCodes.input);
    }
  });

  it("is refused with another key, which is said", () => {
    expect(unseal(small, otherKey)).toBe(exitCodes.usage);
    expect(() => unsealFile(sealedPath, otherKey, target)).toThrow(`the key given is ${otherKey.id}`);
  });
});
