import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { exitCodes, LamsachError } from "../errors.js";

/** The rows of a small UTF-8 CSV of codes or name counts; throws LamsachError (exit 3) when it cannot be read. */
export function readTableFile(path: string): Record<string, string>[] {
  try {
    return parse(readFileSync(path), { bom: true, columns: true, skip_empty_lines: true });
  } catch {
    throw new LamsachError(
      exitCodes.input,
      `${path}: the file cannot be read; expected a UTF-8 CSV with a header row. Restore it from the package.`,
    );
  }
}

/** The lines of a small UTF-8 text file, without blank ones; throws LamsachError (exit 3) when it cannot be read. */
export function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch {
    throw new LamsachError(
      exitCodes.input,
      `${path}: the file cannot be read; expected a UTF-8 text with a name a line. Restore it from the package.`,
    );
  }
}
