import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { directUnit, isAtUnit, isNoDirectWay, O_DIRECT, takePages } from "./direct-io.js";
import { addPath, O_NOFOLLOW, O_RDONLY } from "./open-file.js";

/** SHA-256 of large files while others write them. */
export interface FollowingHash {
  /**
   * Tells that the first `written` bytes of a file are written and will not change. They are read in the background, one
   * file after the other, once they are worth it.
   */
  follow(file: string, written: number): void;
  /**
   * Reads what is left of each file of which something was read, up to its length. Hashes, hex, by file; rejects with the
   * first failure, also of before.
   */
  finish(lengthOf: (file: string) => number): Promise<ReadonlyMap<string, string>>;
  /** Reads nothing more; resolves when nothing is being read. */
  abandon(): Promise<void>;
}

/** What is read, and taken in, at once. */
const chunkBytes = 1 << 20;

interface Followed {
  readonly hash: Hash;
  /** Bytes that were asked for, and those taken in. */
  asked: number;
  done: number;
}

/** Nothing is open between two readings. Failures are the file system's, naming the file. */
export function followFiles(): FollowingHash {
  const followed = new Map<string, Followed>();
  let halves: readonly Uint8Array[] = [];
  let isAbandoned = false;
  let reading: Promise<void> = Promise.resolve();

  return { follow, finish, abandon };

  function follow(file: string, written: number): void {
    const end = written - (written % directUnit);
    if (end - (followed.get(file)?.asked ?? 0) < chunkBytes) return;
    if (!followed.has(file)) followed.set(file, { hash: createHash("sha256"), asked: 0, done: 0 });
    ask(file, followed.get(file) as Followed, end);
  }

  async function finish(lengthOf: (file: string) => number): Promise<ReadonlyMap<string, string>> {
    for (const [file, state] of followed) ask(file, state, lengthOf(file));
    await reading;
    return new Map([...followed].map(([file, { hash }]) => [file, hash.digest("hex")]));
  }

  async function abandon(): Promise<void> {
    isAbandoned = true;
    await reading.catch(() => {});
  }

  function ask(file: string, state: Followed, end: number): void {
    state.asked = end;
    reading = reading.then(() => readTo(file, state, end));
    // Whoever finishes meets the failure.
    reading.catch(() => {});
  }

  async function readTo(file: string, state: Followed, end: number): Promise<void> {
    if (O_DIRECT !== 0 && end - state.done >= chunkBytes) await readOn(file, O_DIRECT, state, end);
    if (state.done < end) await readOn(file, 0, state, end);
  }

  /** Reads the next chunk while one is taken in; up to `end`, or to where no way past the cache goes on. */
  async function readOn(file: string, flag: number, state: Followed, end: number): Promise<void> {
    if (isAbandoned) return;
    let handle: FileHandle | null = null;
    try {
      handle = await open(file, O_RDONLY | O_NOFOLLOW | flag);
      for (let half = 0, next = read(handle, half, state.done, end); ; ) {
        const { bytesRead, buffer } = await next;
        if (bytesRead === 0) throw new Error(`${file}: shorter than what was written to it`);
        const length = Math.min(end - state.done, bytesRead);
        const at = state.done + length;
        const goesOn = at < end && (flag === 0 || isAtUnit(at)) && !isAbandoned;
        half = 1 - half;
        if (goesOn) next = read(handle, half, at, end);
        state.hash.update(buffer.subarray(0, length));
        state.done = at;
        if (!goesOn) return;
      }
    } catch (error) {
      if (flag === 0 || !isNoDirectWay(error)) throw addPath(error, file);
    } finally {
      await handle?.close();
    }
  }

  function read(handle: FileHandle, half: number, at: number, end: number) {
    if (halves.length === 0) {
      const memory = takePages(2 * chunkBytes);
      halves = [memory.subarray(0, chunkBytes), memory.subarray(chunkBytes)];
    }
    const units = Math.ceil((end - at) / directUnit);
    return handle.read(halves[half] as Uint8Array, 0, Math.min(chunkBytes, units * directUnit), at);
  }
}
