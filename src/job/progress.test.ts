import { describe, expect, it } from "vitest";
import { createProgress } from "./progress.js";

describe("createProgress(effects) without a terminal", () => {
  it("writes a plain line every ten seconds and no more", () => {
    let now = 5000;
    const lines: string[] = [];
    const progress = createProgress({
      isInteractive: false,
      elapsedMs: () => now,
      stderr: (text) => lines.push(text),
    });
    for (const [at, done] of [
      [6000, 1],
      [14_999, 2],
      [15_000, 3],
      [15_001, 4],
      [24_999, 5],
      [60_000, 6],
    ] as const) {
      now = at;
      progress.show("assess", done, 9);
    }
    progress.close();
    expect(lines).toEqual(["assess: 3 of 9 shards\n", "assess: 6 of 9 shards\n"]);
  });
});
