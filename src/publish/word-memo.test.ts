import { describe, expect, it } from "vitest";
import { rememberWords } from "./word-memo.js";

/** A reader that keeps what it was asked, looking texts up inside a larger buffer. */
function listen(): { read: (text: string) => string; asked: string[] } {
  const asked: string[] = [];
  const readWord = rememberWords((word) => {
    asked.push(word);
    return word.toUpperCase();
  });
  const read = (text: string): string => {
    const bytes = Buffer.from(`<${text}>`);
    return readWord(bytes, 1, bytes.length - 1);
  };
  return { read, asked };
}

describe("rememberWords(read)", () => {
  it("reads each word once", () => {
    const { read, asked } = listen();
    expect(["Lê", "văn", "Lê", "", "văn", ""].map(read)).toEqual(["LÊ", "VĂN", "LÊ", "", "VĂN", ""]);
    expect(asked).toEqual(["Lê", "văn", ""]);
  });

  it("reads what is longer than any syllable, and remembers none of it", () => {
    const { read, asked } = listen();
    const long = "ă".repeat(17);
    expect([read(long), read(long)]).toEqual(["Ă".repeat(17), "Ă".repeat(17)]);
    expect(asked).toHaveLength(2);
  });

  it("answers rightly after it has forgotten", () => {
    const { read, asked } = listen();
    const words = Array.from({ length: 20_000 }, (_, n) => `w${n}`);
    for (let turn = 0; turn < 2; turn++)
      expect(words.filter((word) => read(word) !== word.toUpperCase())).toEqual([]);
    expect(asked.length).toBeGreaterThan(words.length);
    expect(read("w19999")).toBe("W19999");
    expect(read("w0")).toBe("W0");
  });
});
