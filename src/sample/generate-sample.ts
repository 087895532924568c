import { createReadStream } from "node:fs";
import { mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { countDays, readYear } from "./calendar.js";
import { createDoseCount, planDoses } from "./dose-plan.js";
import type { Dose } from "./draft.js";
import { openExports } from "./exports.js";
import type { Mix, Soil } from "./identity-dirt.js";
import { readNameSource } from "./names.js";
import { createNumberIssuer } from "./numbers.js";
import {
  becomeNamesake,
  makeHousehold,
  type PeopleSources,
  registerHeader,
  type SamplePerson,
  writeRegisterRow,
} from "./people.js";
import { makeMistake, makeRecords, type RecordSources } from "./person-records.js";
import { readPlaceSource } from "./places.js";
import { createRandom, type Random } from "./random.js";
import { explainWriteFailure, openSink } from "./sink.js";
import { truthHeader } from "./truth.js";
import { readVaccineSource, type VaccineSource } from "./vaccines.js";

/** What to generate and where. */
export interface SampleOptions {
  /** People in all; some have no dose. */
  readonly people: number;
  readonly seed: number;
  readonly mix: Mix;
  /** Folder for `population.csv`, `exports/` and `truth.csv`; made when missing. */
  readonly out: string;
  /** `pipelines/tables`: wards, provinces, countries, vaccines. */
  readonly tablesDir: string;
  /** `sample-data/names`. */
  readonly namesDir: string;
  /** `long`: one long CSV only. */
  readonly shapes?: "all" | "long";
  /** About how many records in all, at most some 3.5 per person; about 2.25 per person when not said. */
  readonly rows?: number;
}

/** What was generated. */
export interface SampleSummary {
  readonly people: number;
  readonly records: number;
  /** Paths below `out`, in the order of their names. */
  readonly files: string[];
}

/**
 * Writes a synthetic register, exports and the truth of every record. The bytes follow from the options alone; memory
 * does not grow with `people`. Throws LamsachError: 3 when a table cannot be read, 4 when a file cannot be written.
 */
export async function generateSample(options: SampleOptions): Promise<SampleSummary> {
  const { people, seed, mix, out, shapes = "all", rows } = options;
  const random = createRandom(seed);
  const names = readNameSource(options.namesDir);
  const places = readPlaceSource(options.tablesDir);
  const vaccines = readVaccineSource(options.tablesDir);
  const numbers = createNumberIssuer(seed);
  const sources: PeopleSources = { random, names, places, numbers };
  const pool: SamplePerson[] = [];
  const soil: Soil = {
    random,
    numbers,
    places,
    pool,
    drawName: (sex) => names.drawFullName(names.drawSurname(random), sex, random),
  };
  const exportsDir = join(out, "exports");
  await mkdir(exportsDir, { recursive: true }).catch((error) => {
    throw explainWriteFailure(exportsDir, error);
  });
  const population = openSink(join(out, "population.csv"), utf8);
  population.write(registerHeader, 1);
  const files = openExports({ exportsDir, out, mix, random, isLongOnly: shapes === "long" });
  let lastRecord = 0;
  const recordSources: RecordSources = {
    soil,
    vaccines,
    mix,
    nextRecordId: (day) => `VN${readYear(day)}-${String(++lastRecord).padStart(9, "0")}`,
  };
  const drawCount = createDoseCount((rows ?? people * 2.25) / Math.max(1, people));

  let made = 0;
  let unflushed = 0;
  while (made < people) {
    const household = trimHousehold(makeHousehold(sources, mix !== "clean"), people - made);
    made += household.length;
    const route = files.draw(
      household.length,
      household.some((person) => person.isForeign),
    );
    for (const person of household) {
      if (pool.length > 0 && random.chance(0.004) && person.citizenId !== "") {
        becomeNamesake(person, random.pick(pool), sources);
      }
    }
    for (const person of household) {
      const doses = planPersonDoses(person, drawCount, vaccines, random, mix);
      const priority = person.yearOnly ? "9" : String(1 + random.below(16));
      const records = doses.isMistake
        ? makeMistake(person, doses.doses, route.to, recordSources)
        : makeRecords(person, doses.doses, route.to, recordSources);
      files.write(route, person, priority, records, soil);
      for (const row of person.otherRows) population.write(row, 1);
      if (person.citizenId !== "") {
        population.write(writeRegisterRow(person), 1);
        pool[Math.min(made % poolSize, pool.length)] = person;
      }
    }
    unflushed += household.length;
    if (unflushed >= flushPeople) {
      unflushed = 0;
      await Promise.all([population.flush(), files.flush()]);
    }
  }
  await population.close();
  const { parts, records, names: exportNames } = await files.close();
  await joinTruth(out, parts);
  const written = [...exportNames.map((name) => `exports/${name}`), "population.csv", "truth.csv"];
  return { people: made, records, files: written };
}

const utf8 = { encoding: "utf-8", hasBom: false, isGzip: false } as const;
const poolSize = 512;
const flushPeople = 1000;

/** Cuts a household to size; who is cut is nobody's guardian or twin. */
function trimHousehold(household: SamplePerson[], size: number): SamplePerson[] {
  if (household.length <= size) return household;
  const kept = household.slice(0, size);
  for (const person of kept) {
    if (person.twin !== null && !kept.includes(person.twin)) person.twin = null;
    if (person.guardian !== null && !kept.includes(person.guardian)) person.guardian = null;
  }
  return kept;
}

const babyDay = countDays(2021, 9, 1);
const mistakeShare: Readonly<Record<Mix, number>> = { real: 0.08, clean: 0, worst: 0.3 };

/** A person's doses; now and then a baby is given one from before its birth, which can only be a mistake. */
function planPersonDoses(
  person: SamplePerson,
  drawCount: (random: Random) => number,
  vaccines: VaccineSource,
  random: Random,
  mix: Mix,
): { doses: Dose[]; isMistake: boolean } {
  if (person.birthDay >= babyDay && random.chance(mistakeShare[mix])) {
    const vaccine = vaccines.find("astrazeneca");
    const day = vaccine.firstDay + random.below(babyDay - vaccine.firstDay - 30);
    const facility = person.place.facilities[0];
    if (facility !== undefined)
      return { doses: [{ day, no: 1, vaccine, facility, lot: "ABX0001" }], isMistake: true };
  }
  return { doses: planDoses(person, drawCount(random), vaccines, random), isMistake: false };
}

async function joinTruth(out: string, parts: readonly string[]): Promise<void> {
  const path = join(out, "truth.csv");
  try {
    const target = await open(path, "w");
    await target.writeFile(truthHeader);
    for (const part of parts) {
      for await (const chunk of createReadStream(part)) await target.writeFile(chunk as Buffer);
    }
    await target.close();
    for (const part of parts) await rm(part);
  } catch (error) {
    throw explainWriteFailure(path, error);
  }
}
