import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AssessmentColumns, createColumns } from "../assess/assessment.js";
import type { Facility, Place } from "../assess/shard-lists.js";
import { LamsachError } from "../errors.js";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { nameLevels, packComparison } from "../judge/comparison.js";
import { addFinding, type FindingId, findingIds, findingWords } from "../judge/findings.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadPolicy, type Policy } from "../pipeline/policy.js";
import { loadTables } from "../pipeline/tables.js";
import type { Dimension } from "../report/metrics.js";
import { buildVaccineTable } from "../vaccination/vaccine.js";
import { type Additions, applyAdditions, joinAdditions, packAdditions } from "./additions.js";
import { countTable } from "./count-metrics.js";
import { countSigns, SignTotals, signPlaces } from "./count-signs.js";
import { numberValues } from "./dimensions.js";
import { countFound, judgePartition } from "./judge-partition.js";
import { type JudgedPart, JudgedTotals } from "./judged-totals.js";
import { loadPartition, type SectionedShard } from "./load-partition.js";
import { readSection, splitByPerson } from "./person-sections.js";
import { type AddedFinding, reconcile } from "./reconcile.js";
import { type Counts, RunCounts } from "./run-counts.js";

const scheme06 = loadPolicy("pipelines/policies/scheme-06.yaml");
/** Takes any name for the same, so that people are clean whose number leads to somebody else than their key says. */
const lax: Policy = {
  ...scheme06,
  authenticated: { ...scheme06.authenticated, name: nameLevels.filter((level) => level !== "not-compared") },
};
const tables = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
const { vaccines } = buildVaccineTable(tables.vaccines);
const dimensions: readonly Dimension[] = ["province", "ward", "facility", "vaccine", "month", "dose", "file"];
const places: Place[] = [
  ["", "", ""],
  ["79", "760", "26734"],
  ["01", "001", "00001"],
];
const facilities: Facility[] = [
  ["", ""],
  ["79001", "Trạm A"],
];

const sourceNames = ["a.csv", "b.csv"];
const numbered = numberValues(dimensions, { places, facilities, vaccines, sourceNames });

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-people-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

interface Row {
  /** Live person the number leads to, or -1. */
  readonly slot: number;
  /** Position in `nameLevels`. */
  readonly name: number;
  /** Counted as somebody else than the number leads to: that key, 0 for nobody else, or nobody at all. */
  readonly other: number;
  readonly day: number;
  readonly dose: number;
  readonly place: number;
  readonly finding: FindingId | null;
}

const row: fc.Arbitrary<Row> = fc.record({
  slot: fc.integer({ min: -1, max: 6 }),
  name: fc.integer({ min: 1, max: nameLevels.length - 1 }),
  other: fc.integer({ min: 0, max: 3 }),
  day: fc.integer({ min: 18_800, max: 18_806 }),
  dose: fc.integer({ min: 0, max: 3 }),
  place: fc.integer({ min: 0, max: 2 }),
  finding: fc.constantFrom(null, null, "vaccine.unknown", "sex.blank", "name.case"),
});

function makeColumns(rows: readonly Row[]): AssessmentColumns {
  const columns = createColumns(rows.length);
  for (const [record, { slot, name, other, day, dose, place, finding }] of rows.entries()) {
    columns.slot[record] = slot;
    columns.comparison[record] = slot < 0 ? 0 : packComparison({ person: 1, name, birthDate: 1, sex: 1 });
    const isTheirs = slot >= 0 && other === 0;
    columns.person.set(isTheirs ? [0x80000000, slot] : [other === 0 ? 0 : 0x20000000, other], record * 2);
    columns.day[record] = day;
    columns.dose[record] = dose;
    columns.place[record] = place;
    columns.facility[record] = place % 2;
    if (slot < 0) addFinding(columns.findings, record * findingWords, "register.number-unknown");
    if (finding !== null) addFinding(columns.findings, record * findingWords, finding);
  }
  return columns;
}

interface Judged {
  readonly codes: string;
  readonly counts: Counts;
  readonly signs: unknown;
  readonly added: string[];
  readonly found: readonly number[];
}

const show = ({ records, bits }: Additions): string[] =>
  Array.from(records, (record, at) => `${record} ${findingIds[bits[at] as number]}`).sort();
const spell = (codes: Uint8Array): string => [...codes].map((code) => codeCatalogue[code]?.code).join(" ");

/** All records at once. */
function judgeWhole(
  rows: readonly Row[],
  repeats: readonly AddedFinding[],
  policy: Policy,
  firstFile: number,
): Judged {
  const columns = makeColumns(rows);
  applyAdditions(joinAdditions([packAdditions(repeats)]), columns.findings);
  const table = {
    records: rows.length,
    columns,
    places,
    facilities,
    extents: [
      { source: 0, first: 0, records: firstFile },
      { source: 1, first: firstFile, records: rows.length - firstFile },
    ],
  };
  const judge = createJudge(policy);
  const reconciliation = reconcile(table, judge, vaccines);
  const codes = Uint8Array.from(reconciliation.verdicts, (verdict) =>
    codeCatalogue.findIndex(({ code }) => code === judge.verdicts[verdict]?.code.code),
  );
  const runCounts = new RunCounts(numbered);
  countTable({ table, judge, reconciliation }, runCounts);
  const counts = runCounts.describe(tables);
  const signs = numbered.map(() => new SignTotals());
  countSigns({ table, judge, verdicts: reconciliation.verdicts, dimensions: numbered }, signs);
  const { held, missing } = countFound(table);
  return {
    codes: spell(codes),
    counts,
    signs: spellSigns(signs),
    added: show(packAdditions(reconciliation.added)),
    found: [held, missing],
  };
}

/** Two shards, each a file's, judged in tasks of so many parts. */
function judgeInParts(
  rows: readonly Row[],
  repeats: readonly AddedFinding[],
  policy: Policy,
  {
    firstFile,
    partitions,
    partsOfTask,
  }: { readonly firstFile: number; readonly partitions: number; readonly partsOfTask: number },
): Judged {
  const shards = [rows.slice(0, firstFile), rows.slice(firstFile)].map((own, source): SectionedShard => {
    const sections = path.join(dir, `${source}.people`);
    writeFileSync(sections, splitByPerson(makeColumns(own), own.length, partitions));
    return { source, first: source * firstFile, sections, placeIds: number(3), facilityIds: number(2) };
  });
  const codes = new Uint8Array(rows.length).fill(255);
  const judge = createJudge(policy);
  const tasks: JudgedPart[] = [];
  for (let first = 0; first < partitions; first += partsOfTask) {
    const totals = new JudgedTotals(numbered, numbered);
    for (let partition = first; partition < Math.min(first + partsOfTask, partitions); partition++) {
      judgePartition(
        {
          ...{ shards, partition, partitions, places, facilities, codes, judge, vaccines },
          repeats: joinAdditions([packAdditions(repeats)]),
        },
        totals,
      );
    }
    // As a thread's answer comes.
    tasks.push(structuredClone(totals.list()));
  }
  const totals = new JudgedTotals(numbered, numbered);
  // In whatever order they come.
  for (const part of tasks.toReversed()) totals.add(part);
  return {
    codes: spell(codes),
    counts: totals.counts.describe(tables),
    signs: spellSigns(totals.signs),
    added: show(joinAdditions(totals.added)),
    found: [totals.found.held, totals.found.missing],
  };
}

/** What was counted, by dimension: value, place, records found and held. */
function spellSigns(signs: readonly SignTotals[]): number[][][] {
  return signs.map((totals) => {
    const cells: number[][] = [];
    for (let value = 0; value < totals.values; value++) {
      for (let place = 0; place < signPlaces; place++) {
        const found = totals.found(value, place);
        if (found > 0) cells.push([value, place, found, totals.held(value, place)]);
      }
    }
    return cells;
  });
}

function number(count: number): Uint32Array<SharedArrayBuffer> {
  const ids = new Uint32Array(new SharedArrayBuffer(count * 4));
  for (let id = 0; id < count; id++) ids[id] = id;
  return ids;
}

describe("judgePartition(options, totals)", () => {
  it.each([
    ["the ministry's policy", scheme06],
    ["one that accepts another name", lax],
  ])("judges and counts in any number of parts as it does all records at once: %s", (_name, policy) => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.tuple(fc.nat(59), fc.boolean()), { maxLength: 5 }),
        (rows, cut, partitions, partsOfTask, repeated) => {
          const firstFile = Math.min(cut, rows.length);
          const repeats = repeated
            .filter(([record]) => record < rows.length)
            .map(
              ([record, isSame]): AddedFinding => ({
                record,
                finding: isSame ? "record.delivered-twice" : "record.conflicting-content",
              }),
            );
          expect(judgeInParts(rows, repeats, policy, { firstFile, partitions, partsOfTask })).toEqual(
            judgeWhole(rows, repeats, policy, firstFile),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it("counts somebody with the live person of their number when the policy accepts them, and only then", () => {
    const same = { name: 1, day: 18_800, dose: 1, place: 0, finding: null };
    // Partition by partition: the second record's key is another one's, its number leads to the first.
    const rows: Row[] = [
      { ...same, slot: 3, other: 0 },
      { ...same, slot: 3, other: 2, name: nameLevels.length - 1 },
    ];
    const people = (policy: Policy): number =>
      judgeInParts(rows, [], policy, { firstFile: 1, partitions: 8, partsOfTask: 3 }).counts.people.records;
    expect([people(scheme06), people(lax)]).toEqual([2, 1]);
  });
});

describe("readSection(path, partition, partitions)", () => {
  it("refuses a file that is cut short, or of another run", () => {
    const file = path.join(dir, "short.people");
    const columns = makeColumns([{ slot: 1, name: 1, other: 0, day: 1, dose: 1, place: 0, finding: null }]);
    const bytes = splitByPerson(columns, 1, 1);
    writeFileSync(file, bytes);
    expect(readSection(file, 0, 1).own.length).toBeGreaterThan(0);
    expect(() => readSection(file, 0, 2)).toThrow(LamsachError);
    truncateSync(file, bytes.length - 4);
    expect(() => readSection(file, 0, 1)).toThrow("short.people");
  });
});

describe("loadPartition(options, judge)", () => {
  it("has nothing when nothing was delivered", () => {
    const options = {
      shards: [],
      partition: 0,
      partitions: 1,
      places,
      facilities,
      repeats: joinAdditions([]),
    };
    expect(loadPartition(options, createJudge(scheme06)).records).toBe(0);
  });
});
