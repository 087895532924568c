import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { codeCatalogue } from "./code-catalogue.js";
import {
  type BirthDateLevel,
  birthDateLevels,
  type NameLevel,
  nameLevels,
  type PersonState,
  packComparison,
  personStates,
  type SexLevel,
  sexLevels,
} from "./comparison.js";
import { findingCatalogue } from "./finding-catalogue.js";
import { addFinding, type FindingId, findingIds, findingWords } from "./findings.js";
import { createJudge, type Judge, type Verdict } from "./judge-record.js";

const scheme06 = loadPolicy("pipelines/policies/scheme-06.yaml");

type Levels = readonly [person: PersonState, name: NameLevel, birthDate: BirthDateLevel, sex: SexLevel];
const nobody: Levels = ["none", "not-compared", "not-compared", "not-compared"];
const authentic: Levels = ["found", "equal", "equal", "equal"];
const repaired: Levels = ["repaired", "equal", "equal", "equal"];

function pack([person, name, birthDate, sex]: Levels): number {
  return packComparison({
    person: personStates.indexOf(person),
    name: nameLevels.indexOf(name),
    birthDate: birthDateLevels.indexOf(birthDate),
    sex: sexLevels.indexOf(sex),
  });
}

function judgeWith(judge: Judge, findings: readonly FindingId[], levels: Levels): Verdict {
  const words = new Uint32Array(findingWords * 3);
  for (const id of findings) addFinding(words, findingWords, id);
  return judge.judge(words, findingWords, pack(levels));
}

function judgeOnce(findings: readonly FindingId[], levels: Levels, policy: Policy = scheme06): Verdict {
  return judgeWith(createJudge(policy), findings, levels);
}

const codeOf = (findings: readonly FindingId[], levels: Levels, policy?: Policy): string =>
  judgeOnce(findings, levels, policy).code.code;

const cases: readonly [code: string, findings: readonly FindingId[], levels: Levels][] = [
  ["C1", [], authentic],
  [
    "C1",
    ["register.deceased", "lot.blank", "citizen-id.sex-digit", "dose.gap", "birth-date.first-of-january"],
    authentic,
  ],
  ["C2", ["name.case"], authentic],
  ["C2", ["name.marks-lost"], ["found", "marks-lost", "equal", "equal"]],
  ["C2", ["birth-date.excel-serial"], ["found", "equal", "year-only", "equal"]],
  ["C3", ["citizen-id.length", "citizen-id.leading-zeros"], repaired],
  ["C3", ["citizen-id.replaced", "register.number-cancelled"], repaired],
  ["C3", ["name.tcvn3", "name.case"], ["found", "repaired", "equal", "equal"]],
  ["C3", ["sex.blank", "sex.filled-from-id"], authentic],
  ["X10", ["citizen-id.blank"], nobody],
  ["X11", ["citizen-id.placeholder"], nobody],
  ["X12", ["citizen-id.old-number"], nobody],
  ["X13", ["citizen-id.passport"], nobody],
  ["X20", ["citizen-id.length"], nobody],
  ["X21", ["citizen-id.characters"], nobody],
  ["X22", ["citizen-id.unknown-place"], nobody],
  ["X23", ["citizen-id.other-number"], nobody],
  ["X24", ["citizen-id.spreadsheet-damage"], nobody],
  ["X30", ["register.number-unknown"], nobody],
  ["X30", ["register.number-cancelled"], nobody],
  ["X31", [], ["found", "different", "equal", "equal"]],
  ["X31", [], ["found", "marks-differ", "equal", "equal"]],
  ["X32", [], ["found", "equal", "swapped", "equal"]],
  ["X32", ["birth-date.year-only"], ["found", "equal", "record-year-only", "equal"]],
  ["X33", [], ["found", "equal", "equal", "different"]],
  ["X34", [], ["found", "different", "equal", "different"]],
  ["X34", [], ["found", "different", "different", "different"]],
  ["E10", ["row.structure"], nobody],
  ["E11", ["row.undecodable"], nobody],
  ["E12", ["row.too-large"], nobody],
  ["E20", ["name.blank"], ["found", "not-compared", "equal", "equal"]],
  ["E21", ["birth-date.blank"], ["found", "equal", "not-compared", "equal"]],
  ["E22", ["sex.blank", "register.ambiguous"], nobody],
  ["E22", ["sex.unreadable", "citizen-id.two-candidates"], nobody],
  ["E23", ["vaccine.blank"], authentic],
  ["E24", ["vaccination-date.blank"], authentic],
  ["E25", ["facility.blank"], authentic],
  ["E30", ["vaccination-date.impossible"], authentic],
  ["E31", ["vaccination-date.before-programme"], authentic],
  ["E31", ["vaccination-date.before-approval"], authentic],
  ["E32", ["vaccination-date.future"], authentic],
  ["E33", ["vaccination-date.before-birth"], authentic],
  ["E34", ["vaccine.unknown"], authentic],
  ["E35", ["dose-no.blank"], authentic],
  ["E35", ["dose-no.impossible"], authentic],
  ["E36", ["birth-date.impossible"], ["found", "equal", "not-compared", "equal"]],
  ["E40", ["record.delivered-twice"], authentic],
  ["E41", ["dose.same-day"], authentic],
  ["E42", ["record.conflicting-content"], authentic],
  ["E50", ["dose.order"], authentic],
  ["E60", ["register.ambiguous", "citizen-id.old-number"], nobody],
  ["E61", ["register.not-consulted", "citizen-id.length"], nobody],
  ["E60", ["citizen-id.two-candidates"], nobody],
  ["E61", ["register.not-consulted"], nobody],
];

describe("createJudge(policy).judge", () => {
  it.each(cases)("%s: %j beside %j", (code, findings, levels) => {
    expect(codeOf(findings, levels)).toBe(code);
  });

  it("reaches every code of the catalogue", () => {
    const reached = new Set(cases.map(([, findings, levels]) => codeOf(findings, levels)));
    expect([...reached].sort()).toEqual(codeCatalogue.map(({ code }) => code).sort());
  });

  it.each<[first: string, second: string, findings: readonly FindingId[], levels: Levels]>([
    ["E10", "E40", ["row.structure", "record.delivered-twice"], nobody],
    ["E40", "X10", ["record.delivered-twice", "citizen-id.blank"], nobody],
    ["E42", "X21", ["record.conflicting-content", "citizen-id.characters"], nobody],
    ["E40", "E42", ["record.conflicting-content", "record.delivered-twice"], nobody],
    ["X10", "E20", ["name.blank", "citizen-id.blank"], nobody],
    ["X24", "E21", ["birth-date.blank", "citizen-id.spreadsheet-damage"], nobody],
    ["X12", "E60 without register.ambiguous", ["citizen-id.old-number", "citizen-id.two-candidates"], nobody],
    ["E20", "X33", ["name.blank"], ["found", "not-compared", "equal", "different"]],
    ["E21", "X31", ["birth-date.blank"], ["found", "different", "not-compared", "equal"]],
    ["E20", "E21", ["birth-date.blank", "name.blank"], ["found", "not-compared", "not-compared", "equal"]],
    ["E21", "E22", ["birth-date.blank", "sex.blank"], nobody],
    ["X31", "E36", ["birth-date.impossible"], ["found", "different", "not-compared", "equal"]],
    ["X30", "E61", ["register.number-unknown", "register.not-consulted"], nobody],
    ["X32", "E23", ["vaccine.blank"], ["found", "equal", "different", "equal"]],
    ["X34", "E41", ["dose.same-day"], ["found", "different", "different", "equal"]],
    ["E23", "E24", ["vaccination-date.blank", "vaccine.blank"], authentic],
    ["E33", "E50", ["dose.order", "vaccination-date.before-birth"], authentic],
    ["E50", "C3", ["citizen-id.length", "citizen-id.leading-zeros", "dose.order"], repaired],
    ["E20", "E60", ["name.blank", "register.ambiguous", "citizen-id.old-number"], nobody],
  ])("judges %s before %s", (first, _second, findings, levels) => {
    expect(codeOf(findings, levels)).toBe(first);
  });

  it("gives each pair of findings the code of the one whose family the policy names first", () => {
    const coded = Object.entries(scheme06.codes) as [FindingId, string][];
    const position = (code: string): number => {
      const family = scheme06.order.findIndex((entry) => code.startsWith(entry));
      return family * 100 + codeCatalogue.findIndex((entry) => entry.code === code);
    };
    const judge = createJudge(scheme06);
    for (const [one, oneCode] of coded) {
      for (const [other, otherCode] of coded) {
        // An ambiguous number takes back what is wrong with the number as delivered.
        if ([one, other].some((id) => id === "register.ambiguous" || id === "register.not-consulted"))
          continue;
        const expected = position(oneCode) <= position(otherCode) ? oneCode : otherCode;
        expect(judgeWith(judge, [one, other], nobody).code.code).toBe(expected);
      }
    }
  });
});

describe("a repair of the number", () => {
  const zeros = ["citizen-id.length", "citizen-id.leading-zeros"] as const;

  it.each<[what: string, code: string, levels: Levels]>([
    ["another name", "X20", ["repaired", "different", "equal", "equal"]],
    ["other marks", "X20", ["repaired", "marks-differ", "equal", "equal"]],
    ["another birth date", "X20", ["repaired", "equal", "different", "equal"]],
    ["no birth date", "X20", ["repaired", "equal", "not-compared", "equal"]],
    ["another sex", "X20", ["repaired", "equal", "equal", "different"]],
    ["marks lost beside a year", "X20", ["repaired", "marks-lost", "year-only", "equal"]],
    ["everything different", "X20", ["repaired", "different", "different", "different"]],
    ["nothing different", "C3", repaired],
  ])("%s: %s", (_what, code, levels) => {
    const verdict = judgeOnce(zeros, levels);
    expect(verdict.code.code).toBe(code);
    expect(verdict.findings).toEqual(code === "C3" ? zeros : ["citizen-id.length"]);
  });

  it("leaves no difference behind when it is not proven", () => {
    const { findings } = judgeOnce(zeros, ["repaired", "different", "different", "different"]);
    expect(findings).toEqual(["citizen-id.length"]);
  });

  it("falls back to the cancelled number when the replacement is somebody else", () => {
    const findings: FindingId[] = ["citizen-id.replaced", "register.number-cancelled"];
    const verdict = judgeOnce(findings, ["repaired", "different", "equal", "equal"]);
    expect([verdict.code.code, verdict.findings]).toEqual(["X30", ["register.number-cancelled"]]);
  });

  it("keeps what else is wrong with a record that it proves", () => {
    expect(judgeOnce([...zeros, "vaccine.unknown"], repaired).code.code).toBe("E34");
  });

  it.each<[what: string, given: FindingId[], expected: FindingId[]]>([
    // The sex is the fourth digit of a number that did not prove to be theirs, and the marks are another's.
    [
      "sex and marks",
      [...zeros, "sex.blank", "sex.filled-from-id", "name.marks-lost"],
      ["citizen-id.length", "sex.blank"],
    ],
    [
      "warnings",
      [
        ...zeros,
        "citizen-id.sex-digit",
        "citizen-id.year-digits",
        "citizen-id.guardian",
        "register.deceased",
      ],
      ["citizen-id.length"],
    ],
    [
      "a name repair; the form is the record's own",
      [...zeros, "name.tcvn3", "name.case"],
      ["citizen-id.length", "name.case"],
    ],
    [
      "of a replaced number the digits, which were delivered, stay",
      [
        "citizen-id.replaced",
        "register.number-cancelled",
        "citizen-id.guardian",
        "citizen-id.year-digits",
        "sex.blank",
        "sex.filled-from-id",
      ],
      ["citizen-id.guardian", "sex.blank", "sex.filled-from-id", "register.number-cancelled"],
    ],
  ])("takes nothing from a person who was not proven: %s", (_what, given, expected) => {
    expect(judgeOnce(given, ["repaired", "marks-lost", "different", "equal"]).findings).toEqual(expected);
  });

  it("takes all of it from a person who was", () => {
    const all: FindingId[] = [
      ...zeros,
      "citizen-id.year-digits",
      "sex.blank",
      "sex.filled-from-id",
      "register.deceased",
    ];
    expect(judgeOnce(all, repaired).findings).toEqual([
      ...["citizen-id.length", "citizen-id.leading-zeros", "citizen-id.year-digits"],
      ...["sex.blank", "sex.filled-from-id", "register.deceased"],
    ]);
  });
});

describe("a repair of the name", () => {
  const levels: Levels = ["found", "repaired", "equal", "equal"];

  it.each<[what: string, given: FindingId[], levels: Levels, code: string, expected: FindingId[]]>([
    [
      "from an old font has no other form",
      ["name.case", "name.punctuation", "name.vni"],
      levels,
      "C3",
      ["name.vni"],
    ],
    ["from digits has", ["name.case", "name.digits"], levels, "C3", ["name.case", "name.digits"]],
    [
      "is none of a record that is not authenticated",
      ["name.case", "name.tcvn3"],
      ["found", "repaired", "different", "equal"],
      "X32",
      ["name.case", "birth-date.different"],
    ],
  ])("%s", (_what, given, by, code, expected) => {
    const verdict = judgeOnce(given, by);
    expect([verdict.code.code, verdict.findings]).toEqual([code, expected]);
  });
});

describe("marks lost", () => {
  it.each<[code: string, birthDate: BirthDateLevel, sex: SexLevel]>([
    ["C2", "equal", "equal"],
    ["X31", "year-only", "equal"],
    ["X31", "not-compared", "equal"],
    ["X32", "swapped", "equal"],
    ["X33", "equal", "different"],
    ["X33", "year-only", "different"],
  ])("%s beside birth date %s, sex %s", (code, birthDate, sex) => {
    const findings: FindingId[] = ["name.marks-lost"];
    if (birthDate === "not-compared") findings.push("birth-date.impossible");
    expect(codeOf(findings, ["found", "marks-lost", birthDate, sex])).toBe(code);
  });
});

describe("another policy", () => {
  const withLevels = (authenticated: Partial<Policy["authenticated"]>): Policy => ({
    ...scheme06,
    authenticated: { ...scheme06.authenticated, ...authenticated },
  });

  it.each<[code: string, levels: Levels, findings: readonly FindingId[]]>([
    ["C1", authentic, []],
    ["X31", ["found", "marks-lost", "equal", "equal"], ["name.marks-lost"]],
    ["X31", ["found", "repaired", "equal", "equal"], ["name.tcvn3"]],
    ["X32", ["found", "equal", "year-only", "equal"], []],
    ["X34", ["found", "marks-lost", "year-only", "equal"], ["name.marks-lost"]],
    [
      "X12",
      ["repaired", "marks-lost", "equal", "equal"],
      ["citizen-id.old-number", "citizen-id.old-number-linked", "name.marks-lost"],
    ],
  ])("that is stricter gives %s to %j", (code, levels, findings) => {
    expect(codeOf(findings, levels, withLevels({ name: ["equal"], birthDate: ["equal"] }))).toBe(code);
  });

  it("that is laxer authenticates what it accepts, and a repair with it", () => {
    const lax = withLevels({ name: ["equal", "marks-differ"], birthDate: ["equal", "swapped"] });
    expect(codeOf([], ["found", "marks-differ", "swapped", "equal"], lax)).toMatch(/^C/);
    const findings: FindingId[] = ["citizen-id.length", "citizen-id.leading-zeros"];
    expect(codeOf(findings, ["repaired", "equal", "swapped", "equal"], lax)).toBe("C3");
    expect(codeOf([], ["found", "different", "equal", "equal"], lax)).toBe("X31");
  });

  it.each<[levels: Levels, code: string, expected: FindingId[]]>([
    [["found", "equal", "swapped", "equal"], "C2", ["birth-date.different", "birth-date.day-month-swapped"]],
    [["found", "equal", "record-year-only", "equal"], "C2", ["birth-date.different"]],
    [["found", "equal", "equal", "different"], "C2", ["sex.different"]],
    [["found", "marks-differ", "equal", "different"], "C2", ["name.different", "sex.different"]],
    [
      ["repaired", "equal", "swapped", "equal"],
      "C2",
      ["birth-date.different", "birth-date.day-month-swapped"],
    ],
    [["found", "equal", "year-only", "equal"], "C1", []],
  ])("that accepts a difference tells it beside the record: %j", (levels, code, expected) => {
    const lax = withLevels({
      name: ["equal", "marks-differ"],
      birthDate: ["equal", "year-only", "swapped", "record-year-only"],
      sex: ["equal", "different"],
    });
    const verdict = judgeOnce([], levels, lax);
    expect([verdict.code.code, verdict.findings]).toEqual([code, expected]);
  });

  it("that is laxer keeps what is so of the person whom it takes for proven", () => {
    const lax = withLevels({ birthDate: ["equal", "swapped"] });
    const given: FindingId[] = [
      "citizen-id.characters",
      "citizen-id.separators",
      "name.tcvn3",
      "register.deceased",
    ];
    const verdict = judgeOnce(given, ["repaired", "repaired", "swapped", "equal"], lax);
    expect([verdict.code.code, verdict.findings]).toEqual([
      "C3",
      [
        ...["citizen-id.characters", "citizen-id.separators", "name.tcvn3"],
        ...["birth-date.different", "register.deceased", "birth-date.day-month-swapped"],
      ],
    ]);
  });

  it("says of no unproven candidate that its day and month are exchanged", () => {
    const { findings } = judgeOnce(["citizen-id.characters"], ["repaired", "equal", "swapped", "equal"]);
    expect(findings).toEqual(["citizen-id.characters"]);
  });

  it("that does not accept a repaired name leaves that repair out of what is so", () => {
    const { findings } = judgeOnce(
      ["name.tcvn3"],
      ["found", "repaired", "equal", "equal"],
      withLevels({ name: ["equal"] }),
    );
    expect(findings).toEqual(["name.different"]);
  });

  it("that turns the order round turns the code round", () => {
    const reversed = { ...scheme06, order: ["E", "X"] };
    expect(codeOf(["citizen-id.blank", "vaccine.blank"], nobody, reversed)).toBe("E23");
    expect(codeOf(["citizen-id.blank", "vaccine.blank"], nobody)).toBe("X10");
  });
});

describe("badness", () => {
  it("is highest for errors, then exceptions, then C3, C2, C1; and in a set for what is judged first", () => {
    const judge = createJudge(scheme06);
    const byBadness = [
      ...new Map(cases.map(([code, findings, levels]) => [code, judgeWith(judge, findings, levels)])),
    ]
      .sort(([, a], [, b]) => b.badness - a.badness)
      .map(([code]) => code);
    expect(byBadness.join(" ")).toBe(
      "E10 E11 E12 E40 E42 E20 E21 E22 E23 E24 E25 E30 E31 E32 E33 E34 E35 E36 E41 E50 E60 E61 " +
        "X10 X11 X12 X13 X20 X21 X22 X23 X24 X30 X31 X32 X33 X34 C3 C2 C1",
    );
  });

  it("differs between any two codes", () => {
    const judge = createJudge(scheme06);
    const badness = new Map(
      cases.map(([code, findings, levels]) => [code, judgeWith(judge, findings, levels).badness]),
    );
    expect(new Set(badness.values()).size).toBe(codeCatalogue.length);
  });
});

describe("a judge's memory", () => {
  it("gives the same verdict object for the same findings and levels, and another for others", () => {
    const judge = createJudge(scheme06);
    const one = judgeWith(judge, ["name.case"], authentic);
    const two = judgeWith(judge, ["name.case", "lot.blank"], authentic);
    expect(judgeWith(judge, ["name.case"], authentic)).toBe(one);
    expect(judgeWith(judge, ["name.case"], authentic)).toBe(one);
    expect(judgeWith(judge, ["lot.blank", "name.case"], authentic)).toBe(two);
    expect(judgeWith(judge, ["name.case"], repaired)).not.toBe(one);
    expect(judge.verdicts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(judge.verdicts[one.index]).toBe(one);
  });

  it("looks at the record it is given, not at the words beside it", () => {
    const judge = createJudge(scheme06);
    const words = new Uint32Array(findingWords * 2);
    addFinding(words, 0, "row.structure");
    expect(judge.judge(words, findingWords, pack(authentic)).code.code).toBe("C1");
    expect(judge.judge(words, 0, pack(authentic)).code.code).toBe("E10");
  });

  it("takes the bit of a record's birth year for another key and the same verdict", () => {
    const judge = createJudge(scheme06);
    const words = new Uint32Array(findingWords);
    const plain = judge.judge(words, 0, pack(authentic));
    const { index: _, ...marked } = judge.judge(words, 0, pack(authentic) | (1 << 10));
    expect(plain).toMatchObject(marked);
  });
});

describe("any combination of findings and levels", () => {
  const anyFindings = fc.uniqueArray(fc.constantFrom(...findingIds), { maxLength: 6 });
  const anyLevels = fc.tuple(
    fc.constantFrom(...personStates),
    fc.constantFrom(...nameLevels),
    fc.constantFrom(...birthDateLevels),
    fc.constantFrom(...sexLevels),
  );

  /** What the assessment never makes: nobody found and nothing said of the number, or a field not compared and nothing said of it. */
  function isImpossible(findings: readonly FindingId[], [person, name, birthDate, sex]: Levels): boolean {
    const isFault = (id: FindingId): boolean => {
      if (scheme06.codes[id] === undefined) return false;
      if (id === "sex.blank" || id === "sex.unreadable") return !findings.includes("sex.filled-from-id");
      const isNumberAtFault =
        /^citizen-id\.(old-number|length|characters|other-number|spreadsheet-damage)$|number-cancelled/;
      const isAnswered =
        findings.includes("register.ambiguous") || findings.includes("register.not-consulted");
      return !(isAnswered && isNumberAtFault.test(id));
    };
    if (findings.some(isFault)) return false;
    if (person !== "found") return true;
    const differs = [
      name === "different" || name === "marks-differ",
      !["not-compared", "equal", "year-only"].includes(birthDate),
      sex === "different",
    ];
    const isNameBesideYear = name === "marks-lost" && birthDate !== "equal";
    return !differs.includes(true) && !isNameBesideYear;
  }

  /** Findings that hold only beside an authenticated record or a proven number, and the form of a name that is repaired. */
  const mayGo =
    /^name\.(?!blank|different)|^citizen-id\.(sex-digit|year-digits|guardian)$|^register\.deceased$/;

  it("has exactly one code of the catalogue, or cannot be", () => {
    const judge = createJudge(scheme06);
    let judged = 0;
    fc.assert(
      fc.property(anyFindings, anyLevels, (findings, levels) => {
        let verdict: Verdict;
        try {
          verdict = judgeWith(judge, findings, levels);
        } catch (error) {
          expect((error as Error).message).toBe("a record is neither authenticated nor carries a code");
          expect(isImpossible(findings, levels)).toBe(true);
          return;
        }
        judged++;
        expect(codeCatalogue).toContain(verdict.code);
        expect(Number.isFinite(verdict.badness)).toBe(true);
        // Findings are in catalogue order, each once; what was delivered stays told.
        const bits = verdict.findings.map((id) => findingIds.indexOf(id));
        expect(bits).toEqual([...new Set(bits)].sort((a, b) => a - b));
        const kept = findings.filter((id) => findingCatalogue[id].kind !== "repair" && !mayGo.test(id));
        for (const id of kept) expect(verdict.findings).toContain(id);
      }),
      { numRuns: 5000 },
    );
    expect(judged).toBeGreaterThan(1000);
  });

  it.each<[what: string, findings: readonly FindingId[], levels: Levels]>([
    ["nobody, and nothing said of the number", [], nobody],
    [
      "somebody, a name that was not compared and is not blank",
      [],
      ["found", "not-compared", "equal", "equal"],
    ],
    [
      "somebody, a birth date that was not compared and is not missing",
      [],
      ["found", "equal", "not-compared", "equal"],
    ],
    ["somebody, a sex that was not compared", [], ["found", "equal", "equal", "not-compared"]],
    ["a repair of nothing that is not proven", [], ["repaired", "different", "equal", "equal"]],
  ])("throws, for this cannot be: %s", (_what, findings, levels) => {
    expect(() => judgeOnce(findings, levels)).toThrow("neither authenticated nor carries a code");
  });
});
