import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { directUnit, isNoDirectWay, O_DIRECT, takePages } from "./direct-io.js";
import { addPath, nameFailure, O_NOFOLLOW, O_RDONLY } from "./open-file.js";
import { chunkBytes, readAhead } from "./read-ahead.js";

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
  /** Begins to read nothing more; resolves when nothing is being read. */
  abandon(): Promise<void>;
}

interface Followed {
  readonly hash: Hash;
  /** Bytes that were asked for, and those taken in. */
  asked: number;
  done: number;
}

/** Nothing is open between two readings. Failures are the file system's, naming the file. */
export function followFiles(): FollowingHash {
  const followed = new Map<string, Followed>();
  let memory: readonly Uint8Array[] = [];
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
    if (isAbandoned) return;
    if (O_DIRECT !== 0 && end - state.done >= chunkBytes) await readOn(file, O_DIRECT, state, end);
    while (state.done < end) {
      const before = state.done;
      await readOn(file, 0, state, end);
      if (state.done === before) throw new Error(`${file}: shorter than what was written to it`);
    }
  }

  /** Reads up to `end`, or to where no way past the cache goes on. */
  async function readOn(file: string, flag: number, state: Followed, end: number): Promise<void> {
    if (memory.length === 0) {
      const pages = takePages(2 * chunkBytes);
      memory = [pages.subarray(0, chunkBytes), pages.subarray(chunkBytes)];
    }
    let handle: number | null = null;
    try {
      handle = openSync(file, O_RDONLY | O_NOFOLLOW | flag);
      await readAhead(handle, state.done, end, memory, (bytes) => {
        state.hash.update(bytes);
        state.done += bytes.length;
      });
    } catch (error) {
      if (flag === 0 || !isNoDirectWay(error)) throw addPath(error, file);
    } finally {
      const opened = handle;
      if (opened !== null) nameFailure(file, () => closeSync(opened));
    }
  }
}
