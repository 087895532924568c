import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashName } from "../identity/name-hash.js";
import { compareNames, readName } from "../identity/person-name.js";
import { nameLevels } from "../judge/comparison.js";
import type { RegisterIndex } from "../register/register-index.js";
import { compareNameByHash, compareNameByText } from "./compare-names.js";
import { createSubject, type Subject } from "./subject.js";

/** A register of one person with this name. */
function indexOf(name: string): RegisterIndex {
  const hash = { marked: 0, folded: 0, flags: 0 };
  const bytes = Buffer.from(name);
  hashName(bytes, 0, bytes.length, hash);
  const words = Int32Array.of(0, 0, hash.marked, hash.folded);
  return { version: "", people: 1, words, directory: Uint32Array.of(0, 1), bucketBits: 0 };
}

function subjectOf(name: string): Subject {
  const subject = createSubject();
  const bytes = Buffer.from(name);
  hashName(bytes, 0, bytes.length, subject.name);
  subject.nameText = name;
  return subject;
}

const byHash = (record: string, register: string): number =>
  compareNameByHash(subjectOf(record), indexOf(register), 0, () => record);

describe("compareNameByHash(subject, index, slot, nameText)", () => {
  it.each([
    ["Nguyễn Thị Hòa", "Nguyễn Thị Hòa", "equal"],
    ["NGUYỄN THỊ HOÀ", "Nguyễn Thị Hòa", "equal"],
    ["Nguyen Thi Hoa", "Nguyễn Thị Hòa", "marks-lost"],
    ["Nguyễn Thị Hóa", "Nguyễn Thị Hòa", "marks-differ"],
    ["Đỗ Thị Hóa", "Đỗ Thị Hòa", "marks-differ"],
    ["Do\u0302\u0303 Thị Hóa", "Đỗ Thị Hòa", "marks-differ"],
    ["Nguyễn Thi Hòa", "Nguyễn Thị Hòa", null],
    ["Nguyễn Văn Ân", "Nguyễn Văn An", "marks-differ"],
    ["Nguyễn Văn An", "Nguyễn Văn Ân", null],
    ["Nguyễn Thị Hạ", "Nguyễn Thị Hòa", "different"],
    ["Ñuñez Ý", "Nuñez Ý", null],
    ["Hòa- Ý", "Hóa Ý", null],
  ])("%j is to %j: %s", (record, register, level) => {
    expect(nameLevels[byHash(record, register)] ?? null).toBe(level);
  });

  it("leaves a name to the text that may have been typed with an old font", () => {
    const subject = subjectOf("Hóa Ý");
    const reading = { ...readName("Hóa Ý"), repairs: [{ name: "Hòa Ý", finding: "name.vni" as const }] };
    const register = indexOf("Hòa Ý");
    expect(compareNameByHash({ ...subject, nameReading: reading }, register, 0, () => "")).toBe(-1);
    expect(
      compareNameByHash({ ...subject, nameReading: { ...reading, repairs: [] } }, register, 0, () => ""),
    ).toBe(nameLevels.indexOf("marks-differ"));
  });

  it("tells what the text tells, or leaves it to the text", () => {
    const spellings = [
      "an Án ân Ấn ẩn",
      "hoa hoà hòa Hóa hỏa",
      "Do Đỗ đô dỗ do\u0302\u0303 dó",
      "nguyen Nguyễn NGUYÊN nguyền",
      "y Ý ỷ",
    ];
    const syllable = fc.nat(spellings.length - 1).chain((at) => {
      const forms = (spellings[at] as string).split(" ");
      return fc.tuple(fc.constantFrom(...forms), fc.constantFrom(...forms));
    });
    let told = 0;
    fc.assert(
      fc.property(
        fc.array(syllable, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(" ", "-"),
        (pairs, joint) => {
          const [record, register] = [0, 1].map((side) => pairs.map((pair) => pair[side]).join(joint)) as [
            string,
            string,
          ];
          const level = byHash(record, register);
          const expected = compareNames(record, register);
          if (level >= 0) {
            told++;
            expect(nameLevels[level]).toBe(expected);
          }
          expect(nameLevels[compareNameByText(subjectOf(record), indexOf(register), 0, () => register)]).toBe(
            expected,
          );
        },
      ),
      { numRuns: 3_000 },
    );
    expect(told).toBeGreaterThan(1_000);
  });
});
