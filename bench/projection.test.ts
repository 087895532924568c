import { describe, expect, it } from "vitest";
import { fitLine, project } from "./projection.js";

describe("fitLine(points)", () => {
  it("goes through two points", () => {
    const line = fitLine([
      { x: 1, y: 12 },
      { x: 10, y: 102 },
    ]);
    expect(line).toEqual({ base: 2, slope: 10 });
    expect(project(line, 266)).toBe(2662);
  });

  it("is the line of least squares through more", () => {
    const points = [1, 2, 3].map((x, at) => ({ x, y: [1, 3, 2][at] as number }));
    expect(fitLine(points)).toEqual({ base: 1, slope: 0.5 });
  });
});
