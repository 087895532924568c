import { PartitionSpool } from "./partition-spool.js";

/** Keys (`readLegacyKey`) are below 2^31: 2^23 in each of 256 partitions, beside slots below 2^29 in one double. */
const partitions = 256;
const keysPerPartition = 2 ** 23;
const slotRange = 2 ** 29;

/** Owner of the (legacy number, slot) pairs of a register; added in any order, visited in theirs. */
export class LegacySpool {
  readonly #spool: PartitionSpool;
  readonly #pair = Buffer.alloc(8);

  constructor(directory: string) {
    this.#spool = new PartitionSpool({ directory, partitions });
  }

  add(key: number, slot: number): void {
    this.#pair.writeDoubleLE((key % keysPerPartition) * slotRange + slot);
    this.#spool.append(Math.floor(key / keysPerPartition), this.#pair, 8);
  }

  /** Calls `visit` for every pair, by key and then by slot; may be asked once. */
  visitSorted(visit: (key: number, slot: number) => void): void {
    for (let partition = 0; partition < partitions; partition++) {
      const bytes = this.#spool.take(partition);
      const pairs = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8).sort();
      for (const pair of pairs) {
        visit(partition * keysPerPartition + Math.floor(pair / slotRange), pair % slotRange);
      }
    }
  }

  close(): void {
    this.#spool.close();
  }
}
