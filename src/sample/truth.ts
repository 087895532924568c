import type { Sink } from "./sink.js";

/** The header of `truth.csv`. */
export const truthHeader =
  "record_id,source_file,source_line,dose_no,dirt,expected_set,expected_family,expected_code,true_citizen_id\n";

const setByLetter: Readonly<Record<string, string>> = { C: "cleaned", X: "exceptions", E: "errors" };

/** What the truth says of one record. */
export interface Truth {
  readonly recordId: string;
  readonly file: string;
  readonly line: number;
  readonly doseNo: number;
  readonly dirt: readonly string[];
  readonly code: string;
  /** The person's live number; "" outside the register. */
  readonly citizenId: string;
}

/** Writes one line of `truth.csv`. */
export function writeTruth(sink: Sink, { recordId, file, line, doseNo, dirt, code, citizenId }: Truth): void {
  const set = setByLetter[code.charAt(0)] as string;
  const family = set === "cleaned" ? "C" : code.slice(0, 2);
  const kinds = dirt.length === 0 ? "none" : dirt.join(";");
  sink.write(`${recordId},${file},${line},${doseNo},${kinds},${set},${family},${code},${citizenId}\n`, 1);
}
