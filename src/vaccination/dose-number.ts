import { foldText, trimText } from "../identity/fold-text.js";

export type DoseNumberFinding = "dose-no.blank" | "dose-no.impossible";

/** Reads a dose number from 1 to `max`, as 1, 01, 1.0 or "Mũi 1". Total. */
export function readDoseNumber(
  text: string,
  max: number,
): { readonly dose: number | null; readonly finding: DoseNumberFinding | null } {
  const trimmed = trimText(text);
  if (trimmed === "") return { dose: null, finding: "dose-no.blank" };
  const digits = /^(?:mui(?: so| thu)? ?)?0*(\d{1,3})(?:[.,]0+)?$/.exec(foldText(trimmed))?.[1];
  const dose = Number(digits ?? 0);
  if (dose < 1 || dose > max) return { dose: null, finding: "dose-no.impossible" };
  return { dose, finding: null };
}
