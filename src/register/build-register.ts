import { closeSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { exitCodes, explainSystemError, LamsachError } from "../errors.js";
import { requireKey } from "../storage/file-key.js";
import { killPoint } from "../storage/kill-point.js";
import { openNamelessFile } from "../storage/nameless-file.js";
import { addPath } from "../storage/open-file.js";
import { formatMegabytes, requireSpace } from "../storage/space-check.js";
import { BuildPlace, type BuildSeal, readLastPeople } from "./build-place.js";
import { startBuildThreads } from "./build-threads.js";
import { type ChainOutcome, followChains } from "./chains.js";
import { LegacySpool } from "./legacy-spool.js";
import { createDirectory, findSlot, maxPeople, type RegisterIndex, slotStatus } from "./register-index.js";
import type { RegisterInfo } from "./register-info.js";
import { type Intake, readRegisterInputs, refusePoisoned } from "./register-intake.js";
import { defaultSexCoding, type SexCoding } from "./register-row.js";
import { RegisterWriter } from "./register-writer.js";
import { noSeal, type RegisterSeal } from "./sealed-register.js";
import { type SortedRegister, writePeople } from "./write-people.js";

const maxGrowthShare = 0.5;
/** About a million people; with fewer, threads start and warm up for longer than they save. */
const threadedBytes = 64 << 20;
/** How much smaller gzip makes a register, about. */
const gzipRatio = 4;
/** Spool and register, for a byte of input. */
const spacePerByte = 2.2;

/** What `buildRegister` is asked for. */
export interface BuildOptions {
  /** Paths of csv and csv.gz files; together they are the whole register. */
  readonly inputs: readonly string[];
  /** Path of the register; the one already there stays until the new one is complete. */
  readonly out: string;
  /** First three digits a citizen number may have. */
  readonly placeCodes: ReadonlySet<string>;
  /** Default M/F and Nam/Nữ; digits only when declared here. */
  readonly sexCoding?: SexCoding;
  /** Share of impossible rows that is still left out rather than refused; default 0.001. */
  readonly maxImpossibleShare?: number;
  /** Share of people by which the register may shrink; default 0.05. It may grow by half. */
  readonly maxShrinkShare?: number;
  /** Builds although the number of people is far from the last register's, or although `out` is no register. */
  readonly force?: boolean;
  /** Folder of the spool, about as large as the inputs, and of expanded gzip; default the folder of `out`. */
  readonly tempDir?: string;
  /** Seals the register with the key; without it the key only opens a sealed one that is there. Default: neither. */
  readonly seal?: RegisterSeal & { readonly isWanted: boolean };
  /** Threads beside this one; default 0 for less than 64 MiB, else one for each processor. The register is the same. */
  readonly workers?: number;
  /** Bytes of an input that are read at once; default 8 MiB. The register is the same. */
  readonly shardBytes?: number;
  /** Whether a disk with less room than the build is expected to need is refused; default true. */
  readonly checksSpace?: boolean;
  /** Called with the rows read so far. */
  readonly onProgress?: (rows: number) => void;
}

/**
 * Builds the register (one SQLite file with its index inside) from CSV files of any size; memory holds the index, 17
 * bytes a person, and for each thread a shard or one partition of 256. The same people give the same version and index
 * whatever the order of their rows. Throws LamsachError and leaves the register at `out` untouched: 1 when the input is
 * poisoned, 2 when the options are wrong, 3 when an input cannot be read, 4 when there is no space or permission, 5 when
 * another build runs.
 */
export async function buildRegister(options: BuildOptions): Promise<RegisterInfo> {
  checkOptions(options);
  try {
    if (options.checksSpace ?? true) requireBuildSpace(options);
    const place = new BuildPlace(options.out, findBuildSeal(options));
    try {
      const lastPeople = options.force ? null : readLastPeople(options.out, options.seal ?? noSeal);
      return await buildInPlace(options, place, lastPeople);
    } finally {
      place.close();
    }
  } catch (error) {
    throw explainBuildFailure(options.out, error);
  }
}

async function buildInPlace(
  options: BuildOptions,
  place: BuildPlace,
  lastPeople: number | null,
): Promise<RegisterInfo> {
  const directory = options.tempDir ?? place.directory;
  const file = openNamelessFile(directory);
  const spool = { file, end: new BigInt64Array(new SharedArrayBuffer(8)) };
  const legacies = new LegacySpool(directory);
  const writer = new RegisterWriter(place.buildingPath);
  const threads = await startBuildThreads(options.workers ?? countWorkers(options.inputs), {
    placeCodes: options.placeCodes,
    sexCoding: options.sexCoding ?? defaultSexCoding,
  });
  try {
    const intake = await readRegisterInputs({
      inputs: options.inputs,
      directory,
      threads,
      spool,
      shardBytes: options.shardBytes ?? 8 << 20,
      maxImpossibleShare: options.maxImpossibleShare ?? 0.001,
      onProgress: options.onProgress,
    });
    killPoint("register-rows-read");
    checkSize(basename(options.out), intake.people, lastPeople, options.maxShrinkShare ?? 0.05);
    const sorted = await writePeople({ intake, spoolFile: file, threads, legacies, writer });
    legacies.visitSorted((key, slot) => writer.addLegacy(key, slot));
    const { directory: buckets, bucketBits } = createDirectory(sorted.words, intake.people);
    const index: RegisterIndex = {
      version: sorted.version,
      people: intake.people,
      words: sorted.words,
      directory: buckets,
      bucketBits,
    };
    const chains = writeChains(index, sorted.replacements, writer);
    writer.addIndex(index.words, index.directory);
    const info = describeRegister({ intake, sorted, chains, index });
    writer.finish(info, bucketBits);
    killPoint("register-written");
    place.publish();
    return info;
  } finally {
    // The threads first: they use the spool's descriptor.
    await threads.close();
    writer.close();
    closeSync(file);
    legacies.close();
  }
}

function findBuildSeal({ seal }: BuildOptions): BuildSeal | null {
  if (seal?.isWanted !== true) return null;
  return { memory: seal.memory, key: requireKey(seal.key, "--encrypt", "the register is to be sealed") };
}

/** 0 for a small register, else one thread for each processor. */
function countWorkers(inputs: readonly string[]): number {
  const { plain, expanded } = measureInputs(inputs);
  return plain + expanded < threadedBytes ? 0 : availableParallelism();
}

/** Bytes of the inputs that are read as they are, and of what the compressed ones hold, about. */
function measureInputs(inputs: readonly string[]): { plain: number; expanded: number } {
  const bytes = { plain: 0, expanded: 0 };
  for (const path of inputs) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (path.endsWith(".gz")) bytes.expanded += gzipRatio * size;
    else bytes.plain += size;
  }
  return bytes;
}

/** Spool and register are each about as large as the inputs; compressed ones are expanded beside them. */
function requireBuildSpace({ inputs, out }: BuildOptions): void {
  const { plain, expanded } = measureInputs(inputs);
  const what = `a register of ${formatMegabytes(plain + expanded)} of input`;
  requireSpace({ place: out, neededBytes: spacePerByte * (plain + expanded) + expanded, what });
}

function writeChains(
  index: RegisterIndex,
  replacements: SortedRegister["replacements"],
  writer: RegisterWriter,
): ChainOutcome {
  const outcome = followChains({
    replaced: Int32Array.from(replacements, ({ slot }) => slot),
    targets: Int32Array.from(replacements, ({ target }) =>
      findSlot(index, Math.floor(target / 1_000_000), target % 1_000_000),
    ),
    isLive: (slot) => slotStatus(index, slot) < 2,
  });
  for (const [at, { slot }] of replacements.entries()) {
    const liveSlot = outcome.liveSlots[at] as number;
    if (liveSlot >= 0) writer.addReplacement(slot, liveSlot);
  }
  return outcome;
}

function describeRegister({
  intake,
  sorted,
  chains: { followed, loops, openEnds, longest },
  index,
}: {
  intake: Intake;
  sorted: SortedRegister;
  chains: ChainOutcome;
  index: RegisterIndex;
}): RegisterInfo {
  const { version, statuses, yearOnly, withLegacyId } = sorted;
  return {
    version,
    people: intake.people,
    statuses,
    yearOnly,
    withLegacyId,
    chains: { followed, loops, openEnds, longest },
    leftOut: intake.leftOut,
    byProvince: Object.fromEntries([...sorted.byProvince].sort(([a], [b]) => (a < b ? -1 : 1))),
    bytesPerPerson: (index.words.byteLength + index.directory.byteLength) / intake.people,
    builtFrom: [...intake.builtFrom].sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.rows - b.rows,
    ),
  };
}

function checkSize(name: string, people: number, lastPeople: number | null, maxShrinkShare: number): void {
  if (people > maxPeople) {
    throw refusePoisoned(`${name}: ${people} people`, `at most ${maxPeople}`, "Check the inputs.");
  }
  if (lastPeople === null) return;
  const fewer = lastPeople - people;
  if (fewer <= maxShrinkShare * lastPeople && -fewer <= maxGrowthShare * lastPeople) return;
  throw refusePoisoned(
    `${name}: the new register holds ${people} people, the last good one ${lastPeople}`,
    `at most ${maxShrinkShare * 100} % fewer or ${maxGrowthShare * 100} % more`,
    "Check that every file was delivered once, or force the build.",
  );
}

function checkOptions({
  inputs,
  placeCodes,
  maxImpossibleShare = 0,
  maxShrinkShare = 0,
}: BuildOptions): void {
  const problems: string[] = [];
  if (inputs.length === 0) problems.push("no input; expected at least one register file");
  if (placeCodes.size === 0) problems.push("no place codes; expected the codes of provinces and countries");
  for (const [name, share] of Object.entries({ maxImpossibleShare, maxShrinkShare })) {
    if (!(share >= 0 && share <= 1)) problems.push(`${name} is out of range; expected 0 to 1`);
  }
  if (problems.length > 0) {
    throw new LamsachError(exitCodes.usage, `register build: ${problems.join(". ")}. Correct the command.`);
  }
}

/** Errors of SQLite and of the file system, without their text; those of open files are the register's or its spool's. */
function explainBuildFailure(out: string, error: unknown): unknown {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const isSqlite = code.startsWith("SQLITE_");
  const explained = explainSystemError(addPath(error, out), isSqlite ? out : undefined);
  if (explained instanceof LamsachError || !isSqlite) return explained;
  return new LamsachError(
    exitCodes.environment,
    `${out}: it cannot be written (${code}); expected a sound disk. Check it, then build again. The register in use was not touched.`,
  );
}
