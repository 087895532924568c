import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteMemo } from "./byte-memo.js";

/** Looks a text up as its users do: somewhere inside a larger buffer. */
function find(memo: ByteMemo, text: string): number {
  const bytes = Buffer.from(`<${text}>`);
  return memo.find(bytes, 1, bytes.length - 1);
}

function remember(memo: ByteMemo, text: string, value: number): void {
  const bytes = Buffer.from(`<${text}>`);
  if (memo.find(bytes, 1, bytes.length - 1) < 0) memo.add(bytes, 1, bytes.length - 1, value);
}

describe("ByteMemo", () => {
  it("answers as a Map does, for any texts", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "ă", "\0", "ÿ"), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.nat()), { maxLength: 300 }), (entries) => {
        const memo = new ByteMemo();
        const map = new Map<string, number>();
        for (const [key, value] of entries) {
          expect(find(memo, key)).toBe(map.get(key) ?? -1);
          if (map.has(key)) continue;
          map.set(key, value);
          remember(memo, key, value);
        }
        for (const [key, value] of map) expect(find(memo, key)).toBe(value);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps everything while it grows", () => {
    const memo = new ByteMemo();
    const texts = Array.from({ length: 20_000 }, (_, n) => `${n}`.repeat((n % 7) + 1));
    for (const [n, text] of texts.entries()) remember(memo, text, n);
    const map = new Map<string, number>();
    for (const [n, text] of texts.entries()) if (!map.has(text)) map.set(text, n);
    expect(texts.every((text) => find(memo, text) === map.get(text))).toBe(true);
    expect(find(memo, "nobody")).toBe(-1);
  });

  it("keeps a text longer than all its memory", () => {
    const memo = new ByteMemo();
    const long = "ấ".repeat(100_000);
    remember(memo, "a", 1);
    remember(memo, long, 2);
    remember(memo, "b", 3);
    expect([find(memo, "a"), find(memo, long), find(memo, "b"), find(memo, `${long}.`)]).toEqual([
      1, 2, 3, -1,
    ]);
  });

  it("tells texts apart whose hashes are equal", () => {
    // The hash it uses, to find texts that collide.
    const hashOf = (text: string): number => {
      const bytes = Buffer.from(text);
      let hash = bytes.length;
      for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
      return hash ^ (hash >>> 15);
    };
    const byHash = new Map<number, string>();
    const pairs: [string, string][] = [];
    for (let n = 0; pairs.length < 3; n++) {
      const text =
        n.toString(36).padStart(8, "0") + ((n * 2_654_435_761) % 4_294_967_296).toString(36).padStart(7, "0");
      const other = byHash.get(hashOf(text));
      if (other !== undefined && other !== text) pairs.push([other, text]);
      byHash.set(hashOf(text), text);
    }
    const memo = new ByteMemo();
    for (const [n, [left, right]] of pairs.entries()) {
      expect(hashOf(left)).toBe(hashOf(right));
      remember(memo, left, n);
      expect(find(memo, right)).toBe(-1);
      remember(memo, right, n + 100);
    }
    expect(pairs.map(([left, right]) => [find(memo, left), find(memo, right)])).toEqual([
      [0, 100],
      [1, 101],
      [2, 102],
    ]);
  });

  it("forgets at its limit, and never answers with a wrong value afterwards", () => {
    const memo = new ByteMemo(100);
    for (let n = 0; n < 1000; n++) {
      const text = `${n % 137}`;
      const known = find(memo, text);
      expect([-1, n % 137]).toContain(known);
      remember(memo, text, n % 137);
      expect(find(memo, text)).toBe(n % 137);
    }
    const limited = new ByteMemo(2);
    for (const [value, text] of ["a", "b", "c"].entries()) remember(limited, text, value);
    expect([find(limited, "a"), find(limited, "b"), find(limited, "c")]).toEqual([-1, -1, 2]);
  });

  it("remembers the empty text", () => {
    const memo = new ByteMemo();
    remember(memo, "", 7);
    expect(find(memo, "")).toBe(7);
  });
});
