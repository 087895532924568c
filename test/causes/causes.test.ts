import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Cause } from "../../src/report/metrics.js";
import { expectCode, runLamsach } from "../support/command-line.js";
import { openGates, writePipeline } from "../support/pipeline-file.js";
import { makeSample, readOutcome } from "../support/sample.js";
import { readSetRows } from "../support/set-rows.js";
import { useWorkFolder } from "../support/work-folder.js";
import {
  addCell,
  fillBirthDates,
  type Plant,
  planted,
  repeatValue,
  shiftColumns,
  swapDates,
  writeDeliveries,
} from "./plant-causes.js";
import { recountCause } from "./recount-cause.js";

const work = useWorkFolder();

interface CausedRun {
  readonly dir: string;
  readonly causes: readonly Cause[];
}

beforeAll(async () => {
  await makeSample(work, { people: 13_000, seed: 74, shapes: "long" });
  writePipeline(path.join(work, "pipeline.yaml"), openGates);
});

/** Runs the deliveries with what is planted into them; `name` is the folder of the outputs. */
async function runPlanted(name: string, plants: readonly Plant[]): Promise<CausedRun> {
  const deliveries = path.join(work, `in-${name}`);
  writeDeliveries(path.join(work, "sample/exports/national-2023.csv"), deliveries, ...plants);
  return run(name, `in-${name}/*.csv`, "population.db");
}

async function run(out: string, deliveries: string, register: string, ...more: string[]): Promise<CausedRun> {
  const settings = ["--register", register, "--as-of", "2023-06-13", "--out", out, "--json"];
  const args = ["run", "pipeline.yaml", "--input", deliveries, ...settings, ...more];
  const { dir } = readOutcome(expectCode(await runLamsach(args, { cwd: work }), 0));
  const folder = path.resolve(work, dir);
  const { causes } = JSON.parse(readFileSync(path.join(folder, "report/summary.json"), "utf8"));
  return { dir: folder, causes };
}

/** What is asked of a cause beside its counts. */
function place({ kind, dimension, key, finding, sinceDay, sinceLine }: Cause): unknown {
  return { kind, dimension, key, finding, sinceDay, sinceLine };
}

const always = { sinceDay: null, sinceLine: null };

describe("planted causes", () => {
  it("of all five kinds are found, and nothing else is, with counts that the published sets bear out", async () => {
    const { dir, causes } = await runPlanted("five", [
      fillBirthDates,
      swapDates("01015", "birth_date"),
      repeatValue("79001", "citizen_id", "001090000001"),
      repeatValue("48002", "vaccine", ""),
      shiftColumns("full_name"),
    ]);
    expect(causes.map(place)).toEqual(
      expect.arrayContaining([
        {
          ...{ kind: "columns-shifted", dimension: "file", key: planted.file, finding: "row.shifted" },
          ...{ sinceDay: null, sinceLine: planted.line },
        },
        {
          ...{ kind: "one-value-for-many", dimension: "facility", key: "79001" },
          ...{ finding: "register.number-unknown", ...always },
        },
        {
          ...{ kind: "finding-far-above-the-rest", dimension: "facility", key: "48002" },
          ...{ finding: "vaccine.blank", ...always },
        },
        {
          ...{ kind: "birth-date-filled-in", dimension: "province", key: planted.province },
          ...{ finding: "birth-date.first-of-january", ...always },
        },
        {
          ...{ kind: "day-month-swapped", dimension: "facility", key: "01015" },
          ...{ finding: "birth-date.day-month-swapped", sinceLine: null },
          sinceDay: expect.stringMatching(/^2022-03-(0[3-9]|1\d)$/),
        },
      ]),
    );
    expect(causes).toHaveLength(5);
    const saved = causes.map((cause) => cause.saved);
    expect(saved).toEqual(saved.toSorted((a, b) => b - a));
    const rows = readSetRows(dir);
    for (const cause of causes) expect({ ...cause, ...recountCause(rows, cause) }).toEqual(cause);

    const again = await run(
      "five-again",
      "in-five/*.csv",
      "population.db",
      "--workers",
      "3",
      "--shard-size",
      "300KB",
    );
    expect(readFileSync(path.join(again.dir, "report/causes.csv"))).toEqual(
      readFileSync(path.join(dir, "report/causes.csv")),
    );
  });

  const others: readonly (readonly [string, readonly Plant[], readonly Partial<Cause>[]])[] = [
    [
      "vaccination dates, one name, rows with a cell too many",
      [swapDates("01015", "vaccination_date"), repeatValue("48002", "full_name", "Nguyễn Văn A"), addCell],
      [
        {
          ...{ kind: "day-month-swapped", dimension: "facility", key: "01015" },
          ...{ finding: "vaccination-date.day-month-swapped" },
          // Of the 3rd to the 12th nobody can tell.
          sinceDay: expect.stringMatching(/^2022-03-(1[3-9]|2\d)$/) as unknown as string,
        },
        { kind: "one-value-for-many", dimension: "facility", key: "48002", finding: "name.different" },
        { kind: "columns-shifted", dimension: "file", key: planted.file, sinceLine: planted.line },
      ],
    ],
    [
      "one placeholder, columns shifted from the dose on",
      [repeatValue("48002", "citizen_id", "không có"), shiftColumns("dose_no")],
      [
        {
          kind: "one-value-for-many",
          dimension: "facility",
          key: "48002",
          finding: "citizen-id.placeholder",
        },
        { kind: "columns-shifted", dimension: "file", key: planted.file, sinceLine: planted.line },
      ],
    ],
  ];
  it.each(others)("are found: %s", async (name, plants, expected) => {
    const { causes } = await runPlanted(name.replaceAll(/[ ,]+/g, "-"), plants);
    expect(causes).toEqual(expect.arrayContaining(expected.map((cause) => expect.objectContaining(cause))));
    expect(causes).toHaveLength(expected.length);
  });
});

describe("deliveries without a cause", () => {
  it("have none, whatever is wrong with single records", async () => {
    expect((await runPlanted("none", [])).causes).toEqual([]);
  });

  it.each([
    ["real", 3],
    ["worst", 4],
    ["clean", 6],
  ])("have none: a sample of the %s kind", async (mix, seed) => {
    const folder = `${mix}-${seed}`;
    const generate = ["generate", "--people", "2000", "--seed", `${seed}`, "--mix", mix, "--out", folder];
    expectCode(await runLamsach(generate, { cwd: work }), 0);
    const build = ["register", "build", `${folder}/population.csv`, "--out", `${folder}.db`];
    expectCode(await runLamsach(build, { cwd: work }), 0);
    const { causes } = await run(`out-${folder}`, `${folder}/exports/*`, `${folder}.db`);
    expect(causes).toEqual([]);
  });
});
