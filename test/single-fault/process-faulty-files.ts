import { type ProcessedRow, processDelivery, type ReadingRoom } from "../support/product-reading.js";
import { checkFaultyFile } from "./check-faulty-file.js";
import { type FaultyFile, type LineBreak, lineBreaks, writeCleanFile } from "./single-faults.js";

const oneShard = 1 << 20;
/** Shards so small that most begin inside a row; taken in turn. */
const smallShards = [97, 31, 16];

/** What the files of one kind cost. */
export interface KindTally {
  readonly files: number;
  /** Files by how many lines of the damaged record are in errors. */
  readonly lostLines: ReadonlyMap<number, number>;
}

/** Processes each file in one shard and in small ones; a failure names kind, record, column and size. */
export async function processFaultyFiles(
  room: ReadingRoom,
  files: Iterable<FaultyFile>,
): Promise<{ kinds: ReadonlyMap<string, KindTally>; failures: readonly string[] }> {
  const clean = new Map<LineBreak, { rows: readonly ProcessedRow[]; bytes: Buffer }>();
  for (const lineBreak of lineBreaks) {
    const bytes = writeCleanFile(lineBreak);
    const { rows } = await processDelivery(room, { name: "a.csv", bytes }, oneShard);
    clean.set(lineBreak, { rows, bytes });
  }
  const kinds = new Map<string, { files: number; lostLines: Map<number, number> }>();
  const failures: string[] = [];
  let count = 0;
  for (const file of files) {
    const tally = kinds.get(file.kind) ?? { files: 0, lostLines: new Map() };
    kinds.set(file.kind, tally);
    tally.files++;
    for (const shardBytes of [oneShard, smallShards[count++ % smallShards.length] as number]) {
      const processed = await processDelivery(room, { name: "a.csv", bytes: file.bytes }, shardBytes);
      try {
        const lost = checkFaultyFile(file, processed, clean.get(file.lineBreak) as never);
        if (shardBytes === oneShard) tally.lostLines.set(lost, (tally.lostLines.get(lost) ?? 0) + 1);
      } catch (error) {
        const { kind, record, column, lineBreak } = file;
        const where = `${kind}, record ${record}, column ${column}, ${JSON.stringify(lineBreak)}, shards of ${shardBytes}`;
        failures.push(`${where}: ${(error as Error).message}`);
      }
    }
  }
  return { kinds, failures };
}
