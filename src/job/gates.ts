import type { GateSettings } from "../pipeline/gate-settings.js";
import type { FoundCount } from "../reconcile/judge-partition.js";
import type { Metrics, Tally } from "../report/metrics.js";
import { countSets } from "../report/percentages.js";

export type Gate = Metrics["gates"][number];

/** What the gates of a later night compare with; null where the run had no such figure. */
export interface NightMeasures {
  readonly records: number;
  readonly registerPeople: number | null;
  readonly foundShare: number | null;
}

/**
 * Measures a run against the pipeline's gates. A share of nothing is null and passes: an empty delivery is told by its
 * counts, not by a gate.
 */
export function measureGates(
  limits: GateSettings,
  { doses, found, registerPeople }: { doses: Tally; found: FoundCount; registerPeople: number | null },
): Gate[] {
  const { records, errors } = countSets(doses);
  const foundShare = registerPeople === null ? null : shareOf(found);
  return [
    atMost("maxErrorShare", limits.maxErrorShare, records === 0 ? null : errors / records),
    atLeast("minFoundShare", limits.minFoundShare, foundShare),
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
    atMost("maxFoundShareDrop", limits.maxFoundShareDrop, dropOf(now.foundShare, last.foundShare)),
  ];
}

/** What is kept of a run for the nights to come: what their gates compare with, and people by set for their trend. */
export interface RunMeasures extends NightMeasures {
  readonly peopleRecords: number;
  readonly peopleCleaned: number;
  readonly peopleErrors: number;
  readonly peopleExceptions: number;
}

/** Takes a run's measures from its metrics. */
export function takeMeasures({
  run,
  doses,
  people,
  gates,
}: Pick<Metrics, "run" | "doses" | "people" | "gates">): RunMeasures {
  const sets = countSets(people);
  return {
    peopleRecords: sets.records,
    peopleCleaned: sets.cleaned,
    peopleErrors: sets.errors,
    peopleExceptions: sets.exceptions,
    records: doses.records,
    registerPeople: run.registerVersion === null ? null : run.registerPeople,
    foundShare: gates.find(({ name }) => name === "minFoundShare")?.value ?? null,
  };
}

/** Null when no record counts on either side. */
function shareOf({ held, missing }: FoundCount): number | null {
  return held + missing === 0 ? null : held / (held + missing);
}

function quotientOf(now: number | null, last: number | null | undefined): number | null {
  return now === null || last === null || last === undefined || last === 0 ? null : now / last;
}

/** Rounded to a millionth: 0.9 - 0.7 is no 0.2, and at the limit a gate passes. */
function dropOf(now: number | null, last: number | null | undefined): number | null {
  if (now === null || last === null || last === undefined) return null;
  return Math.round(Math.max(0, last - now) * 1e6) / 1e6;
}

function atLeast(name: string, limit: number, value: number | null): Gate {
  return { name, limit, value, passed: value === null || value >= limit };
}

function atMost(name: string, limit: number, value: number | null): Gate {
  return { name, limit, value, passed: value === null || value <= limit };
}
