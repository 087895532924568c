import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileKernel } from "../../test/kernel/compile-kernel.js";
import { answerAt, askKernel, kernelBytes, kernelLayout, kernelWords } from "./kernel.js";

describe("the kernel", () => {
  it("is compiled from its source", async () => {
    const module = new URL("kernel-wasm.ts", import.meta.url);
    expect(readFileSync(module, "utf8")).toBe(await compileKernel());
  });

  it("has no two uses for one piece of memory", () => {
    const { maxRows, doseSlots, personWordsPerRow, doseWordsPerRow } = kernelLayout;
    const uses = [
      [kernelLayout.letterKind, 0x2000],
      [kernelLayout.letterCode, 0x2000],
      [kernelLayout.letterTone, 0x2000],
      [kernelLayout.letterIsUpper, 0x2000],
      [kernelLayout.allowedMarks, 27],
      [kernelLayout.foreignCode, 0x4000],
      [kernelLayout.foreignBase, 0x4000],
      [kernelLayout.columnNumbers, 4 * (14 + 5 * doseSlots)],
      [kernelLayout.personWords, 4 * maxRows * personWordsPerRow],
      [kernelLayout.doseWords, 4 * maxRows * doseWordsPerRow * doseSlots],
      [kernelLayout.rowStarts, 4 * maxRows],
      [kernelLayout.rowFaults, maxRows],
      [kernelLayout.fieldEnds, kernelLayout.fieldEndBytes],
      [kernelLayout.chunkText, kernelLayout.chunkBytes],
      [kernelLayout.scannedText, kernelLayout.scannedBytes],
      [kernelLayout.specialOffsets, 4 * (kernelLayout.scannedBytes + 1)],
      [kernelLayout.recordsEnd, 8],
      [kernelLayout.recordStarts, 2 * kernelLayout.scannedBytes],
      [kernelLayout.recordEnds, 2 * kernelLayout.scannedBytes],
      [kernelLayout.recordFieldEnds, 4 * kernelLayout.scannedBytes],
      [kernelLayout.putWords, 4 * kernelLayout.putWordCount],
      [kernelLayout.recordsToPut, 4 * kernelLayout.recordToPutWords * kernelLayout.maxRecordsToPut],
      [kernelLayout.scratch, kernelLayout.scratchBytes],
      [kernelLayout.memos, kernelLayout.askedText - kernelLayout.memos],
      [kernelLayout.askedText, kernelLayout.askedTextBytes],
      [kernelLayout.freeMemory, 1],
    ] as const;
    const sorted = uses.toSorted(([one], [other]) => one - other);
    for (const [at, [start, bytes]] of sorted.entries())
      expect(start + bytes).toBeLessThanOrEqual(sorted[at + 1]?.[0] ?? kernelBytes.length);
  });
});

describe("askKernel(question, text, start, end)", () => {
  const ask = (text: Uint8Array, start: number, end: number): number[] => {
    askKernel("hashBytes", text, start, end);
    return [...kernelWords.subarray(answerAt, answerAt + 2)];
  };

  it("makes room for a text that is larger than its memory, and is the same afterwards", () => {
    const before = ask(Buffer.from("VN2021-000000001"), 0, 16);
    const size = kernelBytes.length;
    const long = new Uint8Array(size + 1).fill(0x61);
    const one = ask(long, 0, long.length);
    long[long.length - 1] = 0x62;
    expect(ask(long, 0, long.length)).not.toEqual(one);
    expect(kernelBytes.length).toBeGreaterThan(size);
    expect(ask(Buffer.from("VN2021-000000001"), 0, 16)).toEqual(before);
  });

  it("sees the text alone, short or long", () => {
    for (const length of [0, 1, 63, 64, 65, 1000]) {
      const text = Buffer.from("x".repeat(length));
      const inside = Buffer.from(`yy${"x".repeat(length)}zz`);
      expect(ask(inside, 2, 2 + length)).toEqual(ask(text, 0, length));
    }
  });
});
