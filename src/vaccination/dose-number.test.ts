import { describe, expect, it } from "vitest";
import { readDoseNumber } from "./dose-number.js";

describe("readDoseNumber(text, max)", () => {
  it.each([
    ["1", 1],
    ["01", 1],
    ["1.0", 1],
    ["2,00", 2],
    ["Mũi 1", 1],
    ["MŨI 02", 2],
    ["mũi1", 1],
    ["mũi số 3", 3],
    ["mũi thứ 2", 2],
    [" ６ ", 6],
  ])("%j is %i", (text, dose) => {
    expect(readDoseNumber(text, 6)).toEqual({ dose, finding: null });
  });

  it.each(["0", "7", "-1", "1.5", "1/2", "mũi", "nhắc lại", "1e0", "9999999999999999999999"])(
    "%j is impossible",
    (text) => {
      expect(readDoseNumber(text, 6)).toEqual({ dose: null, finding: "dose-no.impossible" });
    },
  );

  it.each(["", " \u00a0"])("%j is blank", (text) => {
    expect(readDoseNumber(text, 6)).toEqual({ dose: null, finding: "dose-no.blank" });
  });
});
