import { z } from "zod";
import type { Effects } from "../effects.js";
import type { Tables } from "../pipeline/tables.js";
import { comparedRuns, countCompared, findLate, type SentRecords } from "../report/late-deliveries.js";
import type { Metrics } from "../report/metrics.js";
import { findNeverSent } from "../report/never-sent.js";
import { countSets } from "../report/percentages.js";
import type { PastRun, RunHistory } from "../report/run-history.js";
import type { LedgerRun } from "./ledger.js";
import { readSentRecords } from "./sent-records.js";
import { locateRun } from "./workspace.js";

/** How many earlier runs a report tells of: two months of nights. */
export const mostPastRuns = 60;

type Log = Pick<Effects, "log">;

/**
 * What a run's report tells of the nights before it. `earlier` is what the ledger lists as published before the run's
 * first start, oldest first: a run that was killed and gone on with has the same history as one that was not. An earlier
 * run that is damaged or no longer there is left out, and the log says which.
 */
export function collectHistory(
  out: string,
  earlier: readonly LedgerRun[],
  metrics: Metrics,
  { provinces }: Pick<Tables, "provinces">,
  effects: Log,
): RunHistory {
  const runs = earlier.flatMap((run) => toPastRun(run, effects) ?? []);
  const sent = readLastSent(out, runs, effects);
  const known = provinces.map(({ gsoCode, fullName }) => ({ key: gsoCode, label: fullName }));
  return {
    runs,
    compared: countCompared(metrics, sent),
    late: findLate(metrics, sent),
    neverSent: findNeverSent(metrics, sent, known),
  };
}

/** A run as one of the past, from its own metrics. */
export function describePast({ run, doses, people }: Pick<Metrics, "run" | "doses" | "people">): PastRun {
  return { id: run.id, asOf: run.asOf, doses: countSets(doses), people: countSets(people) };
}

const figures = z.object({
  counts: z.object({ records: z.int(), cleaned: z.int(), errors: z.int(), exceptions: z.int() }),
  measures: z.object({
    peopleRecords: z.int(),
    peopleCleaned: z.int(),
    peopleErrors: z.int(),
    peopleExceptions: z.int(),
  }),
});

/** Null when the ledger has no figures of it: its summary was damaged when it was noted, or an older lamsach did. */
function toPastRun(run: LedgerRun, { log }: Log): PastRun | null {
  const read = figures.safeParse(run);
  if (!read.success) {
    log.warn({ run: run.id }, "an earlier run has no figures in the ledger and is left out of the trend");
    return null;
  }
  const { counts, measures } = read.data;
  const people = {
    records: measures.peopleRecords,
    cleaned: measures.peopleCleaned,
    errors: measures.peopleErrors,
    exceptions: measures.peopleExceptions,
  };
  return { id: run.id, asOf: run.asOf, doses: counts, people };
}

/** What was sent in the last runs that can be read, oldest first; one file is open at a time. */
function readLastSent(out: string, runs: readonly PastRun[], { log }: Log): SentRecords[] {
  const sent: SentRecords[] = [];
  for (const { id, doses } of [...runs].reverse()) {
    if (sent.length === comparedRuns) break;
    try {
      sent.unshift(readSentRecords(locateRun(out, id).published, doses.records));
    } catch {
      // What became of an old run must not stop a new one.
      log.warn({ run: id }, "the summary of an earlier run cannot be read: nobody is held against it");
    }
  }
  return sent;
}
