import { exitCodes, LamsachError } from "../errors.js";
import { measureFreeBytes } from "./free-space.js";

/**
 * Throws `LamsachError` (exit 4) with both figures when `place` has less free than `neededBytes`, an estimate for
 * `what`. A place whose free space the system does not tell passes.
 */
export function requireSpace(
  { place, neededBytes, what }: { place: string; neededBytes: number; what: string },
  measure: (place: string) => number | null = measureFreeBytes,
): void {
  const free = measure(place);
  if (free === null || free >= neededBytes) return;
  throw new LamsachError(
    exitCodes.environment,
    `${place}: ${formatMegabytes(free)} free; expected about ${formatMegabytes(neededBytes)} for ${what}. ` +
      "Make room, choose another --out, or give --no-space-check when you know better.",
  );
}

/** Whole megabytes, rounded up. */
export function formatMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`;
}
