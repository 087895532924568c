import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standardName } from "../identity/person-name.js";
import { ByteWriter } from "./byte-writer.js";
import { putPlainName } from "./standard-name.js";

/** What is put after a comma, or null when nothing was put. */
function put(name: string): string | null {
  const writer = new ByteWriter(4);
  writer.putByte(0x2c);
  const bytes = Buffer.from(`<${name}>`);
  const isPut = putPlainName(writer, bytes, 1, bytes.length - 1);
  const text = Buffer.from(writer.view()).toString("utf8");
  if (!isPut) expect(text).toBe(",");
  return isPut ? text.slice(1) : null;
}

describe("putPlainName(writer, bytes, start, end)", () => {
  it.each([
    ["NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa"],
    ["  nguyễn   văn a ", "Nguyễn Văn A"],
    ["h'hen niê", "H'Hen Niê"],
    ["Y-MOAN Ênuôl", "Y-Moan Ênuôl"],
    ["ȺB", "Ⱥb"],
    ["aȺ", "Aⱥ"],
    ["", ""],
  ])("puts %j as %j", (name, expected) => {
    expect(put(name)).toBe(expected);
    expect(standardName(name)).toBe(expected);
  });

  it.each([
    ["Nguye\u0302\u0303n A", "decomposed"],
    ["Nguyễn\u00a0A", "another space"],
    ["Nguyễn A.", "punctuation"],
    ["Nguyễn - A", "a hyphen that joins nothing"],
    ['"Nguyễn A"', "quotes"],
    ["Nguyễn A2", "a digit"],
    ["Ðinh", "an Icelandic letter"],
    ["\ufffd", "a replacement character"],
  ])("leaves %j to the whole text: %s", (name) => {
    expect(put(name)).toBeNull();
  });

  it("puts nothing but the standard form", () => {
    const part = fc.constantFrom(
      ..."nguyễn VĂN Hoà THUÝ quý h'hen Y-moan Đỗ ðinh A. 2 - ' ß ŉ Hòa\u0301 ﬁ ".split(" "),
    );
    const name = fc.oneof(
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join(" ")),
      fc.string({ unit: "binary", maxLength: 12 }).map((text) => Buffer.from(text).toString()),
      fc
        .array(fc.integer({ min: 0x20, max: 0x24f }), { maxLength: 6 })
        .map((at) => String.fromCharCode(...at)),
    );
    fc.assert(
      fc.property(name, (text) => {
        expect(put(text) ?? standardName(text)).toBe(standardName(text));
      }),
      { numRuns: 3_000 },
    );
  });
});
