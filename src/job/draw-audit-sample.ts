import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { allocateSample } from "../accuracy/allocate-sample.js";
import { rankRecord, SamplePool } from "../accuracy/sample-pool.js";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { fieldText, rowCells } from "../ingest/read-field.js";
import { hashFile } from "../storage/file-hash.js";
import { MemoryFolder } from "../storage/memory-folder.js";
import { createClearReader } from "./clear-reader.js";
import { readSetFile } from "./read-set-file.js";
import { findSealKey } from "./run-key.js";

export interface DrawOptions {
  /** Folder of a published run. */
  readonly runDir: string;
  /** Records to draw. */
  readonly size: number;
  readonly seed: number;
  /** Null: the environment may hold the key of a sealed run. */
  readonly keyFile: string | null;
}

/** A cleaned record that was drawn. */
export interface SampledRecord {
  /** Names the row in the sample: not the record's id, which may be anybody's number. */
  readonly key: string;
  readonly code: string;
  readonly headers: readonly string[];
  readonly cells: readonly string[];
}

export interface AuditSample {
  readonly run: string;
  /** SHA-256 of the run's manifest. */
  readonly manifest: string;
  readonly sealed: boolean;
  /** By code, in order. */
  readonly strata: readonly { readonly code: string; readonly population: number; readonly drawn: number }[];
  /** In the order of source file, line and record_id. */
  readonly records: readonly SampledRecord[];
}

/**
 * Draws a sample of a run's cleaned records, of each code some (`allocateSample`), in one pass over `cleaned/`. It
 * follows from run, seed and size alone. Throws `LamsachError` (exit 2) for a run that was withheld, for one without
 * cleaned records, for fewer records than there are codes, and for a missing or wrong key.
 */
export function drawAuditSample(
  { runDir, size, seed, keyFile }: DrawOptions,
  effects: Pick<Effects, "cwd" | "env">,
): AuditSample {
  const run = path.basename(runDir);
  const manifestFile = path.join(runDir, "manifest.json");
  const manifest = readManifest(manifestFile, runDir);
  const sealKey = findSealKey(
    runDir,
    manifest.sealed === undefined ? {} : { protection: { sealed: manifest.sealed.keyId } },
    keyFile,
    effects,
  );
  const pool = new SamplePool<Omit<SampledRecord, "key">>(size);
  const memory = new MemoryFolder();
  try {
    const readClear = createClearReader(sealKey, memory);
    const folder = path.join(runDir, "cleaned");
    for (const name of readdirSync(folder).sort()) {
      readClear(path.join(folder, name), (file) => offerRecords(file, run, seed, pool));
    }
  } finally {
    memory.close();
  }
  const { populations } = pool;
  requireSize(runDir, populations.size, size);
  const allocation = [...allocateSample(populations, size)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    run,
    manifest: hashFile(manifestFile),
    sealed: sealKey !== null,
    strata: allocation.map(([code, drawn]) => ({
      ...{ code, drawn },
      population: populations.get(code) as number,
    })),
    records: allocation
      .flatMap(([code, drawn]) => pool.take(code, drawn))
      .map(({ rank, row }) => ({ key: `r${rank.slice(0, keyDigits)}`, ...row }))
      .sort(comparePlaces),
  };
}

/** Enough that two of a sample are never alike; with a letter before them a spreadsheet takes them for no number. */
const keyDigits = 20;
/** Columns of a set file that say where a record came from. */
const [recordId, sourceFile, sourceLine] = [0, 1, 2];

function offerRecords(
  file: string,
  run: string,
  seed: number,
  pool: SamplePool<Omit<SampledRecord, "key">>,
): void {
  let codeColumn = -1;
  readSetFile(file, (headers, batch, row) => {
    // Ours stand behind the delivered ones.
    if (codeColumn < 0) codeColumn = headers.lastIndexOf("code");
    const code = fieldText(batch, row, codeColumn);
    const rank = rankRecord(run, seed, {
      sourceFile: fieldText(batch, row, sourceFile),
      sourceLine: fieldText(batch, row, sourceLine),
      recordId: fieldText(batch, row, recordId),
    });
    pool.offer(code, rank, () => ({ code, headers, cells: rowCells(batch, row) }));
  });
}

function comparePlaces({ cells: a }: SampledRecord, { cells: b }: SampledRecord): number {
  const compare = (one = "", other = ""): number => (one < other ? -1 : one > other ? 1 : 0);
  return (
    compare(a[sourceFile], b[sourceFile]) ||
    Number(a[sourceLine]) - Number(b[sourceLine]) ||
    compare(a[recordId], b[recordId])
  );
}

const manifestSchema = z.looseObject({ sealed: z.looseObject({ keyId: z.string() }).optional() });

function readManifest(file: string, runDir: string): z.infer<typeof manifestSchema> {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw usage(
      `${runDir}: this is no published run; expected one, whose cleaned records can be checked. See \`lamsach runs\`.`,
    );
  }
}

function requireSize(runDir: string, codes: number, size: number): void {
  if (codes === 0) {
    throw usage(
      `${runDir}: no record of this run is cleaned; expected some to draw from. Nothing can be checked.`,
    );
  }
  if (size >= codes) return;
  throw usage(
    `--n: ${size} is less than the ${codes} codes of the cleaned records; expected one record of each at least. Ask for more.`,
  );
}

function usage(message: string): LamsachError {
  return new LamsachError(exitCodes.usage, message);
}
