import { describe, expect, it } from "vitest";
import { estimateRunBytes } from "./space-plan.js";

const megabyte = 2 ** 20;
const estimate = (name: string, megabytes: number): number =>
  estimateRunBytes([{ name, bytes: megabytes * megabyte }]) / megabyte;

describe("estimateRunBytes(inputs)", () => {
  it("counts sets, checkpoints and the report for a CSV file", () => {
    expect(estimate("a.csv", 100)).toBeCloseTo(8 + 260);
  });

  it("counts what a compressed file holds, and its decoded copy", () => {
    expect(estimate("a.csv.gz", 100)).toBeCloseTo(8 + 6 * 260 + 600);
    expect(estimate("a.XLSX", 100)).toBeCloseTo(8 + 5 * 260 + 500);
  });

  it("adds the files up", () => {
    const inputs = ["a.csv", "b.csv"].map((name) => ({ name, bytes: 50 * megabyte }));
    expect(estimateRunBytes(inputs) / megabyte).toBeCloseTo(estimate("c.csv", 100));
  });
});
