import { read } from "node:fs";

/** What is read or written at once, in bytes. */
export const chunkBytes = 1 << 20;

interface Reading {
  readonly chunk: Uint8Array;
  readonly filled: Promise<number>;
}

/**
 * Reads an open file from byte `from` on, chunk by chunk in order; while one is taken in, others of `memory`, which has one
 * at least, are being filled. Gives where it stopped: at the file's end, or where the system gave less than was asked
 * for. Errors as the file system's, after which nothing is being read.
 */
export async function readAhead(
  handle: number,
  from: number,
  memory: readonly Uint8Array[],
  take: (bytes: Uint8Array) => void,
): Promise<number> {
  const underWay: Reading[] = [];
  let next = from;
  const begin = (chunk: Uint8Array): void => {
    const filled = fill(handle, chunk, next);
    // Awaited in its turn.
    filled.catch(() => {});
    underWay.push({ chunk, filled });
    next += chunkBytes;
  };
  for (const chunk of memory) begin(chunk);
  try {
    for (let at = from; ; ) {
      const first = underWay.shift() as Reading;
      const filled = await first.filled;
      if (filled > 0) take(first.chunk.subarray(0, filled));
      at += filled;
      if (filled < chunkBytes) return at;
      begin(first.chunk);
    }
  } finally {
    await Promise.allSettled(underWay.map(({ filled }) => filled));
  }
}

function fill(handle: number, chunk: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(handle, chunk, 0, chunkBytes, at, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
