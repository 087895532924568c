import type { Vaccine } from "./vaccine.js";

export type DoseFinding = "dose.same-day" | "dose.order" | "dose.interval-short" | "dose.gap";

/** One dose of one person. */
export interface PersonDose {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly dose: number;
  readonly vaccine: Vaccine | null;
}

const none: readonly DoseFinding[] = [];
const gap: readonly DoseFinding[] = ["dose.gap"];
const sameDay: readonly DoseFinding[] = ["dose.same-day"];

/**
 * Checks the doses of one person, given in input order, and answers in that order. The first of a day stays, the others
 * are `dose.same-day` and take no further part. `dose.order`: an earlier day has an equal or higher number, or a later
 * day an equal or lower one. Warnings: `dose.interval-short` (less than the minimum of the vaccine given before),
 * `dose.gap` (nobody delivered the number before this one). n log n.
 */
export function checkPersonDoses(doses: readonly PersonDose[]): readonly (readonly DoseFinding[])[] {
  const [only] = doses;
  if (only === undefined) return [];
  if (doses.length === 1) return [only.dose > 1 ? gap : none];

  const results: (readonly DoseFinding[])[] = new Array(doses.length).fill(none);
  const kept = keepFirstOfDay(doses, results);
  const numbers = new Set<number>();
  for (const index of kept) numbers.add((doses[index] as PersonDose).dose);
  const contradicted = findContradictions(doses, kept);

  let previous: PersonDose | null = null;
  for (const [position, index] of kept.entries()) {
    const dose = doses[index] as PersonDose;
    const minimum = previous?.vaccine?.minIntervalDays ?? null;
    const isShort = previous !== null && minimum !== null && dose.day - previous.day < minimum;
    const isGap = dose.dose > 1 && !numbers.has(dose.dose - 1);
    const isContradicted = contradicted[position] === 1;
    if (isContradicted || isShort || isGap) {
      const findings: DoseFinding[] = [];
      if (isContradicted) findings.push("dose.order");
      if (isShort) findings.push("dose.interval-short");
      if (isGap) findings.push("dose.gap");
      results[index] = findings;
    }
    previous = dose;
  }
  return results;
}

/** Positions in `doses` by day, the first in input order of each day; the others are marked in `results`. */
function keepFirstOfDay(doses: readonly PersonDose[], results: (readonly DoseFinding[])[]): number[] {
  const order = doses.map((_, index) => index);
  order.sort((a, b) => (doses[a] as PersonDose).day - (doses[b] as PersonDose).day || a - b);
  const kept: number[] = [];
  let lastDay = Number.NaN;
  for (const index of order) {
    const { day } = doses[index] as PersonDose;
    if (day === lastDay) results[index] = sameDay;
    else kept.push(index);
    lastDay = day;
  }
  return kept;
}

/** 1 for every position of `kept` whose number is not above all earlier ones and below all later ones. */
function findContradictions(doses: readonly PersonDose[], kept: readonly number[]): Uint8Array {
  const contradicted = new Uint8Array(kept.length);
  let highest = Number.NEGATIVE_INFINITY;
  for (let position = 0; position < kept.length; position++) {
    const { dose } = doses[kept[position] as number] as PersonDose;
    if (highest >= dose) contradicted[position] = 1;
    if (dose > highest) highest = dose;
  }
  let lowest = Number.POSITIVE_INFINITY;
  for (let position = kept.length - 1; position >= 0; position--) {
    const { dose } = doses[kept[position] as number] as PersonDose;
    if (lowest <= dose) contradicted[position] = 1;
    if (dose < lowest) lowest = dose;
  }
  return contradicted;
}
