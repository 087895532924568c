import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createColumns } from "../assess/assessment.js";
import { packComparison } from "../judge/comparison.js";
import { addFinding, type FindingId, findingWords } from "../judge/findings.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPolicy } from "../pipeline/policy.js";
import type { Suspicion } from "./cause-groups.js";
import { Evidence } from "./evidence.js";
import { examineShard } from "./examine-shard.js";
import { sampleSize } from "./sample-records.js";
import { weighSuspect } from "./weigh-suspects.js";

const policy = loadPolicy("pipelines/policies/scheme-06.yaml");
const found = packComparison({ name: 1, birthDate: 1, sex: 1, person: 1 });

interface Row {
  readonly finding: FindingId | null;
  readonly day: number;
  readonly facility: number;
}

const suspicion: Suspicion = {
  groups: [
    { dimension: "facility", value: 1 },
    { dimension: "file", value: 0 },
  ],
  suspects: [
    { group: 0, finding: "vaccine.blank" },
    { group: 1, finding: "vaccine.blank" },
    { group: 1, finding: "row.shifted" },
  ],
};

/** The evidence of one file, cut into shards of so many records that come in reverse order. */
function gather(rows: readonly Row[], shardRecords: number, partRecords: number): Evidence {
  const evidence = new Evidence(suspicion);
  const starts = [...rows.keys()].filter((row) => row % shardRecords === 0);
  for (const first of starts.toReversed()) {
    const own = rows.slice(first, first + shardRecords);
    const columns = createColumns(own.length);
    for (const [record, { finding, day, facility }] of own.entries()) {
      if (finding === "row.shifted") addFinding(columns.findings, record * findingWords, "row.structure");
      if (finding !== null) addFinding(columns.findings, record * findingWords, finding);
      columns.comparison[record] = found;
      columns.day[record] = day;
      columns.facility[record] = facility;
      columns.rowOffset[record] = record * 10;
    }
    evidence.add(
      examineShard({
        columns,
        records: own.length,
        ...{ firstOfRun: first, firstOfSource: first, start: first * 10, source: 0, partRecords },
        judge: createJudge(policy),
        groupOfPlace: Int32Array.of(-1),
        groupOfFacility: Int32Array.of(-1, 0),
        groupOfFile: 1,
        suspects: suspicion.suspects,
      }),
    );
  }
  return evidence;
}

function tell(evidence: Evidence): unknown {
  return suspicion.suspects.map(({ group, finding }, suspect) => ({
    groupings: evidence.groupings(finding),
    moments: evidence.moments(group, finding),
    sample: evidence.sample(suspect),
    first: evidence.firstFrom(suspect, 0),
  }));
}

const row = fc.record({
  finding: fc.constantFrom<FindingId | null>(null, "vaccine.blank", "row.shifted"),
  day: fc.integer({ min: 18_700, max: 18_705 }),
  facility: fc.integer({ min: 0, max: 1 }),
});

describe("Evidence", () => {
  it("is the same however the records are cut into shards", () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (rows, shardRecords, partRecords) => {
          expect(tell(gather(rows, shardRecords, partRecords))).toEqual(
            tell(gather(rows, rows.length, partRecords)),
          );
        },
      ),
    );
  });

  it("keeps a sample of the same size and records, whatever the shards", () => {
    const rows = Array.from({ length: 5000 }, (): Row => ({ finding: "vaccine.blank", day: 1, facility: 1 }));
    const sample = gather(rows, 5000, 1).sample(0);
    expect(sample).toHaveLength(sampleSize);
    expect(gather(rows, 700, 1).sample(0)).toEqual(sample);
  });

  it("counts what it finds: a blank vaccine is held, and by vaccination day", () => {
    const rows: Row[] = [
      { finding: "vaccine.blank", day: 18_700, facility: 1 },
      { finding: null, day: 18_700, facility: 1 },
      { finding: "vaccine.blank", day: 18_701, facility: 0 },
      { finding: "row.shifted", day: 18_702, facility: 1 },
    ];
    expect(gather(rows, 3, 1).moments(0, "vaccine.blank")).toEqual([
      { at: 18_700, records: 2, found: 1, held: 1 },
      { at: 18_702, records: 1, found: 0, held: 0 },
    ]);
  });
});

describe("weighSuspect(weighed)", () => {
  it("finds the record from which a file is shifted, however its parts are cut", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 1800 }),
        fc.integer({ min: 1, max: 50 }),
        (change, partRecords) => {
          const rows = Array.from(
            { length: 2000 },
            (_, record): Row => ({ finding: record < change ? null : "row.shifted", day: 1, facility: 0 }),
          );
          const evidence = gather(rows, 300, partRecords);
          const tally = { records: 2000, found: 2000 - change, held: 2000 - change };
          const cause = weighSuspect({
            ...{ suspect: 2, group: 1, finding: "row.shifted", dimension: "file", commonestShare: 0 },
            ...{ own: tally, all: { ...tally, records: 9000 } },
            moments: evidence.moments(1, "row.shifted"),
            countFrom: (part) => 2000 - (evidence.firstFrom(2, part)?.record ?? 0),
          });
          expect(cause).toMatchObject({ kind: "columns-shifted", saved: 2000 - change });
          expect([cause?.records, cause?.withFinding]).toEqual([2000 - change, 2000 - change]);
          expect(evidence.firstFrom(2, cause?.sincePart as number)?.record).toBe(change);
        },
      ),
      { numRuns: 30 },
    );
  });
});
