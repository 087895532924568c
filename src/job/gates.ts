import type { GateSettings } from "../pipeline/gate-settings.js";
import type { FoundCount } from "../reconcile/judged-totals.js";
import type { Metrics, Tally } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";

export type Gate = Metrics["gates"][number];

/** What the gates of a later night compare with; null where the run had no such figure. */
export interface NightMeasures {
  readonly records: number;
  readonly registerPeople: number | null;
  /** Of the records delivered with a 12-digit number: those whose number the register holds. */
  readonly foundShare: number | null;
  /**
   * Of all records that can be read: the same. A column that moved takes its records out of `foundShare` on both sides; here
   * it shows. Not there where a run's summary is all that is left of it.
   */
  readonly heldShare?: number | null;
}

/**
 * Measures a run against the pipeline's gates. A share of nothing is null and passes: an empty delivery is told by its
 * counts, not by a gate. But records without a single number to look up are no honest night: the column is not where
 * its header says.
 */
export function measureGates(
  limits: GateSettings,
  { doses, found, registerPeople }: { doses: Tally; found: FoundCount; registerPeople: number | null },
): Gate[] {
  const { records, errors } = countSets(doses);
  const foundShare = registerPeople === null ? null : shareOf(found);
  const isNumberless = registerPeople !== null && foundShare === null && countReadable(doses) > 0;
  const foundGate = atLeast("minFoundShare", limits.minFoundShare, foundShare);
  return [
    atMost("maxErrorShare", limits.maxErrorShare, records === 0 ? null : errors / records),
    isNumberless ? { ...foundGate, passed: limits.minFoundShare === 0 } : foundGate,
    atLeast("minRegisterPeople", limits.minRegisterPeople, registerPeople),
    ...(limits.minRecords === undefined ? [] : [atLeast("minRecords", limits.minRecords, records)]),
  ];
}

/**
 * Measures a run against the last one of its pipeline that was published here. They stand in no published report: the
 * same run has the same bytes whatever was run before it.
 */
export function measureAgainstLast(
  limits: GateSettings,
  now: NightMeasures,
  last: Partial<NightMeasures>,
): Gate[] {
  return [
    atLeast("minRecordsOfLast", limits.minRecordsOfLast, quotientOf(now.records, last.records)),
    atLeast(
      "minRegisterOfLast",
      limits.minRegisterOfLast,
      quotientOf(now.registerPeople, last.registerPeople),
    ),
    atMost("maxFoundShareDrop", limits.maxFoundShareDrop, measureDrop(now, last)),
  ];
}

/** What is kept of a run for the nights to come: what their gates compare with, and people by set for their trend. */
export interface RunMeasures extends NightMeasures {
  readonly peopleRecords: number;
  readonly peopleCleaned: number;
  readonly peopleErrors: number;
  readonly peopleExceptions: number;
}

/** Takes a run's measures from its metrics; without `heldShare` when what was found is not known: a summary has it not. */
export function takeMeasures(
  { run, doses, people, gates }: Pick<Metrics, "run" | "doses" | "people" | "gates">,
  found: FoundCount | null,
): RunMeasures {
  const sets = countSets(people);
  const readable = countReadable(doses);
  const isHeldKnown = run.registerVersion !== null && readable > 0;
  return {
    peopleRecords: sets.records,
    peopleCleaned: sets.cleaned,
    peopleErrors: sets.errors,
    peopleExceptions: sets.exceptions,
    records: doses.records,
    registerPeople: run.registerVersion === null ? null : run.registerPeople,
    foundShare: gates.find(({ name }) => name === "minFoundShare")?.value ?? null,
    ...(found === null ? {} : { heldShare: isHeldKnown ? found.held / readable : null }),
  };
}

/** Records but those of which nothing could be read (codes E1x). */
function countReadable({ records, byCode }: Tally): number {
  const unread = Object.entries(byCode).filter(([code]) => /^E1\d$/.test(code));
  return unread.reduce((rest, [, count]) => rest - count, records);
}

/** Null when no record counts on either side. */
function shareOf({ held, missing }: FoundCount): number | null {
  return held + missing === 0 ? null : held / (held + missing);
}

function quotientOf(now: number | null, last: number | null | undefined): number | null {
  return now === null || last === null || last === undefined || last === 0 ? null : now / last;
}

/**
 * The larger drop of the two shares: that of the numbers shows another register, that of all records a column that moved. A
 * night without a register has neither, one without records neither: that is asked of by other gates.
 */
function measureDrop(now: NightMeasures, last: Partial<NightMeasures>): number | null {
  if (now.registerPeople === null || now.records === 0) return null;
  const drops = [dropOf(now.foundShare, last.foundShare), dropOf(now.heldShare, last.heldShare)];
  const known = drops.filter((drop) => drop !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/**
 * Rounded to a millionth: 0.9 - 0.7 is no 0.2, and at the limit a gate passes. A share that is gone has dropped as far as a
 * share can.
 */
function dropOf(now: number | null | undefined, last: number | null | undefined): number | null {
  if (last === null || last === undefined) return null;
  if (now === null || now === undefined) return 1;
  return Math.round(Math.max(0, last - now) * 1e6) / 1e6;
}

function atLeast(name: string, limit: number, value: number | null): Gate {
  return { name, limit, value, passed: value === null || value >= limit };
}

function atMost(name: string, limit: number, value: number | null): Gate {
  return { name, limit, value, passed: value === null || value <= limit };
}
