import { createHash, type Hash } from "node:crypto";
import { exitCodes, LamsachError } from "../errors.js";
import { isNoDirectWay, O_DIRECT, takePages, wholeUnits } from "./direct-io.js";
import { O_NOFOLLOW, O_RDONLY, withFileOpen } from "./open-file.js";
import { chunkBytes, readAhead } from "./read-ahead.js";

/** SHA-256 of large files while others write them. */
export interface FollowingHash {
  /**
   * Tells that the first `written` bytes of a file are written and will not change. They are read in the background, one
   * file after the other, once they are worth it. Throws what has failed before.
   */
  follow(file: string, written: number): void;
  /**
   * Reads what is left of each file that is followed, up to its length. Hashes, hex, by file: not of files that were too
   * small, or grew too fast. Rejects with the first failure, also of before, or the reason of `stop`.
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

/** After so many bytes a stop is heard, and a file opened again. */
const stretchBytes = 16 * chunkBytes;

/**
 * A file of which more than `mostBehind` bytes are written and not read is left to others: many threads on a machine that
 * hashes slowly write faster than one reads. Nothing is open between two readings. Failures are the file system's,
 * naming the file; `LamsachError` (exit 4) when a file is shorter than what was written to it.
 */
export function followFiles(stop: AbortSignal, mostBehind = 256 * chunkBytes): FollowingHash {
  const followed = new Map<string, Followed | null>();
  let memory: readonly Uint8Array[] = [];
  let isAbandoned = false;
  let failure: { readonly error: unknown } | null = null;
  let reading: Promise<void> = Promise.resolve();

  return { follow, finish, abandon };

  function follow(file: string, written: number): void {
    if (failure !== null) throw failure.error;
    const state = followed.get(file);
    if (state === null) return;
    const end = wholeUnits(written);
    if (end - (state?.asked ?? 0) < chunkBytes) return;
    if (end - (state?.done ?? 0) > mostBehind) {
      followed.set(file, null);
      return;
    }
    if (state === undefined) followed.set(file, { hash: createHash("sha256"), asked: 0, done: 0 });
    ask(file, followed.get(file) as Followed, end);
  }

  async function finish(lengthOf: (file: string) => number): Promise<ReadonlyMap<string, string>> {
    const whole = [...followed].flatMap(([file, state]) => (state === null ? [] : [{ file, state }]));
    for (const { file, state } of whole) ask(file, state, lengthOf(file));
    await reading;
    return new Map(whole.map(({ file, state }) => [file, state.hash.digest("hex")]));
  }

  async function abandon(): Promise<void> {
    isAbandoned = true;
    await reading.catch(() => {});
  }

  function ask(file: string, state: Followed, end: number): void {
    state.asked = end;
    reading = reading.then(() => readTo(file, state, end));
    // Whoever follows on, or finishes, meets it.
    reading.catch((error) => {
      failure ??= { error };
    });
  }

  async function readTo(file: string, state: Followed, end: number): Promise<void> {
    while (state.done < end && !isAbandoned && followed.get(file) === state) {
      stop.throwIfAborted();
      const before = state.done;
      const stretch = Math.min(end, before + stretchBytes);
      if (O_DIRECT !== 0 && stretch - before >= chunkBytes) await readOn(file, O_DIRECT, state, stretch);
      if (state.done < stretch) await readOn(file, 0, state, stretch);
      if (state.done === before) throw tooShort(file);
    }
  }

  /** Reads up to `end`, or to where no way past the cache goes on. */
  async function readOn(file: string, flag: number, state: Followed, end: number): Promise<void> {
    if (memory.length === 0) {
      const pages = takePages(2 * chunkBytes);
      memory = [pages.subarray(0, chunkBytes), pages.subarray(chunkBytes)];
    }
    try {
      await withFileOpen(file, O_RDONLY | O_NOFOLLOW | flag, (handle) =>
        readAhead(handle, state.done, end, memory, (bytes) => {
          state.hash.update(bytes);
          state.done += bytes.length;
        }),
      );
    } catch (error) {
      if (flag === 0 || !isNoDirectWay(error)) throw error;
    }
  }
}

function tooShort(file: string): LamsachError {
  return new LamsachError(
    exitCodes.environment,
    `${file}: this file is shorter than what was written to it; expected nobody else to write there. Run again.`,
  );
}
