import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashName } from "./name-hash.js";
import { compareNames, isPlainName, nameKey, readName, standardName } from "./person-name.js";

const syllables =
  "nguyễn văn hoà hòa HOÈ Thuý quý Đặng đinh Hùng Hưng Hung h'hen niê y-moan k'brôi A Ưng uỷ Lý Lí".split(
    " ",
  );
const vietnameseName = fc
  .array(fc.constantFrom(...syllables), { minLength: 1, maxLength: 4 })
  .map((words) => words.join(" "));

describe("readName(text)", () => {
  it.each<[string, string, string[]]>([
    ["Nguyễn Văn A", "Nguyễn Văn A", []],
    ["H'Hen Niê", "H'Hen Niê", []],
    ["Y-Moan Ênuôl", "Y-Moan Ênuôl", []],
    ["NGUYỄN VĂN A", "Nguyễn Văn A", ["case"]],
    ["nguyễn Văn a", "Nguyễn Văn A", ["case"]],
    ["ĐẶNG đình", "Đặng Đình", ["case"]],
    ["H'hen Niê", "H'Hen Niê", ["case"]],
    ["Nguye\u0302\u0303n Va\u0306n A", "Nguyễn Văn A", ["unicode-form"]],
    [" Nguyễn  Văn A ", "Nguyễn Văn A", ["spaces"]],
    ["Nguyễn\u00a0Văn\u00a0A", "Nguyễn Văn A", ["spaces"]],
    ["Nguyễn\tVăn\nA", "Nguyễn Văn A", ["spaces"]],
    ["Nguyễn Văn A.", "Nguyễn Văn A", ["punctuation"]],
    ['"Nguyễn Văn A"', "Nguyễn Văn A", ["punctuation"]],
    ["-Nguyễn Văn A_", "Nguyễn Văn A", ["punctuation"]],
    ["Nguyễn Văn A (", "Nguyễn Văn A", ["punctuation"]],
    ["Nguyễn.Văn,A", "Nguyễn Văn A", ["punctuation"]],
    ["Nguyễn Văn A'", "Nguyễn Văn A", ["punctuation"]],
    ["H’Hen Niê", "H'Hen Niê", ["punctuation"]],
    ["HʼHen Niê", "H'Hen Niê", ["punctuation"]],
    ["H`Hen Niê", "H'Hen Niê", ["punctuation"]],
    ["H´Hen Niê", "H'Hen Niê", ["punctuation"]],
    ["Nguyễn Hoà", "Nguyễn Hòa", ["tone-placement"]],
    ["Nguyễn Thuý", "Nguyễn Thúy", ["tone-placement"]],
    ["Nguyễn Hoè", "Nguyễn Hòe", ["tone-placement"]],
    ["Nguyễn Quý", "Nguyễn Quý", []],
    ["Nguyễn\u200b Văn A\ufeff", "Nguyễn Văn A", ["invisible-characters"]],
    ["\u202eNguyễn Văn A\u202c", "Nguyễn Văn A", ["invisible-characters"]],
    ["Ng\u00aduyễn Văn A\u0000\u0080", "Nguyễn Văn A", ["invisible-characters"]],
    [
      "NGUYE\u0302\u0303N  THUY\u0301.",
      "Nguyễn Thúy",
      ["unicode-form", "spaces", "punctuation", "tone-placement", "case"],
    ],
    ["", "", ["blank"]],
    [" \u200b ", "", ["blank"]],
    ["-", "", ["blank"]],
    ["...", "", ["blank"]],
  ])("%j → %j %j", (text, standard, findings) => {
    expect(readName(text)).toEqual({ standard, findings: findings.map((id) => `name.${id}`), repairs: [] });
  });

  it.each([
    ["Nguyễn Văn A2", "Nguyễn Văn A", "digits"],
    ["Nguyễn Văn A 2", "Nguyễn Văn A", "digits"],
    ["NguyÔn V¨n A", "Nguyễn Văn A", "tcvn3"],
    ["H\u00ad¬ng", "Hương", "tcvn3"],
    ["Nguyeãn Vaên A", "Nguyễn Văn A", "vni"],
    ["Ñinh Thò Lan", "Đinh Thị Lan", "vni"],
    ["Nguyá»…n VÄƒn A", "Nguyễn Văn A", "mojibake"],
  ])("offers for %j, composed or decomposed, the candidate %j", (text, name, damage) => {
    for (const form of ["NFC", "NFD"]) {
      const reading = readName(text.normalize(form));
      expect(reading.repairs).toEqual([{ name, finding: `name.${damage}` }]);
      expect(reading.standard).not.toBe(name);
    }
  });

  it("offers nothing for digits alone", () => {
    expect(readName("12345").repairs).toEqual([]);
  });

  it("is total; its standard form is stable and has nothing left to report", () => {
    const anyName = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.string({ unit: "grapheme" }),
      vietnameseName,
    );
    fc.assert(
      fc.property(anyName, (text) => {
        const { standard } = readName(text);
        const again = readName(standard);
        expect(again.standard).toBe(standard);
        expect(again.findings).toEqual(standard === "" ? ["name.blank"] : []);
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads case, Unicode form and spacing as one name", () => {
    fc.assert(
      fc.property(vietnameseName, (name) => {
        const { standard } = readName(name);
        expect(readName(name.toUpperCase()).standard).toBe(standard);
        expect(readName(name.normalize("NFD")).standard).toBe(standard);
        expect(readName(` ${name.replaceAll(" ", "\u00a0 ")} `).standard).toBe(standard);
      }),
    );
  });
});

describe("standardName(text)", () => {
  it("leaves nothing that it cleans, whichever character asks for it", () => {
    const left: string[] = [];
    for (let unit = 0; unit < 0x10000; unit++) {
      // Nothing else in the name asks for cleaning.
      const standard = standardName(`Lê ${String.fromCharCode(unit)}an`);
      const isClean =
        standard === standard.normalize("NFC") &&
        !/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}ÐƉðɖ’‘ʼ`´]|[^\S ]|^ | $| {2}/u.test(standard) &&
        !/(?!['-])[\p{P}\p{S}]/u.test(standard);
      if (!isClean) left.push(unit.toString(16));
    }
    expect(left).toEqual([]);
  });
});

describe("isPlainName(text)", () => {
  it.each([
    ["NGUYỄN văn Hoà", true],
    ["H'hen-A", true],
    ["ŋ", true],
    ["", false],
    ["A  B", false],
    ["A ", false],
    ["A'", false],
    ["A.", false],
    ["A2", false],
    ["Ð", false],
    ["Nguyễn".normalize("NFD"), false],
  ])("%j: %s", (text, expected) => {
    expect(isPlainName(text)).toBe(expected);
  });

  it("says that the words' standard forms make the name's", () => {
    const word = fc.oneof(
      fc.constantFrom(...syllables),
      fc
        .array(fc.integer({ min: 0x20, max: 0x24f }), { minLength: 1, maxLength: 3 })
        .map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(
        fc.array(word.filter(isPlainName), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(" ", "  "),
        (words, gap) => {
          const standard = words.map(standardName).join(" ");
          expect(standardName(words.join(gap))).toBe(standard);
        },
      ),
    );
  });
});

describe("nameKey(text)", () => {
  it("holds each syllable's tone wherever it is placed", () => {
    expect(nameKey("HOÀ BÌNH")).toEqual(nameKey("hòa bình"));
    expect(nameKey("Nguỹên")).toEqual(nameKey("Nguyễn"));
    expect(nameKey("Lý").marked).not.toBe(nameKey("Lí").marked);
  });

  it("calls the same what the byte hasher calls the same", () => {
    const encoder = new TextEncoder();
    const hash = (name: string): { marked: number; folded: number } => {
      const out = { marked: 0, folded: 0, flags: 0 };
      const bytes = encoder.encode(readName(name).standard);
      hashName(bytes, 0, bytes.length, out);
      return { marked: out.marked, folded: out.folded };
    };
    fc.assert(
      fc.property(vietnameseName, vietnameseName, (left, right) => {
        expect(nameKey(left).marked === nameKey(right).marked).toBe(hash(left).marked === hash(right).marked);
        expect(nameKey(left).folded === nameKey(right).folded).toBe(hash(left).folded === hash(right).folded);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("compareNames(record, register)", () => {
  it.each([
    ["NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa", "equal"],
    ["Nguye\u0302\u0303n Va\u0306n A.", "NGUYỄN VĂN A", "equal"],
    ["Nguyen Van Hung", "Nguyễn Văn Hùng", "marks-lost"],
    ["Nguyễn Van Hùng", "Nguyễn Văn Hùng", "marks-lost"],
    ["Dang Dinh", "Đặng Đình", "marks-lost"],
    ["H'Hen Nie", "H'Hen Niê", "marks-lost"],
    ["Nguyễn Văn Hưng", "Nguyễn Văn Hùng", "marks-differ"],
    ["Nguyễn Vân Hùng", "Nguyễn Văn Hùng", "marks-differ"],
    ["Đinh", "Đính", "marks-differ"],
    ["Nguyễn Văn Hùng", "Nguyen Van Hung", "marks-differ"],
    ["Nguyen Van Hưng", "Nguyễn Văn Hùng", "marks-differ"],
    ["Lý", "Lí", "different"],
    ["Nguyễn A", "Nguyễn Văn A", "different"],
    ["A Nguyễn Văn", "Nguyễn Văn A", "different"],
    ["Nguyễn VănA", "Nguyễn Văn A", "different"],
    ["HHen Niê", "H'Hen Niê", "different"],
    ["H Hen Niê", "H'Hen Niê", "different"],
    ["", "", "different"],
    ["", "Nguyễn Văn A", "different"],
    [".", "-", "different"],
  ])("%j and %j: %s", (record, register, level) => {
    expect(compareNames(record, register)).toBe(level);
  });

  it("calls a name equal to itself, and to nothing else symmetrically unequal", () => {
    fc.assert(
      fc.property(vietnameseName, vietnameseName, (left, right) => {
        expect(compareNames(left, left)).toBe("equal");
        expect(compareNames(left, right) === "equal").toBe(compareNames(right, left) === "equal");
      }),
    );
  });
});

describe("compareNames(record, register) and nameKey(text)", () => {
  const syllable = fc.constantFrom(
    "Nguyễn",
    "NGUYEN",
    "Nguyên",
    "văn",
    "Van",
    "Hoà",
    "Hòa",
    "hoa",
    "H'Hen",
    "Đỗ",
    "Do",
    "Lê-Na",
  );
  const name = fc.array(syllable, { minLength: 1, maxLength: 4 }).map((syllables) => syllables.join(" "));

  it("agree on who has the same name, with marks and without", () => {
    fc.assert(
      fc.property(name, name, (left, right) => {
        const [a, b] = [nameKey(left), nameKey(right)];
        const level = compareNames(left, right);
        expect(level === "equal").toBe(a.marked === b.marked);
        expect(level === "different").toBe(a.folded !== b.folded);
      }),
      { numRuns: 2000 },
    );
  });
});
