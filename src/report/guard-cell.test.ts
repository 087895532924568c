import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardCell } from "./guard-cell.js";

/** Characters that stand before a formula and are not seen, or not minded. */
const prefixes = [
  ...["", " ", "\u00a0", "\u3000", "\t", "\n", "\r", "\u0000", "\u0001", "\u007f", "\u0085"],
  ...["\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200d", "\u200e", "\u202e", "\u2060", "\ufe0f"],
  ...["\ufeff", "\u{e0020}"],
  ...['"', "'", "`", "´", "“", "”", "‘", "’", "„", "‚", "«", "»", "＂", "＇", "''", '"\u200b ', " \u0000'"],
];

describe("guardCell(text)", () => {
  it.each(prefixes)("guards a formula behind %j", (prefix) => {
    for (const sign of "=+-@＝＋－＠") {
      expect(guardCell(`${prefix}${sign}1`)).toBe(`'${prefix}${sign}1`);
    }
  });

  it.each(["\tx", "\rx", "\nx", "\0x", "'\tx"])("guards a text that begins with a separator: %j", (text) => {
    expect(guardCell(text)).toBe(`'${text}`);
  });

  it.each([
    ...["", " ", "x", "0", "'", '"x"', "“Trạm”", "\u200bx", "1=1", "a@b.vn", "Trạm Y tế - Phường 1", "x\t=1"],
    ...["01-cao-bang", "2023-06-13-0123456789ab/7/400", "đúng", "'right"],
  ])("leaves any other text as it is: %j", (text) => {
    expect(guardCell(text)).toBe(text);
  });

  it("can be undone: what was guarded is so still, and without its apostrophe it is what was delivered", () => {
    const letters = fc.constantFrom(...prefixes, ..."=+-@x1");
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 6 }), (parts) => {
        const text = parts.join("");
        const guarded = guardCell(text);
        const isGuarded = guardCell(guarded) !== guarded;
        expect(isGuarded ? guarded.slice(1) : guarded).toBe(text);
      }),
    );
  });
});
