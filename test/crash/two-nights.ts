import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../src/sample/random.js";
import { describeResult } from "../support/command-line.js";
import { type Rehearsal, requireUndisturbed, startNight } from "./rehearsal.js";

/**
 * Starts the night twice into the same folder, the second one a little later. One publishes; the other is refused (exit
 * 5) and names it, or finds everything done when it came late enough. Gives how many were refused.
 */
export async function startTogether(rehearsal: Rehearsal, out: string, random: Random): Promise<number> {
  const first = startNight(rehearsal, out);
  await sleep(random.below(Math.ceil(rehearsal.durationMs / 2)));
  const second = startNight(rehearsal, out);
  const nights = [first, second] as const;
  const results = await Promise.all(nights.map(({ finished }) => finished));
  const refused = results.filter(({ code }) => code === 5);
  for (const [position, result] of results.entries()) {
    if (result.code === 0) continue;
    const holder = new RegExp(
      `another run holds the lock \\((?:process ${nights[1 - position]?.pid}, started |just started)`,
    );
    if (result.code !== 5 || !holder.test(result.stderr) || refused.length === 2) {
      throw new Error(`expected one night alone to be refused\n${results.map(describeResult).join("\n")}`);
    }
  }
  requireUndisturbed(rehearsal, out);
  return refused.length;
}
