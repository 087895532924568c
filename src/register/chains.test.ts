import { describe, expect, it } from "vitest";
import { followChains } from "./chains.js";

/** `links` maps a replaced slot to its target; every slot in `live` is a live person. */
function follow(links: Record<number, number>, live: readonly number[]) {
  const replaced = Object.keys(links).map(Number);
  const { liveSlots, ...counts } = followChains({
    replaced: Int32Array.from(replaced),
    targets: Int32Array.from(replaced, (slot) => links[slot] as number),
    isLive: (slot) => live.includes(slot),
  });
  return { liveSlots: [...liveSlots], ...counts };
}

describe("followChains({ replaced, targets, isLive })", () => {
  it.each([
    ["nobody is replaced", {}, [], { liveSlots: [], followed: 0, loops: 0, openEnds: 0, longest: 0 }],
    ["one step", { 1: 5 }, [5], { liveSlots: [5], followed: 1, loops: 0, openEnds: 0, longest: 1 }],
    [
      "two chains that meet",
      { 1: 3, 2: 3, 3: 9 },
      [9],
      { liveSlots: [9, 9, 9], followed: 3, loops: 0, openEnds: 0, longest: 2 },
    ],
    [
      "steps forward and back through the slots",
      { 1: 7, 3: 1, 7: 4, 8: 3 },
      [4],
      { liveSlots: [4, 4, 4, 4], followed: 4, loops: 0, openEnds: 0, longest: 4 },
    ],
    [
      "a person replaced by themselves",
      { 2: 2 },
      [],
      { liveSlots: [-1], followed: 0, loops: 1, openEnds: 0, longest: 0 },
    ],
    [
      "a loop of two, and one who leads into it",
      { 1: 2, 2: 1, 5: 1 },
      [],
      { liveSlots: [-1, -1, -1], followed: 0, loops: 3, openEnds: 0, longest: 0 },
    ],
    [
      "an unknown number",
      { 1: 2, 2: -1 },
      [],
      { liveSlots: [-1, -1], followed: 0, loops: 0, openEnds: 2, longest: 0 },
    ],
    ["a cancelled person", { 1: 6 }, [], { liveSlots: [-1], followed: 0, loops: 0, openEnds: 1, longest: 0 }],
  ])("%s", (_name, links, live, expected) => {
    expect(follow(links, live)).toEqual(expected);
  });

  it("follows a chain of 200,000 steps", () => {
    const count = 200_000;
    const outcome = followChains({
      replaced: Int32Array.from({ length: count }, (_, at) => at),
      targets: Int32Array.from({ length: count }, (_, at) => at + 1),
      isLive: (slot) => slot === count,
    });
    expect(outcome.longest).toBe(count);
    expect(outcome.liveSlots.every((slot) => slot === count)).toBe(true);
  });
});
