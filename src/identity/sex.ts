import { describeDigits } from "./citizen-id.js";
import { foldText } from "./fold-text.js";

export type SexFinding = "sex.blank" | "sex.unreadable";

/** How a source writes the two sexes; compared folded and lower case. */
export interface SexCoding {
  readonly male: readonly string[];
  readonly female: readonly string[];
}

/** A delivered sex, read. */
export interface SexReading {
  readonly sex: "M" | "F" | null;
  readonly finding: SexFinding | null;
}

const blank: SexReading = { sex: null, finding: "sex.blank" };
const unreadable: SexReading = { sex: null, finding: "sex.unreadable" };
const male: SexReading = { sex: "M", finding: null };
const female: SexReading = { sex: "F", finding: null };

/** Reads a sex in the coding of its source; a text that the coding gives to both sexes is unreadable. Total. */
export function readSex(text: string, coding: SexCoding): SexReading {
  const folded = foldText(text);
  if (folded === "") return blank;
  return tableOf(coding).get(folded) ?? unreadable;
}

/** The sex that the fourth digit of a 12-digit number records: even M, odd F (Circular 59/2021/TT-BCA). */
export function sexFromCitizenId(number: string): "M" | "F" {
  return describeDigits(number).sex;
}

const tables = new WeakMap<SexCoding, ReadonlyMap<string, SexReading>>();

function tableOf(coding: SexCoding): ReadonlyMap<string, SexReading> {
  const known = tables.get(coding);
  if (known) return known;
  const table = new Map<string, SexReading>();
  for (const text of coding.male) table.set(foldText(text), male);
  for (const text of coding.female) {
    const folded = foldText(text);
    table.set(folded, table.get(folded) === male ? unreadable : female);
  }
  tables.set(coding, table);
  return table;
}
