import type { AssessmentHeader } from "../assess/assessment.js";
import type { ExamineOptions } from "../causes/examine-shard.js";
import type { columnOf, readSuspectCells } from "../causes/read-suspect-cells.js";
import type { Shard } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import type { PseudonymOptions } from "../publish/pseudonymise-rows.js";
import type { SetName } from "../publish/set-columns.js";
import type { ValueChange } from "../publish/standard-values.js";
import type { Additions } from "../reconcile/additions.js";
import type { PartitionOptions, SectionedShard } from "../reconcile/load-partition.js";
import type { KeyMarks } from "../reconcile/repeated-keys.js";
import type { RegisterIndex } from "../register/register-index.js";
import type { DimensionTables } from "../report/dimension-table.js";
import type { FileKey } from "../storage/file-key.js";
import type { RunPlan } from "./plan-run.js";
import type { PublishedReport } from "./run-report.js";
import type { SharedValue } from "./shared-value.js";

/*
 * What the threads of a run are asked, and what they answer with: `shard-worker.ts` does it, `worker-pool.ts` hands
 * it out. All of it is copied from thread to thread, but for memory that is shared.
 */

/** What a thread needs for every shard; each task carries it, a thread prepares itself for it once. */
export interface WorkerContext {
  readonly rules: SharedValue<RunRules>;
  readonly register: {
    readonly path: string;
    readonly index: RegisterIndex;
    /** A copy in the clear, which the last thread to open it takes away. */
    readonly isCopy: boolean;
    /** How many threads are still to open it. */
    readonly threadsToOpen: Int32Array<SharedArrayBuffer>;
  } | null;
  /** Parts of the run's people that are judged one at a time; a power of two. */
  readonly partitions: number;
  /** What checkpoints are sealed with; null: they are not. */
  readonly sealKey: FileKey | null;
  /** Null: numbers are written as they were delivered. */
  readonly pseudonyms: PseudonymOptions | null;
}

/** What a run goes by, as the main thread has read it: threads must not read another pipeline or table than it did. */
export type RunRules = Pick<RunPlan, "pipeline" | "tables" | "policy" | "asOf">;

export interface AssessTask {
  readonly context: WorkerContext;
  readonly source: Source;
  readonly shard: Shard;
  readonly start: number | null;
  /** Where the assessment goes. */
  readonly file: string;
  /** Where the shard's keys are marked; null: nowhere. */
  readonly marks: KeyMarks | null;
}

/** What reading a shard gives beside its assessment. */
export interface MarkedShard {
  readonly header: AssessmentHeader;
  /** `markKeys` of the shard's keys; empty without marks. */
  readonly again: Uint32Array;
}

export interface PublishTask {
  readonly context: WorkerContext;
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly firstLine: number;
  readonly file: string;
  /** Findings of the shard's records that other records made; records count from the shard's first. */
  readonly additions: Additions;
  /** Memory that goes to the thread for the outputs, and comes back in them; none: it takes its own. */
  readonly memory: readonly ArrayBuffer[];
}

export interface KeyTask {
  readonly context: Pick<WorkerContext, "sealKey">;
  /** Assessment of a shard. */
  readonly file: string;
}

/** Records of a shard with a wanted key: where they are in it, where their rows begin, and the keys (two words each). */
export interface FoundKeys {
  readonly records: Uint32Array;
  readonly offsets: Uint32Array;
  readonly keys: Uint32Array;
}

export interface JudgeTask {
  readonly context: WorkerContext;
  /** The same for every task of a run. */
  readonly run: SharedValue<JudgedRun>;
  readonly ids: readonly Pick<SectionedShard, "placeIds" | "facilityIds">[];
  readonly repeats: Additions;
  readonly codes: Uint8Array<SharedArrayBuffer>;
  /** Partitions `first .. end - 1`, judged one after the other. */
  readonly first: number;
  readonly end: number;
}

/** A shard whose records of suspicious groups are looked at. */
export interface ExamineTask
  extends Omit<ExamineOptions, "columns" | "records" | "judge" | "groupOfPlace" | "groupOfFacility">,
    Pick<SectionedShard, "placeIds" | "facilityIds"> {
  readonly context: WorkerContext;
  /** Assessment of the shard. */
  readonly file: string;
  readonly additions: Additions;
  /** By the run's number: the group, or -1. */
  readonly groupOfRunPlace: Int32Array<SharedArrayBuffer>;
  readonly groupOfRunFacility: Int32Array<SharedArrayBuffer>;
}

export interface CellTask {
  readonly context: WorkerContext;
  readonly source: Source;
  readonly records: Parameters<typeof readSuspectCells>[1];
  readonly column: NonNullable<ReturnType<typeof columnOf>>;
}

export interface LineTask {
  readonly context: WorkerContext;
  readonly source: Source;
  /** Where a shard's rows begin, and on which line. */
  readonly start: number;
  readonly firstLine: number;
  readonly offset: number;
}

/** What judging needs to know of a run beside its records. */
export interface JudgedRun extends Pick<PartitionOptions, "places" | "facilities"> {
  readonly shards: readonly Pick<SectionedShard, "source" | "first" | "sections">[];
  readonly sourceNames: readonly string[];
}

/** What a shard adds to the files. */
export interface PublishedRows {
  readonly rows: Readonly<Record<SetName, number>>;
  readonly changeRows: number;
  readonly valueChanges: readonly ValueChange[];
  /** The bytes for the three sets and for the change log: the first `length` of each memory. */
  readonly outputs: readonly { readonly memory: ArrayBuffer; readonly length: number }[];
}

/** What a report is made of; the rows of dimensions as tables, which are soon copied. */
export interface ReportTask extends Pick<PublishedReport, "history"> {
  readonly metrics: Omit<PublishedReport["metrics"], "dimensions">;
  readonly tables: DimensionTables;
}

export interface DigestTask {
  readonly context: WorkerContext;
  readonly source: Source;
  /** Where the rows begin in the source's bytes. */
  readonly offsets: Float64Array;
}
