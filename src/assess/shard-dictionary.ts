/**
 * Values by number, understood once for all shards of a source and numbered anew for each shard: an assessment file
 * lists only what its own rows hold, in the order they were first met.
 */
export class ShardDictionary<Value> {
  readonly #known: Value[] = [];
  readonly #idByKey = new Map<string, number>();
  #localIds = new Int32Array(1024).fill(-1);
  #values: Value[];

  /** `blank` has the number 0 in every shard. */
  constructor(private readonly blank: Value) {
    this.#values = [blank];
  }

  /** The values of the shard that is being read, by their numbers in it. */
  get values(): readonly Value[] {
    return this.#values;
  }

  /** Begins a shard: no value has a number but the blank one. */
  begin(): void {
    this.#values = [this.blank];
    this.#localIds.fill(-1);
  }

  /** A number for the value called `key`, the same in every shard. */
  idOf(key: string, value: Value): number {
    let id = this.#idByKey.get(key);
    if (id === undefined) {
      id = this.#known.push(value) - 1;
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
      local = this.#values.push(this.#known[id] as Value) - 1;
      this.#localIds[id] = local;
    }
    return local;
  }
}
