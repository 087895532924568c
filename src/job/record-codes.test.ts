import { describe, expect, it } from "vitest";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { addFinding, findingWords } from "../judge/findings.js";
import { createJudge } from "../judge/judge-record.js";
import { loadPolicy } from "../pipeline/policy.js";
import { listCodes } from "./record-codes.js";

describe("listCodes(judge, reconciliation)", () => {
  it("is each record's code by its position in the catalogue", () => {
    const judge = createJudge(loadPolicy("pipelines/policies/scheme-06.yaml"));
    const words = new Uint32Array(findingWords * 2);
    addFinding(words, 0, "register.not-consulted");
    addFinding(words, findingWords, "citizen-id.blank");
    const [e61, x10] = [judge.judge(words, 0, 0).index, judge.judge(words, findingWords, 0).index];
    const codes = listCodes(judge, { verdicts: Uint32Array.of(x10, e61, x10, x10) });
    expect([...codes].map((position) => codeCatalogue[position]?.code)).toEqual(["X10", "E61", "X10", "X10"]);
  });

  it("has room for every code in a byte", () => {
    expect(codeCatalogue.length).toBeLessThanOrEqual(256);
  });
});
