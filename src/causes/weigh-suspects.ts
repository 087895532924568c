import { isoDate } from "../identity/calendar.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import type { Cause, CauseKind } from "../report/metrics.js";
import type { CauseGroup } from "./cause-groups.js";
import { findChange, leastRise, type Moment, sumTallies } from "./change-point.js";
import { compareRates, isCause, type SignTally, takeFrom } from "./contrast.js";

/** A suspect with everything that is known of it. */
export interface WeighedSuspect {
  readonly suspect: number;
  readonly group: number;
  readonly finding: FindingId;
  readonly dimension: CauseGroup["dimension"];
  /** The group's records in all, and the run's. */
  readonly own: SignTally;
  readonly all: SignTally;
  /** `Evidence.moments`; the records of `own` that have no moment are not among them. */
  readonly moments: readonly Moment[];
  /** Of a file: its records from the first one found in a part, or after it, to its end. */
  readonly countFrom: (part: number) => number;
  /** Share of the records found that hold the commonest text in the cell the finding is about; 0 where nobody looked. */
  readonly commonestShare: number;
}

/** A cause but for the names of its group and the line it begins on. */
export interface FoundCause
  extends Pick<
    Cause,
    "kind" | "saved" | "records" | "withFinding" | "restRecords" | "restWithFinding" | "sinceDay"
  > {
  readonly suspect: number;
  readonly group: number;
  readonly finding: FindingId;
  /** Part of the file in which it begins; null: all along, or no file. */
  readonly sincePart: number | null;
}

/** Share of one text among the records found, from which on it is one value for many. */
const oneValueShare = 0.8;

/** A suspect as a cause; null when what is left of the suspicion is not enough for one. */
export function weighSuspect(weighed: WeighedSuspect): FoundCause | null {
  const { suspect, group, finding, dimension, own, all } = weighed;
  const isFile = dimension === "file";
  const since = findBeginning(weighed);
  const tally = since === null ? own : tallySince(weighed, since);
  const rest = takeFrom(all, tally);
  const expected = finding === "row.shifted" && rest.records === 0 ? { ...tally, found: 0, held: 0 } : rest;
  const contrast = compareRates(tally, expected);
  if (!isCause(contrast)) return null;
  return {
    ...{ suspect, group, finding },
    kind: nameKind(weighed),
    saved: contrast.saved,
    records: tally.records,
    withFinding: tally.found,
    restRecords: rest.records,
    restWithFinding: rest.found,
    sinceDay: isFile || since === null ? null : isoDate(since),
    sincePart: isFile ? since : null,
  };
}

/** The moment from which it is so; of a file also the part before it, in which it may have begun. */
function findBeginning({ dimension, moments }: WeighedSuspect): number | null {
  const since = findChange(moments);
  if (since === null || dimension !== "file") return since;
  const position = moments.findIndex(({ at }) => at === since) - 1;
  const last = moments[position] as Moment;
  const before = sumTallies(moments.slice(0, position));
  const isRise = last.found > 0 && last.found * before.records >= leastRise * before.found * last.records;
  return isRise ? last.at : since;
}

/** Parts of a file and moments made from a sample do not tell whole records. */
function tallySince({ dimension, moments, countFrom }: WeighedSuspect, since: number): SignTally {
  const { records, found, held } = sumTallies(moments.filter(({ at }) => at >= since));
  return {
    records: dimension === "file" ? countFrom(since) : Math.round(records),
    found: Math.round(found),
    held: Math.round(held),
  };
}

function nameKind({ finding, commonestShare }: WeighedSuspect): CauseKind {
  if (finding === "row.shifted") return "columns-shifted";
  if (finding.endsWith(".day-month-swapped")) return "day-month-swapped";
  if (commonestShare >= oneValueShare) return "one-value-for-many";
  if (finding === "birth-date.first-of-january") return "birth-date-filled-in";
  return "finding-far-above-the-rest";
}

/** Most saved first; of one group and field the first alone: one mistake makes several findings. */
export function rankCauses(causes: readonly FoundCause[]): FoundCause[] {
  const told = new Set<string>();
  return [...causes]
    .sort((a, b) => b.saved - a.saved || a.suspect - b.suspect)
    .filter(({ group, finding }) => {
      const key = `${group} ${findingCatalogue[finding].field}`;
      const isNew = !told.has(key);
      told.add(key);
      return isNew;
    });
}
