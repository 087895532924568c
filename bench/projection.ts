/** A straight line. */
export interface Line {
  readonly base: number;
  readonly slope: number;
}

/** The line of least squares through two points or more whose `x` differ. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const covariance = mean(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const slope = covariance / mean(points.map(({ x }) => (x - meanX) ** 2));
  return { base: meanY - slope * meanX, slope };
}

/** The line's value at `x`. */
export function project({ base, slope }: Line, x: number): number {
  return base + slope * x;
}
