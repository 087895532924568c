import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasControlCharacters } from "./control-characters.js";

function hasOneByOne(bytes: Uint8Array, start: number, end: number): boolean {
  return bytes.subarray(start, end).some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte));
}

describe("hasControlCharacters(bytes, start, end)", () => {
  it("agrees with a look at every byte: any start, end and alignment, one control character anywhere", () => {
    const wrong: string[] = [];
    for (let offset = 0; offset < 8; offset++) {
      const bytes = new Uint8Array(new ArrayBuffer(40), offset, 21);
      for (let at = -1; at < bytes.length; at++) {
        bytes.fill(0x61);
        if (at >= 0) bytes[at] = 0x01;
        for (let start = 0; start <= bytes.length; start++) {
          for (let end = start; end <= bytes.length; end++) {
            if (hasControlCharacters(bytes, start, end) !== hasOneByOne(bytes, start, end))
              wrong.push(`offset ${offset}, control at ${at}, [${start}, ${end})`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it("knows each byte value, alone and beside every neighbour that could borrow from it", () => {
    const bytes = new Uint8Array(12);
    const wrong: number[][] = [];
    for (let value = 0; value < 256; value++) {
      for (const neighbour of [0x00, 0x1f, 0x20, 0x21, 0x7f, 0x80, 0xa0, 0xff, 0x0a, 0x61]) {
        bytes.fill(neighbour);
        bytes[5] = value;
        if (hasControlCharacters(bytes, 0, 12) !== hasOneByOne(bytes, 0, 12)) wrong.push([value, neighbour]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("agrees with a look at every byte on any bytes", () => {
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x09, 0x0a, 0x0d, 0x20, 0x41));
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 40 }),
        fc.nat(7),
        fc.nat(40),
        fc.nat(40),
        (list, offset, a, b) => {
          const bytes = new Uint8Array(new ArrayBuffer(list.length + offset), offset);
          bytes.set(list);
          const [start, end] = [Math.min(a, b, list.length), Math.min(Math.max(a, b), list.length)];
          expect(hasControlCharacters(bytes, start, end)).toBe(hasOneByOne(bytes, start, end));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("looks at the bytes it is given, not at those of the call before", () => {
    const clean = Uint8Array.from({ length: 16 }, () => 0x61);
    const dirty = Uint8Array.from({ length: 16 }, () => 0x01);
    expect([clean, dirty, clean].map((bytes) => hasControlCharacters(bytes, 0, 16))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
