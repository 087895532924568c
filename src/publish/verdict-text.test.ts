import { describe, expect, it } from "vitest";
import { findingWords } from "../judge/findings.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPolicy } from "../pipeline/policy.js";
import { createVerdictTexts } from "./verdict-text.js";

describe("createVerdictTexts(judge)", () => {
  it("renders what the judge has reached since, and nothing again", () => {
    const judge = createJudge(loadPolicy("pipelines/policies/scheme-06.yaml"));
    const texts = createVerdictTexts(judge);
    expect(texts.list()).toEqual([]);
    const reach = (...bits: readonly number[]): void => {
      const words = new Uint32Array(findingWords);
      for (const bit of bits) words[bit >> 5] = (words[bit >> 5] as number) | (1 << (bit & 31));
      judge.judge(words, 0, 0);
    };
    reach(0);
    const [first] = texts.list();
    reach(1);
    const both = texts.list();
    expect(both).toHaveLength(2);
    expect(both[0]).toBe(first);
    for (const [index, { code, findings }] of judge.verdicts.entries()) {
      const start = `,${code.set},${code.code},${findings.join(";")},`;
      expect(Buffer.from(both[index]?.suffix ?? []).toString("utf8")).toContain(start);
    }
  });
});
