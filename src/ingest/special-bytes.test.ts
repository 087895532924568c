import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { specialBytes } from "./special-bytes.js";

const comma = 0x2c;
const tab = 0x09;

function isSpecial(byte: number, delimiter: number): boolean {
  return byte === delimiter || byte === 0x22 || (byte < 0x20 && byte !== tab);
}

/** What `next(from)` has to say, byte by byte. */
function findOneByOne(bytes: Uint8Array, from: number, delimiter: number): number {
  let at = from;
  while (at < bytes.length && !isSpecial(bytes[at] as number, delimiter)) at++;
  return Math.min(at, bytes.length);
}

describe("specialBytes", () => {
  it("knows each byte value, for each delimiter", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    for (const delimiter of [comma, 0x3b, tab]) {
      specialBytes.begin(bytes, delimiter);
      const found = [...bytes.keys()].filter((at) => specialBytes.next(at) === at);
      expect(found).toEqual([...bytes].filter((byte) => isSpecial(byte, delimiter)));
    }
  });

  it("agrees with a look at every byte: any bytes, anywhere in memory, asked in any order", () => {
    const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(comma, 0x22, 0x0a, 0x61));
    fc.assert(
      fc.property(
        fc.array(byte, { maxLength: 100 }),
        fc.nat(15),
        fc.array(fc.nat(110), { maxLength: 20 }),
        (list, offset, asked) => {
          const bytes = new Uint8Array(new ArrayBuffer(list.length + offset), offset);
          bytes.set(list);
          specialBytes.begin(bytes, comma);
          for (const from of asked) expect(specialBytes.next(from)).toBe(findOneByOne(bytes, from, comma));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("goes on from chunk to chunk, and back", () => {
    const bytes = new Uint8Array(300_000).fill(0x61);
    const special = [0, 65_535, 65_536, 131_071, 131_072, 262_143, 299_999];
    for (const at of special) bytes[at] = comma;
    specialBytes.begin(bytes, comma);
    const found: number[] = [];
    for (let at = specialBytes.next(0); at < bytes.length; at = specialBytes.next(at + 1)) found.push(at);
    expect(found).toEqual(special);
    expect([200_000, 65_537, 262_144, 1, 300_000].map((from) => specialBytes.next(from))).toEqual([
      262_143, 131_071, 299_999, 65_535, 300_000,
    ]);
  });

  it("reads a record of ordinary bytes at once, and leaves every other to who knows the grammar", () => {
    const ends = new Int32Array(4);
    const read = (text: string, from: number, columns: number): number[] => {
      specialBytes.begin(Buffer.from(text), comma);
      return [specialBytes.plainRecord(from, ends, 1, columns), ...ends.subarray(1, columns)];
    };
    expect(read("x\nab,,c\nd", 2, 3)).toEqual([7, 4, 5]);
    expect(read("a\r\n", 0, 1)).toEqual([1]);
    const others = ["a,b,c\n", "a\n", "a,b", "a,\0b\n", 'a,"b"\n', '"a",b\n', "a,b,", ""];
    expect(others.filter((text) => read(text, 0, 2)[0] !== -1)).toEqual([]);
    const across = `${"a".repeat(65_530)},${"b".repeat(10)}\n`;
    expect(read(across, 0, 2)[0]).toBe(-1);
  });

  it("forgets the text before", () => {
    const bytes = Buffer.from("a,b,c");
    specialBytes.begin(bytes, comma);
    expect(specialBytes.next(0)).toBe(1);
    bytes.write("abc,d");
    specialBytes.begin(bytes, comma);
    expect([specialBytes.next(0), specialBytes.next(4)]).toEqual([3, 5]);
  });
});
