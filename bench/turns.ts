import { rmSync } from "node:fs";
import type { Measure, Measurement } from "./measure.js";

/** One program of a turn. */
export interface Step {
  readonly command: readonly string[];
  /** What it writes, removed before it runs. */
  readonly out: string | null;
  /** Whether what it writes is still needed when all turns are over. */
  readonly isKept: boolean;
}

/**
 * Measures the steps in turn (A B C A B C …) `turns` times after a turn that is not counted, so that whatever else the
 * machine does falls on all of them. Resolves to the measurements of each step, in the order of the turns.
 */
export async function measureInTurn(
  steps: readonly Step[],
  { turns, measure }: { readonly turns: number; readonly measure: Measure },
): Promise<Measurement[][]> {
  const measured = steps.map((): Measurement[] => []);
  for (let turn = 0; turn <= turns; turn++) {
    console.log(turn === 0 ? "warm-up" : `turn ${turn} of ${turns}`);
    for (const [at, { command, out, isKept }] of steps.entries()) {
      const remove = (): void => {
        if (out !== null) rmSync(out, { recursive: true, force: true });
      };
      remove();
      const measurement = await measure(command);
      if (turn > 0) measured[at]?.push(measurement);
      if (!isKept) remove();
    }
  }
  return measured;
}
