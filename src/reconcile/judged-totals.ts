import type { Additions } from "./additions.js";
import { type SignCounts, SignTotals } from "./count-signs.js";
import type { DimensionValues } from "./dimensions.js";
import { type PartCounts, RunCounts } from "./run-counts.js";

/** Records delivered with a 12-digit number, by whether the register holds it. */
export interface FoundCount {
  readonly held: number;
  readonly missing: number;
}

/** What some of a run's people add to it. */
export interface JudgedPart {
  readonly counts: PartCounts;
  /** In the order of the dimensions asked for. */
  readonly signs: readonly SignCounts[];
  /** By record of the run; repeated keys are not among them. */
  readonly added: readonly Additions[];
  readonly found: FoundCount;
}

/** Adds up what is found in judging a run, or parts of it, in any order. */
export class JudgedTotals {
  readonly counts: RunCounts;
  readonly signs: readonly SignTotals[];
  readonly added: Additions[] = [];
  readonly found = { held: 0, missing: 0 };

  /** `signDimensions`: where signs of a common cause are counted. */
  constructor(
    dimensions: readonly DimensionValues[],
    readonly signDimensions: readonly DimensionValues[],
  ) {
    this.counts = new RunCounts(dimensions);
    this.signs = signDimensions.map(() => new SignTotals());
  }

  /** Adds what was found among people who are in no other part. */
  add({ counts, signs, added, found }: JudgedPart): void {
    this.counts.add(counts);
    for (const [position, own] of signs.entries()) this.signs[position]?.add(own);
    this.added.push(...added);
    this.addFound(found);
  }

  addFound({ held, missing }: FoundCount): void {
    this.found.held += held;
    this.found.missing += missing;
  }

  /** Everything added so far, as numbers. */
  list(): JudgedPart {
    return {
      counts: this.counts.list(),
      signs: this.signs.map((signs) => signs.list()),
      added: this.added,
      found: this.found,
    };
  }
}
