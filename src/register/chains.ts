/** Outcome of following every `replaced_by`. */
export interface ChainOutcome {
  /** Live slot for each replaced person, -1 when the chain has none. */
  readonly liveSlots: Int32Array;
  /** Replaced persons whose chain ends at a live person; `loops` + `openEnds` + `followed` = all replaced persons. */
  readonly followed: number;
  /** Whose chain comes back to a number it already passed. */
  readonly loops: number;
  /** Whose chain ends at a number that is not in the register, or at a cancelled one. */
  readonly openEnds: number;
  /** Steps of the longest followed chain. */
  readonly longest: number;
}

const unknown = -1;
const onPath = -2;
const loop = -3;
const openEnd = -4;

/**
 * Follows `replaced_by` to the live person, each link once however long the chains are. `replaced` holds the slots of
 * replaced persons in ascending order, `targets` the slot each one points to (-1: not in the register);
 * `isLive(slot)` says whether a person who is not replaced is active or deceased.
 */
export function followChains({
  replaced,
  targets,
  isLive,
}: {
  replaced: Int32Array;
  targets: Int32Array;
  isLive(slot: number): boolean;
}): ChainOutcome {
  const count = replaced.length;
  const ends = new Int32Array(count).fill(unknown);
  const steps = new Int32Array(count);
  const path: number[] = [];
  for (let start = 0; start < count; start++) {
    // Walk until something is known about the end, then write it back along the path.
    let at = start;
    let end = unknown;
    let length = 0;
    while (end === unknown) {
      const known = ends[at] as number;
      if (known === onPath) {
        end = loop;
      } else if (known !== unknown) {
        end = known;
        length = steps[at] as number;
      } else {
        ends[at] = onPath;
        path.push(at);
        const target = targets[at] as number;
        const next = target < 0 ? -1 : findPosition(replaced, target);
        if (next >= 0) at = next;
        else end = target >= 0 && isLive(target) ? target : openEnd;
      }
    }
    for (let member = path.pop(); member !== undefined; member = path.pop()) {
      ends[member] = end;
      steps[member] = ++length;
    }
  }
  return summarize(ends, steps);
}

function summarize(ends: Int32Array, steps: Int32Array): ChainOutcome {
  let followed = 0;
  let loops = 0;
  let openEnds = 0;
  let longest = 0;
  for (let at = 0; at < ends.length; at++) {
    const end = ends[at] as number;
    if (end >= 0) {
      followed++;
      longest = Math.max(longest, steps[at] as number);
      continue;
    }
    if (end === loop) loops++;
    else openEnds++;
    ends[at] = -1;
  }
  return { liveSlots: ends, followed, loops, openEnds, longest };
}

function findPosition(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = sorted[middle] as number;
    if (found === value) return middle;
    if (found < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
