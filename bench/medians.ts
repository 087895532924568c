/** Median, least and most of some turns. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, least and most of one value or more. */
export function summarise(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
  return { median, min: sorted[0] as number, max: sorted.at(-1) as number };
}

/** Spread of the ratios within each turn: what slows the whole machine for a turn leaves them as they are. */
export function summariseRatios<Turn>(
  above: readonly Turn[],
  below: readonly Turn[],
  read: (turn: Turn) => number,
): Spread {
  return summarise(above.map((turn, at) => read(turn) / read(below[at] as Turn)));
}
