import { describe, expect, it } from "vitest";
import { rankRecord, SamplePool } from "./sample-pool.js";

/** Draws `count` of the records 1 to `records`, which pass by in `order`. */
function draw(records: readonly number[], count: number, seed: number, size = count): number[] {
  const pool = new SamplePool<number>(size);
  for (const record of records) {
    const place = { sourceFile: "a.csv", sourceLine: String(record), recordId: `R${record}` };
    pool.offer("C1", rankRecord("run", seed, place), () => record);
  }
  return pool.take("C1", count).map(({ row }) => row);
}

const thirty = Array.from({ length: 30 }, (_, n) => n + 1);

describe("SamplePool", () => {
  it("takes the same records in whatever order they pass by, and however many it holds", () => {
    const expected = draw(thirty, 6, 1);
    expect(new Set(expected).size).toBe(6);
    expect(draw([...thirty].reverse(), 6, 1)).toEqual(expected);
    expect(draw(thirty, 6, 1, 20)).toEqual(expected);
    expect(draw([...thirty.slice(11), ...thirty.slice(0, 11)], 6, 1, 30)).toEqual(expected);
  });

  it("takes others for another seed", () => {
    expect(draw(thirty, 6, 2)).not.toEqual(draw(thirty, 6, 1));
  });

  it("takes each record about equally often, and each pair too", () => {
    const draws = 6000;
    const single = new Map<number, number>();
    const pairs = new Map<string, number>();
    for (let seed = 0; seed < draws; seed++) {
      const drawn = draw(thirty, 6, seed).sort((a, b) => a - b);
      for (const [at, one] of drawn.entries()) {
        single.set(one, (single.get(one) ?? 0) + 1);
        for (const other of drawn.slice(at + 1))
          pairs.set(`${one},${other}`, (pairs.get(`${one},${other}`) ?? 0) + 1);
      }
    }
    // Five standard deviations: one draw in 1.7 million records is further off by chance; the seeds are fixed anyhow.
    const farthest = (counts: Iterable<number>, chance: number): number =>
      Math.max(...[...counts].map((count) => Math.abs(count - draws * chance))) /
      Math.sqrt(draws * chance * (1 - chance));
    expect(single.size).toBe(30);
    expect(farthest(single.values(), 6 / 30)).toBeLessThan(5);
    expect(pairs.size).toBe(435);
    expect(farthest(pairs.values(), (6 * 5) / (30 * 29))).toBeLessThan(5);
  });

  it("counts every code by itself, and reads only rows that may be taken", () => {
    const pool = new SamplePool<string>(2);
    let read = 0;
    for (let n = 0; n < 1000; n++) {
      const place = { sourceFile: "a.csv", sourceLine: String(n), recordId: "" };
      pool.offer(n % 10 === 0 ? "C3" : "C1", rankRecord("run", 0, place), () => {
        read++;
        return String(n);
      });
    }
    expect([...pool.populations].sort()).toEqual([
      ["C1", 900],
      ["C3", 100],
    ]);
    expect(pool.take("C1", 2)).toHaveLength(2);
    expect(pool.take("C3", 1)).toHaveLength(1);
    expect(pool.take("C2", 1)).toEqual([]);
    expect(read).toBeLessThan(100);
  });
});

describe("rankRecord(run, seed, place)", () => {
  it("tells apart what only together would read the same", () => {
    const ranks = [
      rankRecord("run", 1, { sourceFile: "a", sourceLine: "12", recordId: "3" }),
      rankRecord("run", 1, { sourceFile: "a", sourceLine: "1", recordId: "23" }),
      rankRecord("run", 11, { sourceFile: "a", sourceLine: "2", recordId: "3" }),
      rankRecord("run1", 1, { sourceFile: "a", sourceLine: "2", recordId: "3" }),
    ];
    expect(new Set(ranks).size).toBe(4);
  });
});
