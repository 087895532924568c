import { z } from "zod";
import type { Measurement } from "./measure.js";

const runOutput = z.object({ counts: z.record(z.string(), z.number()) });
const registerOutput = z.object({ people: z.number(), bytesPerPerson: z.number() });

/** Records by set and by code that `lamsach run --json` printed. */
export function readCounts({ output }: Measurement): Record<string, number> & { records: number } {
  const { counts } = runOutput.parse(JSON.parse(output));
  return { ...counts, records: counts.records ?? 0 };
}

/** People and bytes of the index in memory that `lamsach register build --json` printed. */
export function readRegisterSize({ output }: Measurement): { people: number; indexBytes: number } {
  const { people, bytesPerPerson } = registerOutput.parse(JSON.parse(output));
  return { people, indexBytes: Math.round(people * bytesPerPerson) };
}
