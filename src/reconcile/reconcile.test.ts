import { describe, expect, it } from "vitest";
import { type AssessmentColumns, createColumns, noDay, noVaccine } from "../assess/assessment.js";
import { packComparison } from "../judge/comparison.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPolicy } from "../pipeline/policy.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { type AddedFinding, reconcile } from "./reconcile.js";

const scheme06 = loadPolicy("pipelines/policies/scheme-06.yaml");
const vaccines = [makeVaccine(0, 28), makeVaccine(1, null)];

function makeVaccine(index: number, minIntervalDays: number | null): Vaccine {
  return {
    key: `v${index}`,
    name: `Vắc xin ${index}`,
    cvx: "210",
    approvalDay: 0,
    isApprovalConfirmed: true,
    minIntervalDays,
    minAgeYears: null,
    primaryDoses: 2,
    index,
  };
}

interface Row {
  /** Slot of the live person; -1 when the number leads to nobody. */
  readonly who: number;
  readonly day: number;
  readonly dose: number;
  readonly vaccine?: number;
  readonly findings?: readonly FindingId[];
  /** Another name than the register's: X31. */
  readonly isDifferent?: boolean;
}

function makeColumns(rows: readonly Row[]): AssessmentColumns {
  const columns = createColumns(rows.length);
  for (const [
    record,
    { who, day, dose, vaccine = 0, findings = [], isDifferent = false },
  ] of rows.entries()) {
    columns.slot[record] = who;
    columns.day[record] = day;
    columns.dose[record] = dose;
    columns.vaccine[record] = vaccine;
    columns.comparison[record] =
      who < 0 ? 0 : packComparison({ person: 1, name: isDifferent ? 5 : 1, birthDate: 1, sex: 1 });
    columns.person.set(who < 0 ? [0, 0] : [0x80000000, who], record * 2);
    if (who < 0) addFinding(columns.findings, record * findingWords, "register.number-unknown");
    for (const id of findings) addFinding(columns.findings, record * findingWords, id);
  }
  return columns;
}

function reconcileRows(
  rows: readonly Row[],
  { repeats = [] }: { repeats?: readonly AddedFinding[] } = {},
): { codes: string; findings: string[]; people: number } {
  const judge = createJudge(scheme06);
  const columns = makeColumns(rows);
  for (const { record, finding } of repeats) addFinding(columns.findings, record * findingWords, finding);
  const { verdicts, people } = reconcile({ columns, records: rows.length }, judge, vaccines);
  const found = [...verdicts].map((verdict) => judge.verdicts[verdict]);
  return {
    codes: found.map((verdict) => verdict?.code.code).join(" "),
    findings: found.map((verdict) =>
      (verdict?.findings ?? []).filter((id) => id.startsWith("dose.")).join("+"),
    ),
    people: people.groups,
  };
}

describe("reconcile: doses of one person", () => {
  it.each<[what: string, rows: Row[], codes: string, findings: string[]]>([
    [
      "two doses in order",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 200, dose: 2 },
      ],
      "C1 C1",
      ["", ""],
    ],
    [
      "delivered the other way round",
      [
        { who: 1, day: 200, dose: 2 },
        { who: 1, day: 100, dose: 1 },
      ],
      "C1 C1",
      ["", ""],
    ],
    [
      "the same day",
      [
        { who: 1, day: 100, dose: 2 },
        { who: 1, day: 100, dose: 1 },
      ],
      "C1 E41",
      ["dose.gap", "dose.same-day"],
    ],
    [
      "the same day three times, then another",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 200, dose: 2 },
        { who: 1, day: 100, dose: 2 },
      ],
      "C1 E41 C1 E41",
      ["", "dose.same-day", "", "dose.same-day"],
    ],
    [
      "equal numbers on two days",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 200, dose: 1 },
      ],
      "E50 E50",
      ["dose.order", "dose.order"],
    ],
    [
      "the order turned round",
      [
        { who: 1, day: 100, dose: 2 },
        { who: 1, day: 200, dose: 1 },
      ],
      "E50 E50",
      ["dose.order", "dose.order"],
    ],
    [
      "one of three out of order",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 200, dose: 3 },
        { who: 1, day: 300, dose: 2 },
      ],
      "C1 E50 E50",
      ["", "dose.order", "dose.order"],
    ],
    [
      "a short interval",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 127, dose: 2 },
      ],
      "C1 C1",
      ["", "dose.interval-short"],
    ],
    [
      "the least interval",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 128, dose: 2 },
      ],
      "C1 C1",
      ["", ""],
    ],
    [
      "the first vaccine decides the interval",
      [
        { who: 1, day: 100, dose: 1, vaccine: 1 },
        { who: 1, day: 101, dose: 2 },
      ],
      "C1 C1",
      ["", ""],
    ],
    [
      "a gap",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 1, day: 200, dose: 3 },
      ],
      "C1 C1",
      ["", "dose.gap"],
    ],
    ["a second dose alone", [{ who: 1, day: 100, dose: 2 }], "C1", ["dose.gap"]],
    ["a first dose alone", [{ who: 1, day: 100, dose: 1 }], "C1", [""]],
    [
      "two people",
      [
        { who: 1, day: 100, dose: 1 },
        { who: 2, day: 100, dose: 1 },
      ],
      "C1 C1",
      ["", ""],
    ],
    [
      "nobody twice",
      [
        { who: -1, day: 100, dose: 1 },
        { who: -1, day: 100, dose: 1 },
      ],
      "X30 X30",
      ["", ""],
    ],
  ])("%s", (_what, rows, codes, findings) => {
    expect(reconcileRows(rows)).toMatchObject({ codes, findings });
  });

  it("puts no clean dose out for one that is not clean", () => {
    const rows: Row[] = [
      { who: 1, day: 100, dose: 1, findings: ["vaccine.unknown"], vaccine: noVaccine },
      { who: 1, day: 100, dose: 1 },
      { who: 1, day: 200, dose: 1, isDifferent: true },
      { who: 1, day: 300, dose: 2 },
      { who: 1, day: noDay, dose: 0, findings: ["vaccination-date.blank", "dose-no.blank"] },
    ];
    expect(reconcileRows(rows)).toEqual({
      codes: "E34 C1 X31 C1 E24",
      findings: ["", "", "", "", ""],
      people: 1,
    });
  });

  it("lets a repeated delivery take no part", () => {
    const rows: Row[] = [
      { who: 1, day: 100, dose: 1 },
      { who: 1, day: 100, dose: 1 },
      { who: 2, day: 100, dose: 1 },
      { who: 2, day: 100, dose: 2 },
      { who: 2, day: 100, dose: 1 },
    ];
    const repeats: AddedFinding[] = [
      { record: 1, finding: "record.delivered-twice" },
      { record: 2, finding: "record.conflicting-content" },
      { record: 3, finding: "record.conflicting-content" },
    ];
    expect(reconcileRows(rows, { repeats })).toEqual({
      codes: "C1 E40 E42 E42 C1",
      findings: ["", "", "", "", ""],
      people: 2,
    });
  });

  it("knows a clean dose by the person the number leads to, whatever key it was counted by", () => {
    const columns = makeColumns([
      { who: 7, day: 100, dose: 1 },
      { who: 7, day: 100, dose: 1 },
    ]);
    columns.person.set([0x20000001, 99], 2);
    const judge = createJudge(scheme06);
    const { verdicts, people } = reconcile({ columns, records: 2 }, judge, vaccines);
    expect([...verdicts].map((verdict) => judge.verdicts[verdict]?.code.code)).toEqual(["C1", "E41"]);
    expect(people.groups).toBe(1);
  });

  it("says the same of many people at once as of each alone", () => {
    const rows = Array.from({ length: 900 }, (_, n): Row => {
      const mixed = Math.imul(n + 1, 0x9e3779b1) >>> 8;
      return { who: mixed % 300, day: 100 + (mixed % 7) * 20, dose: 1 + (mixed % 3) };
    });
    const { findings } = reconcileRows(rows);
    for (let who = 0; who < 300; who++) {
      const own = rows.flatMap((row, at) => (row.who === who ? [at] : []));
      const alone = reconcileRows(own.map((at) => rows[at] as Row));
      expect(own.map((at) => findings[at])).toEqual(alone.findings);
    }
  });
});
