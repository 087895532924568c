import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAscii, textTraits, traitsOf } from "./text-traits.js";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc
    .array(fc.integer({ min: 0, max: 0x500 }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
);

describe("traitsOf(text)", () => {
  it.each([
    ["Nguyễn Văn A 2", 0],
    ["Ð", textTraits.foreignStroke],
    ["a\u0301", textTraits.composing],
    ["a\tb", textTraits.otherSpace],
    ["a\u0085b", textTraits.otherSpace],
    ["H'Hen-", textTraits.punctuation],
    ["Hʼ", textTraits.punctuation],
    ["a\u00adb", textTraits.invisible],
    ["a\u0007b", textTraits.invisible],
  ])("of %j are %i", (text, traits) => {
    expect(traitsOf(text)).toBe(traits);
  });

  it.each(["’", "\u200b", "가", "𝟘", "\ud800"])("leave everything open for %j", (text) => {
    expect(traitsOf(text)).toBe(Object.values(textTraits).reduce((all, trait) => all | trait, 0));
  });

  /** What is not set is certain. */
  function expectCertain(text: string): void {
    const traits = traitsOf(text);
    const isOpen = (trait: number): boolean => (traits & trait) !== 0;
    const wrong: string[] = [];
    if (!isOpen(textTraits.composing) && text.normalize("NFC") !== text) wrong.push("composing");
    if (!isOpen(textTraits.otherSpace) && /[^\S ]|\x85/u.test(text)) wrong.push("otherSpace");
    if (!isOpen(textTraits.punctuation) && /[\p{P}\p{S}ʼ]/u.test(text)) wrong.push("punctuation");
    if (!isOpen(textTraits.foreignStroke) && /[ÐƉðɖ]/u.test(text)) wrong.push("foreignStroke");
    if (
      !isOpen(textTraits.invisible) &&
      /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\x85])\p{Cc}/u.test(text)
    )
      wrong.push("invisible");
    if (wrong.length > 0) expect({ text, wrong }).toEqual({ text, wrong: [] });
  }

  it("are set wherever a rule would change something", () => {
    fc.assert(fc.property(anyText, expectCertain), { numRuns: 5_000 });
    for (let unit = 0; unit < 0x10000; unit++) expectCertain(`a${String.fromCharCode(unit)}`);
  });
});

describe("isAscii(text)", () => {
  it.each([
    ["", true],
    ["a\0\x7f", true],
    ["a\x80", false],
    ["😀", false],
  ])("%j: %s", (text, expected) => {
    expect(isAscii(text)).toBe(expected);
  });
});
