/**
 * Where the shards of a run write in files they share: each shard, in its turn, learns where its bytes begin and how
 * the next one's are moved on. Shared by threads; the writing itself then needs no order.
 */
export interface OffsetClaims {
  /** Word 0: the turn that may claim next, or `abandoned`; then, 8 bytes in, one offset per file. */
  readonly shared: SharedArrayBuffer;
}

const offsetsAt = 8;
const abandoned = -1;

/** Claims for files whose next free bytes are `offsets`. */
export function createOffsetClaims(offsets: readonly number[]): OffsetClaims {
  const shared = new SharedArrayBuffer(offsetsAt + offsets.length * 8);
  new Float64Array(shared, offsetsAt).set(offsets);
  return { shared };
}

/**
 * Waits up to `patienceMs` for its turn (turns count from 0 and each is taken once), then claims `sizes[i]` bytes of
 * file `files[i]` and returns where they begin. Null when the turn did not come: whoever holds the turns before may be
 * waiting for this very thread. Throws when another turn was abandoned: it would never come.
 */
export function claimOffsets(
  { shared }: OffsetClaims,
  turn: number,
  files: readonly number[],
  sizes: readonly number[],
  patienceMs: number,
): number[] | null {
  const turns = new Int32Array(shared, 0, 1);
  for (let now = Atomics.load(turns, 0); now !== turn; now = Atomics.load(turns, 0)) {
    if (now === abandoned) throw new Error("another shard could not be written");
    if (Atomics.wait(turns, 0, now, patienceMs) === "timed-out") return null;
  }
  const offsets = new Float64Array(shared, offsetsAt);
  const claimed = files.map((file, position) => {
    const offset = offsets[file] as number;
    offsets[file] = offset + (sizes[position] as number);
    return offset;
  });
  Atomics.store(turns, 0, turn + 1);
  Atomics.notify(turns, 0);
  return claimed;
}

/** Tells all who wait that a turn will never be taken. */
export function abandonClaims({ shared }: OffsetClaims): void {
  const turns = new Int32Array(shared, 0, 1);
  Atomics.store(turns, 0, abandoned);
  Atomics.notify(turns, 0);
}

/** The next free byte of each file. */
export function readOffsets({ shared }: OffsetClaims): number[] {
  return [...new Float64Array(shared, offsetsAt)];
}
