import { closeSync } from "node:fs";
import { basename } from "node:path";
import { exitCodes, LamsachError } from "../errors.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { BuildThreads } from "./build-threads.js";
import { personPartitions, type RowPosition } from "./person-spool.js";
import { type InputShard, reportedPositions, type ShardIntake, type SpoolFile } from "./read-shard.js";
import { explainFault, readRegisterHeaderRow } from "./register-csv.js";
import { openRegisterInput, type RegisterInput } from "./register-input.js";
import { type RowDefect, rowDefects } from "./register-row.js";

/** Inputs that are open at once. */
const openInputs = 64;

/** What reading the inputs found. */
export interface Intake {
  /** Rows in the spool. */
  readonly people: number;
  /** Impossible rows, not in the spool. */
  readonly leftOut: number;
  /** By input, in the order given. */
  readonly builtFrom: readonly { readonly file: string; readonly rows: number }[];
  /** Where each partition's records are in the spool, in the order of the rows. */
  readonly partitions: readonly PartitionPieces[];
  /** `a.csv:2, b.csv:7`: where to look, never what stands there. */
  describePositions(positions: readonly RowPosition[]): string;
}

export interface PartitionPieces {
  readonly offsets: number[];
  readonly lengths: number[];
  people: number;
}

export interface IntakeOptions {
  readonly inputs: readonly string[];
  /** Where inputs are expanded that cannot be read as they are. */
  readonly directory: string;
  readonly threads: BuildThreads;
  readonly spool: SpoolFile;
  readonly shardBytes: number;
  readonly maxImpossibleShare: number;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/**
 * Reads every input into the spool, leaving impossible rows out. Throws LamsachError: 3 when an input cannot be read, 1
 * when there are no people or when the impossible rows are more than `maxImpossibleShare` of all rows.
 */
export async function readRegisterInputs(options: IntakeOptions): Promise<Intake> {
  const { inputs, maxImpossibleShare } = options;
  const names = inputs.map((path) => basename(path));
  const books = new IntakeBooks(names);
  for (let first = 0; first < inputs.length; first += openInputs) {
    await readGroup(options, first, inputs.slice(first, first + openInputs), books);
  }
  const { rows, defects } = books;
  if (rows === 0) {
    throw refusePoisoned(`${names.join(", ")}: no rows`, "one row per person", "Export the register again.");
  }
  if (defects > maxImpossibleShare * rows) {
    throw refusePoisoned(
      `${names[0]}: ${defects} of ${rows} rows are impossible (${books.describeDefects()})`,
      `at most ${maxImpossibleShare * 100} %`,
      "Correct the register, or its sex coding, and export it again.",
    );
  }
  if (defects === rows) {
    throw refusePoisoned(`${names[0]}: no row is possible`, "people", "Export the register again.");
  }
  return {
    people: rows - defects,
    leftOut: defects,
    builtFrom: names.map((file, at) => ({ file, rows: books.fileRows[at] as number })),
    partitions: books.partitions,
    describePositions: (positions) => books.describePositions(positions),
  };
}

interface PlannedShard extends InputShard {
  readonly fileNumber: number;
  readonly input: RegisterInput;
  /** Line of the file's first row, from 1. */
  readonly firstLine: number;
}

/** Opens the inputs, then reads their shards in any order and takes them in theirs. */
async function readGroup(
  { directory, threads, spool, shardBytes, onProgress }: IntakeOptions,
  firstFile: number,
  paths: readonly string[],
  books: IntakeBooks,
): Promise<void> {
  const opened: RegisterInput[] = [];
  try {
    const shards: PlannedShard[] = [];
    for (const [at, path] of paths.entries()) {
      const input = await openRegisterInput(path, directory);
      opened.push(input);
      const { dataOffset, lines, width, positions } = await readRegisterHeaderRow(input);
      for (let start = dataOffset; start < input.byteLength; start += shardBytes) {
        shards.push({
          ...input,
          input,
          fileNumber: firstFile + at,
          firstLine: lines + 1,
          shard: books.places.length + shards.length,
          start,
          end: Math.min(start + shardBytes, input.byteLength),
          isExact: start === dataOffset,
          width,
          positions,
        });
      }
    }
    let expected = 0;
    let line = 0;
    const send = (shard: PlannedShard, start: number, isExact: boolean): Promise<ShardIntake> => {
      const { fileNumber, input, firstLine, ...task } = shard;
      return threads.read({ ...task, start, isExact }, spool);
    };
    await mapInOrder(
      shards,
      threads.width,
      null,
      (shard) => send(shard, shard.start, shard.isExact),
      async (guess, shard) => {
        if (shard.isExact) {
          expected = shard.start;
          line = shard.firstLine;
        }
        // A line break in a quoted cell was taken for the end of a row.
        const intake = guess.start === expected ? guess : await send(shard, expected, true);
        if (intake.fault !== null) {
          throw await explainFault(shard.input, intake.fault.offset, line - 1 + intake.fault.line);
        }
        books.take(shard.fileNumber, line, intake);
        expected = intake.end;
        line += intake.lines;
        onProgress?.(books.rows);
      },
    );
  } finally {
    for (const { file } of opened) closeSync(file);
  }
}

/** A register that must not replace the good one (exit code 1). */
export function refusePoisoned(problem: string, expected: string, advice: string): LamsachError {
  return new LamsachError(
    exitCodes.withheld,
    `${problem}; expected ${expected}. ${advice} The register in use was not touched.`,
  );
}

interface Defect {
  count: number;
  readonly first: RowPosition[];
}

/** What was read so far. */
class IntakeBooks {
  rows = 0;
  defects = 0;
  readonly fileRows: number[];
  /** File and first line of each shard. */
  readonly places: { readonly file: number; readonly line: number }[] = [];
  readonly partitions: PartitionPieces[] = Array.from({ length: personPartitions }, () => ({
    offsets: [],
    lengths: [],
    people: 0,
  }));
  readonly #kinds = new Map<RowDefect, Defect>();

  constructor(readonly names: readonly string[]) {
    this.fileRows = names.map(() => 0);
  }

  take(file: number, line: number, intake: ShardIntake): void {
    const part = this.places.length;
    this.places.push({ file, line });
    this.rows += intake.rows;
    this.fileRows[file] = (this.fileRows[file] as number) + intake.rows;
    for (const { defect, count, lines } of intake.defects) {
      this.defects += count;
      const kind = this.#kinds.get(defect) ?? { count: 0, first: [] };
      this.#kinds.set(defect, kind);
      kind.count += count;
      for (const at of lines) if (kind.first.length < reportedPositions) kind.first.push({ part, line: at });
    }
    let offset = intake.spoolOffset;
    for (const [partition, bytes] of intake.partBytes.entries()) {
      const pieces = this.partitions[partition] as PartitionPieces;
      if (bytes > 0) {
        pieces.offsets.push(offset);
        pieces.lengths.push(bytes);
        pieces.people += intake.partRows[partition] as number;
      }
      offset += bytes;
    }
  }

  describePositions(positions: readonly RowPosition[]): string {
    const shown = [...positions]
      .sort((a, b) => a.part - b.part || a.line - b.line)
      .slice(0, reportedPositions)
      .map(({ part, line }) => {
        const place = this.places[part] as { file: number; line: number };
        return `${this.names[place.file]}:${place.line + line}`;
      });
    return shown.join(", ");
  }

  describeDefects(): string {
    return [...this.#kinds]
      .sort(([, a], [, b]) => b.count - a.count)
      .map(
        ([defect, { count, first }]) => `${rowDefects[defect]}: ${count}, ${this.describePositions(first)}`,
      )
      .join("; ");
  }
}
