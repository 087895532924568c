import type { Batch } from "../ingest/scanner.js";
import { type ReadableSource, readShard, type Shard, type ShardReading } from "../ingest/shards.js";
import type { AssessmentColumns, AssessmentHeader } from "./assessment.js";
import type { Assessor } from "./assessor.js";
import { encodeLists } from "./shard-lists.js";

export interface AssessShardOptions {
  /** Made for the source, or for one that differs from it in name and bytes alone. */
  readonly assessor: Assessor;
  readonly source: ReadableSource;
  readonly shard: Shard;
  /** Exact offset of the first record, when known. */
  readonly start?: number;
  readonly limits: { readonly maxRecordBytes: number; readonly maxFieldLines: number };
}

export interface AssessedRows {
  readonly header: AssessmentHeader;
  readonly columns: AssessmentColumns;
}

/** Rows of one batch; bounds what is held at once. */
const maxBatchRows = 8192;
/** Room is taken for so many records; more make it grow. */
const usualRecordBytes = 180;

/**
 * Assesses every record of a shard on its own: reads, normalises, validates, compares with the register. Errors as
 * `readShard`; a bad row is an entry with a finding, never an error.
 */
export function assessShard({ assessor, source, shard, start, limits }: AssessShardOptions): AssessedRows {
  return assessRows(
    assessor,
    (onBatch) =>
      readShard(source, shard, {
        ...(start === undefined ? {} : { start }),
        ...limits,
        maxBatchRows,
        onBatch,
      }),
    Math.ceil((shard.end - shard.start) / usualRecordBytes) + 64,
  );
}

/** Assesses the rows that `readRows` hands over in batches, in order. */
export function assessRows(
  assessor: Assessor,
  readRows: (onBatch: (batch: Batch) => void) => ShardReading,
  expectedRecords = 64,
): AssessedRows {
  assessor.begin(expectedRecords);
  const { start, end, lines, blankLines, rows } = readRows(assessor.take);
  const { records, columns, firstOffset, places, facilities } = assessor.end();
  // Blank lines at the top may have put the first batch behind the shard's start.
  const skipped = (firstOffset ?? start) - start;
  if (skipped > 0)
    for (let record = 0; record < records; record++) {
      columns.rowOffset[record] = (columns.rowOffset[record] as number) + skipped;
    }
  return {
    header: {
      format: 5,
      records,
      rows,
      start,
      end,
      lines,
      blankLines,
      lists: encodeLists({ places, facilities }),
    },
    columns,
  };
}
