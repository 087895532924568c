import { describe, expect, it } from "vitest";
import { quoteField } from "./csv-field.js";

describe("quoteField(text)", () => {
  it.each([
    ["", ""],
    ["a", "a"],
    [" a ", " a "],
    ["a,b", '"a,b"'],
    ['"', '""""'],
    ["a\nb", '"a\nb"'],
    ["a\rb", '"a\rb"'],
    ["a;b\tc", "a;b\tc"],
  ])("quotes %j as %j", (text, quoted) => {
    expect(quoteField(text)).toBe(quoted);
  });
});
