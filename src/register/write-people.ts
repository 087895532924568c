import { createHash } from "node:crypto";
import type { LamsachError } from "../errors.js";
import { mapInOrder } from "../threads/map-in-order.js";
import type { BuildThreads } from "./build-threads.js";
import type { LegacySpool } from "./legacy-spool.js";
import { printNameRules } from "./name-print.js";
import { type PersonStatus, personStatuses } from "./person.js";
import type { RowPosition } from "./person-spool.js";
import { allocateWords } from "./register-index.js";
import { type Intake, refusePoisoned } from "./register-intake.js";
import type { RegisterWriter } from "./register-writer.js";
import type { PartitionTask } from "./store-partition.js";

/** Part of a register's version: the same people keep theirs when only the file's format changes. */
const contentVersion = 1;

/** What is known once all people are written in slot order. */
export interface SortedRegister {
  readonly words: Int32Array;
  readonly version: string;
  readonly statuses: Record<PersonStatus, number>;
  readonly yearOnly: number;
  readonly withLegacyId: number;
  readonly byProvince: ReadonlyMap<string, number>;
  /** Slot and target number of each replaced person, slots ascending. */
  readonly replacements: readonly { readonly slot: number; readonly target: number }[];
}

/**
 * Sorts the spooled people, a partition after the other, and hands them to `writer` and `legacies` in slot order. Throws
 * LamsachError (exit 1) when a number comes twice.
 */
export async function writePeople({
  intake,
  spoolFile,
  threads,
  legacies,
  writer,
}: {
  intake: Intake;
  spoolFile: number;
  threads: BuildThreads;
  legacies: LegacySpool;
  writer: RegisterWriter;
}): Promise<SortedRegister> {
  const words = allocateWords(intake.people);
  const hash = createHash("sha256").update(`lamsach register ${contentVersion} ${printNameRules()}\n`);
  const statuses = Object.fromEntries(personStatuses.map((status) => [status, 0])) as Record<
    PersonStatus,
    number
  >;
  const byProvince = new Map<string, number>();
  const replacements: { slot: number; target: number }[] = [];
  const duplicates: RowPosition[] = [];
  let yearOnly = 0;
  let withLegacyId = 0;
  await mapInOrder(
    planPartitions(intake, spoolFile, words),
    threads.width,
    null,
    (task) => threads.store(task),
    ({ duplicates: repeated, content, stored }) => {
      for (const position of repeated) duplicates.push(position);
      if (duplicates.length > 0 || content === null || stored === null) return; // it will be refused: only count on
      hash.update(content);
      writer.addPeople(stored);
      for (const [at, key] of stored.legacyKeys.entries())
        legacies.add(key, stored.legacySlots[at] as number);
      for (const [at, slot] of stored.replacedSlots.entries()) {
        replacements.push({ slot, target: stored.replacedTargets[at] as number });
      }
      const { counts } = stored;
      for (const [position, status] of personStatuses.entries())
        statuses[status] += counts.statuses[position] as number;
      yearOnly += counts.yearOnly;
      withLegacyId += counts.withLegacyId;
      for (const [code, people] of counts.byProvince)
        byProvince.set(code, (byProvince.get(code) ?? 0) + people);
    },
  );
  if (duplicates.length > 0) throw refuseDuplicates(duplicates, intake);
  return { words, version: hash.digest("hex"), statuses, yearOnly, withLegacyId, byProvince, replacements };
}

/** The partitions in slot order; where each one's slots begin is known before any is sorted. */
function planPartitions({ partitions }: Intake, spoolFile: number, words: Int32Array): PartitionTask[] {
  let firstSlot = 0;
  return partitions.map(({ offsets, lengths, people }) => {
    const task: PartitionTask = {
      spoolFile,
      offsets: Float64Array.from(offsets),
      lengths: Float64Array.from(lengths),
      people,
      firstSlot,
      words,
    };
    firstSlot += people;
    return task;
  });
}

function refuseDuplicates(duplicates: readonly RowPosition[], intake: Intake): LamsachError {
  return refusePoisoned(
    `${intake.builtFrom[0]?.file}: ${duplicates.length} rows repeat a citizen_id of an earlier row (${intake.describePositions(duplicates)})`,
    "each number once in all files together",
    "Check that no file was given twice, and export the register again.",
  );
}
