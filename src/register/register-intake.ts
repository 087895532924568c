import { basename } from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import type { PersonSpool, RowPosition } from "./person-spool.js";
import { readRegisterCsv } from "./register-csv.js";
import {
  createEncodedRow,
  createRowReader,
  type RowDefect,
  rowDefects,
  type SexCoding,
} from "./register-row.js";

const reportedPositions = 5;
const rowsPerProgress = 10_000;

/** What reading the inputs found. */
export interface Intake {
  /** Rows in the spool. */
  readonly people: number;
  /** Impossible rows, not in the spool. */
  readonly leftOut: number;
  /** By input, in the order given. */
  readonly builtFrom: readonly { readonly file: string; readonly rows: number }[];
}

/**
 * Reads every input into the spool, leaving impossible rows out. Throws LamsachError: 3 when an input cannot be read, 1
 * when there are no people or when the impossible rows are more than `maxImpossibleShare` of all rows.
 */
export async function readRegisterInputs({
  inputs,
  spool,
  placeCodes,
  sexCoding,
  maxImpossibleShare,
  onProgress,
}: {
  inputs: readonly string[];
  spool: PersonSpool;
  placeCodes: ReadonlySet<string>;
  sexCoding: SexCoding;
  maxImpossibleShare: number;
  onProgress?: ((rows: number) => void) | undefined;
}): Promise<Intake> {
  const readRow = createRowReader({ placeCodes, sexCoding });
  const encoded = createEncodedRow();
  const defects = new DefectTally();
  const builtFrom: { file: string; rows: number }[] = [];
  let rows = 0;
  for (const [file, path] of inputs.entries()) {
    const before = rows;
    await readRegisterCsv({
      path,
      onRow(row, line) {
        rows++;
        const defect = row === null ? "structure" : readRow(row, encoded);
        if (defect === null) spool.add(encoded, file, line);
        else defects.add(defect, { file, line });
        if (rows % rowsPerProgress === 0) onProgress?.(rows);
      },
    });
    builtFrom.push({ file: basename(path), rows: rows - before });
  }
  onProgress?.(rows);
  const names = builtFrom.map(({ file }) => file);
  if (rows === 0) {
    throw refusePoisoned(`${names.join(", ")}: no rows`, "one row per person", "Export the register again.");
  }
  if (defects.total > maxImpossibleShare * rows) {
    throw refusePoisoned(
      `${names[0]}: ${defects.total} of ${rows} rows are impossible (${defects.describe(names)})`,
      `at most ${maxImpossibleShare * 100} %`,
      "Correct the register, or its sex coding, and export it again.",
    );
  }
  if (defects.total === rows) {
    throw refusePoisoned(`${names[0]}: no row is possible`, "people", "Export the register again.");
  }
  return { people: rows - defects.total, leftOut: defects.total, builtFrom };
}

/** A register that must not replace the good one (exit code 1). */
export function refusePoisoned(problem: string, expected: string, advice: string): LamsachError {
  return new LamsachError(
    exitCodes.withheld,
    `${problem}; expected ${expected}. ${advice} The register in use was not touched.`,
  );
}

/** `lines 2, 7` or `a.csv:2, b.csv:7`: where to look, never what stands there. */
export function describePositions(positions: readonly RowPosition[], names: readonly string[]): string {
  const shown = [...positions]
    .sort((a, b) => a.file - b.file || a.line - b.line)
    .slice(0, reportedPositions)
    .map(({ file, line }) => `${names[file]}:${line}`);
  return shown.join(", ");
}

/** Counts defects and remembers the first places of each kind. */
class DefectTally {
  total = 0;
  readonly #kinds = new Map<RowDefect, { count: number; first: RowPosition[] }>();

  add(defect: RowDefect, position: RowPosition): void {
    this.total++;
    const kind = this.#kinds.get(defect) ?? { count: 0, first: [] };
    this.#kinds.set(defect, kind);
    kind.count++;
    if (kind.first.length < reportedPositions) kind.first.push(position);
  }

  describe(names: readonly string[]): string {
    return [...this.#kinds]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(
        ([defect, { count, first }]) => `${rowDefects[defect]}: ${count}, ${describePositions(first, names)}`,
      )
      .join("; ");
  }
}
