import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBatch, scanBatch } from "./scanner.js";
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

  it("reads records of ordinary bytes at once, and leaves every other to who knows the grammar", () => {
    const read = (text: string, from: number, columns: number, to = text.length): unknown => {
      const batch = createBatch(columns, 3);
      const bytes = Buffer.from(text);
      specialBytes.begin(bytes, comma);
      const taken = specialBytes.takeRecords(batch, from, to, 1 << 20);
      const ends = [...batch.fieldEnd.subarray(0, taken * columns)];
      return { starts: [...batch.rowStart.subarray(0, taken)], ends, end: batch.end };
    };
    expect(read("x\na,,c\nd", 2, 3)).toEqual({ starts: [2], ends: [3, 4, 6], end: 7 });
    expect(read('a,b\r\n"c,""",d\ne,"f"\r', 0, 2)).toEqual({ starts: [0, 5], ends: [1, 3, 11, 13], end: 14 });
    expect(read("a,b\rc,d\ne,f\ng,h\n", 0, 2)).toEqual({
      starts: [0, 4, 8],
      ends: [1, 3, 5, 7, 9, 11],
      end: 12,
    });
    expect(read("a,b\nc,d\n", 0, 2, 4)).toEqual({ starts: [0], ends: [1, 3], end: 4 });
    const nothing = { starts: [], ends: [], end: 0 };
    const others = [
      "a,b,c\n",
      "a\n",
      "\n",
      "a,b",
      "a,\0b\n",
      'a,b"\n',
      '"a"b,c\n',
      '"a\nb",c\n',
      '"a,b\n',
      "a,b\r",
      "",
    ];
    expect(others.filter((text) => JSON.stringify(read(text, 0, 2)) !== JSON.stringify(nothing))).toEqual([]);
    expect(read(`${"a".repeat(65_530)},${"b".repeat(10)}\n`, 0, 2)).toEqual(nothing);
  });

  it("goes on with the record that a chunk's end has cut", () => {
    const lines = Array.from({ length: 9000 }, (_, line) => `${line},"x${line}"`);
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const batch = createBatch(2, lines.length);
    specialBytes.begin(bytes, comma);
    const calls: number[] = [];
    while (batch.rows < lines.length) {
      const taken = specialBytes.takeRecords(batch, batch.end, bytes.length, 1 << 20);
      calls.push(taken);
      if (taken === 0) break;
      batch.rows += taken;
    }
    expect(bytes.length).toBeGreaterThan(65_536);
    expect(calls.length).toBe(2);
    const rows = [...lines.keys()].map((row) =>
      bytes.toString("utf8", batch.rowStart[row], batch.rowEnd[row]),
    );
    expect(rows).toEqual(lines);
  });

  it("leaves a record of more bytes than allowed, and takes one of as many", () => {
    const batch = createBatch(2, 3);
    specialBytes.begin(Buffer.from("abc,def\n"), comma);
    expect(specialBytes.takeRecords(batch, 0, 8, 6)).toBe(0);
    expect(specialBytes.takeRecords(batch, 0, 8, 7)).toBe(1);
  });

  it.each(['"",', ',"""a"\r\n', ",b\r\n", ',"b"\n', ',"b"\r'])(
    "reads the same wherever a chunk's end cuts the record %j",
    (record) => {
      for (let before = 65_536 - 20; before < 65_536 + 4; before++) {
        const first = `${"x".repeat(before - 3)},y\n`;
        const bytes = Buffer.from(`${first}a${record.endsWith(",") ? `${record}\n` : record}c,d\n`);
        const batch = createBatch(2, 9);
        scanBatch(batch, bytes, 0, bytes.length, true, {
          delimiter: comma,
          maxRecordBytes: 1 << 20,
          maxFieldLines: 9,
          lineUnit: "line",
        });
        const rows = [...Array(batch.rows).keys()].map((row) =>
          bytes.toString("utf8", batch.rowStart[row], batch.rowEnd[row]),
        );
        const expected = bytes.toString().split(/\r\n|\r|\n/);
        expect(rows).toEqual(expected.slice(0, -1));
      }
    },
  );

  it("forgets the text before", () => {
    const bytes = Buffer.from("a,b,c");
    specialBytes.begin(bytes, comma);
    expect(specialBytes.next(0)).toBe(1);
    bytes.write("abc,d");
    specialBytes.begin(bytes, comma);
    expect([specialBytes.next(0), specialBytes.next(4)]).toEqual([3, 5]);
  });
});
