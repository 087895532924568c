import { describe, expect, it } from "vitest";
import { papers, setColours } from "./style.js";

/** Relative luminance of a colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(["light", "dark"] as const)("colours of the sets, %s", (scheme) => {
  const colours = setColours[scheme];
  it.each(Object.entries(colours))("stand out from the page: %s", (_name, colour) => {
    for (const paper of Object.values(papers[scheme])) {
      expect(contrast(colour, paper)).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([
    ["cleaned", "errors"],
    ["errors", "exceptions"],
    ["cleaned", "exceptions"],
    ["left", "errors"],
    ["left", "exceptions"],
  ] as const)("differ in lightness: %s and %s", (one, other) => {
    expect(contrast(colours[one], colours[other])).toBeGreaterThanOrEqual(1.6);
  });
});
