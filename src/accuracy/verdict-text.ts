import { foldText } from "../identity/fold-text.js";

/** What somebody says of a cleaned record who has checked it. */
export type Verdict = "right" | "wrong" | "unsure";

const verdictByText: ReadonlyMap<string, Verdict> = new Map([
  ["right", "right"],
  ["dung", "right"],
  ["wrong", "wrong"],
  ["sai", "wrong"],
  ["unsure", "unsure"],
  ["khong ro", "unsure"],
]);

/** A verdict in Vietnamese or English, without regard to case, marks and spaces around it; null for anything else. */
export function readVerdict(text: string): Verdict | null {
  return verdictByText.get(foldText(text)) ?? null;
}
