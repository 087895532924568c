import { describe, expect, it } from "vitest";
import { findingWords } from "../judge/findings.js";
import { createJudge, type Judge } from "../judge/judge-record.js";
import { loadPolicy } from "../pipeline/policy.js";
import { VerdictTexts } from "./verdict-text.js";

const policy = loadPolicy("pipelines/policies/scheme-06.yaml");

function reach(judge: Judge, ...bits: readonly number[]): void {
  const words = new Uint32Array(findingWords);
  for (const bit of bits) words[bit >> 5] = (words[bit >> 5] as number) | (1 << (bit & 31));
  judge.judge(words, 0, 0);
}

/** The suffix of each verdict has to be the judge's. */
function expectSuffixes(texts: VerdictTexts, judge: Judge): void {
  const all = texts.bring();
  expect(all).toHaveLength(judge.verdicts.length);
  for (const [index, { code, findings }] of judge.verdicts.entries()) {
    const verdict = all[index];
    if (verdict === undefined) throw new Error("a verdict is missing");
    expect(verdict.set).toBe(code.set);
    const suffix = Buffer.from(texts.suffixOf(verdict)).toString("utf8");
    expect(suffix).toContain(`,${code.set},${code.code},${findings.join(";")},`);
    expect(suffix).toContain(code.vi);
  }
}

describe("VerdictTexts", () => {
  it("brings what the judge has reached since, and nothing again", () => {
    const judge = createJudge(policy);
    const texts = new VerdictTexts(judge);
    expect(texts.bring()).toEqual([]);
    reach(judge, 0);
    const [first] = texts.bring();
    reach(judge, 1);
    expect(texts.bring()[0]).toBe(first);
    expectSuffixes(texts, judge);
  });

  it("brings so many that its memory has to grow", () => {
    const judge = createJudge(policy);
    const texts = new VerdictTexts(judge);
    for (let one = 0; one < 60; one++) for (let other = 0; other < one; other++) reach(judge, 0, one, other);
    const { capacity } = texts.texts;
    expectSuffixes(texts, judge);
    expect(texts.texts.capacity).toBeGreaterThan(capacity);
  });

  it("has those of its judge, whoever else's were brought in between", () => {
    const judges = [createJudge(policy), createJudge(policy)] as const;
    const texts = [new VerdictTexts(judges[0]), new VerdictTexts(judges[1])] as const;
    reach(judges[0], 0, 3);
    reach(judges[1], 0, 4);
    for (const at of [0, 1, 0, 1] as const) expectSuffixes(texts[at], judges[at]);
  });
});
