import { encodeEntry, type Facility, type Place } from "./shard-lists.js";

/**
 * Places or facilities by number, understood once for all shards of a source and numbered anew for each shard: an assessment file
 * lists only what its own rows hold, in the order they were first met.
 */
export class ShardDictionary<Value extends Place | Facility> {
  readonly #known: Uint8Array[] = [];
  readonly #idByKey = new Map<string, number>();
  #localIds = new Int32Array(1024).fill(-1);
  readonly #blank: Uint8Array;
  #values: Uint8Array[];

  /** `blank` has the number 0 in every shard. */
  constructor(blank: Value) {
    this.#blank = encodeEntry(blank);
    this.#values = [this.#blank];
  }

  /** The values of the shard that is being read, encoded, by their numbers in it. */
  get values(): readonly Uint8Array[] {
    return this.#values;
  }

  /** Begins a shard: no value has a number but the blank one. */
  begin(): void {
    this.#values = [this.#blank];
    this.#localIds.fill(-1);
  }

  /** A number for the value called `key`, the same in every shard. */
  idOf(key: string, value: Value): number {
    let id = this.#idByKey.get(key);
    if (id === undefined) {
      id = this.#known.push(encodeEntry(value)) - 1;
      this.#idByKey.set(key, id);
      if (id === this.#localIds.length) {
        const grown = new Int32Array(id * 2).fill(-1);
        grown.set(this.#localIds);
        this.#localIds = grown;
      }
    }
    return id;
  }

  /** The number that a value has in this shard. */
  localIdOf(id: number): number {
    let local = this.#localIds[id] as number;
    if (local < 0) {
      local = this.#values.push(this.#known[id] as Uint8Array) - 1;
      this.#localIds[id] = local;
    }
    return local;
  }
}
