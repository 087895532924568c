import { describe, expect, it } from "vitest";
import { nameSeries } from "./run-series.js";

const pipeline = { file: "/data/pipelines/night.yaml", inputs: ["../exports/*.csv", "../exports/*.xlsx"] };

describe("nameSeries(inputs, cwd, pipeline)", () => {
  it.each<[what: string, inputs: readonly string[], cwd: string]>([
    ["no --input", [], "/anywhere"],
    ["the pipeline's patterns, in another order", ["exports/*.xlsx", "exports/*.csv"], "/data"],
    ["the pipeline's patterns, from another folder", ["/data/exports/*.csv", "*.xlsx"], "/data/exports"],
  ])("is the pipeline's own with %s", (_what, inputs, cwd) => {
    expect(nameSeries(inputs, cwd, pipeline)).toBe("pipeline");
  });

  it("is the same wherever the same patterns are given, and another for other patterns", () => {
    const hanoi = nameSeries(["exports/hanoi-*.csv"], "/data", pipeline);
    expect(hanoi).toMatch(/^input-[0-9a-f]{12}$/);
    expect(nameSeries(["../exports/hanoi-*.csv"], "/data/other", pipeline)).toBe(hanoi);
    expect(nameSeries(["exports/hanoi-*.csv"], "/elsewhere", pipeline)).not.toBe(hanoi);
    expect(nameSeries(["exports/*.csv"], "/data", pipeline)).not.toBe(hanoi);
    expect(nameSeries(["exports/*.csv"], "/data", pipeline)).not.toBe("pipeline");
  });
});
