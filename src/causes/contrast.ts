/** Records, those that show a sign, and those that the sign alone keeps from being clean. */
export interface SignTally {
  readonly records: number;
  readonly found: number;
  readonly held: number;
}

/** How far a group's rate is from that of the rest. */
export interface Contrast {
  readonly rate: number;
  /** Of the rest, never 0: half a record is put to those that were found. */
  readonly restRate: number;
  /** Odds of the group by the odds of the rest. */
  readonly oddsRatio: number;
  /**
   * G-test of the two rates (Woolf 1957), divided by `designEffect`; 0 when the group's rate is the lower one. Beyond
   * `certainG` chance does not go.
   */
  readonly g: number;
  /** Records that would be clean if the group were like the rest; whole, never below 0. */
  readonly saved: number;
}

/**
 * Records do not err one by one: the doses of a person and the people of a household err together. The statistic is
 * that of so many fewer records (Kish's design effect of clusters of four).
 */
export const designEffect = 4;

/** A chance of 10⁻⁹ for one group and one sign; a nation has some 10⁶ of these pairs. */
export const certainG = 40;

/** Fewer records are nobody's common cause: they are put right one by one. */
export const leastSaved = 25;

/** Of what a cause did since it began: less is a habit of some. */
const leastRate = 0.3;
/** Against everybody else: less is a difference between places, of which there are many. */
const leastOddsRatio = 8;

/** Whether what is seen is more than chance, and more than the difference between one place and another. */
export function isCause(contrast: Contrast): boolean {
  return contrast.rate >= leastRate && contrast.saved >= leastSaved && isFarApart(contrast);
}

/** Whether two rates are too far apart for chance, and for two places that err each in its way. */
export function isFarApart({ oddsRatio, g }: Contrast): boolean {
  return oddsRatio >= leastOddsRatio && g >= certainG;
}

/** Compares a group with everybody else. */
export function compareRates(group: SignTally, rest: SignTally): Contrast {
  const rate = group.records === 0 ? 0 : group.found / group.records;
  const restRate = (rest.found + 0.5) / (rest.records + 1);
  const expectedHeld = rest.records === 0 ? 0 : (group.records * rest.held) / rest.records;
  return {
    rate,
    restRate,
    oddsRatio: oddsOf(group.found + 0.5, group.records + 1) / oddsOf(rest.found + 0.5, rest.records + 1),
    g: rate <= restRate ? 0 : measureG(group, rest) / designEffect,
    saved: Math.max(0, group.held - Math.round(expectedHeld)),
  };
}

function oddsOf(found: number, records: number): number {
  return found / (records - found);
}

/** 2 · Σ observed · ln(observed ÷ expected) over the four cells. */
export function measureG(group: SignTally, rest: SignTally): number {
  const records = group.records + rest.records;
  const found = group.found + rest.found;
  let sum = 0;
  for (const side of [group, rest]) {
    sum += term(side.found, (side.records * found) / records);
    sum += term(side.records - side.found, (side.records * (records - found)) / records);
  }
  return 2 * sum;
}

function term(observed: number, expected: number): number {
  return observed === 0 ? 0 : observed * Math.log(observed / expected);
}

/** What is left of one tally when another is taken from it. */
export function takeFrom(all: SignTally, part: SignTally): SignTally {
  return {
    records: all.records - part.records,
    found: all.found - part.found,
    held: all.held - part.held,
  };
}
