import { read } from "node:fs";

/** What is read at once, in bytes. */
export const chunkBytes = 1 << 20;

/**
 * Reads bytes `[from, end)` of an open file, `end` possibly beyond the file's, chunk by chunk in order; while one is
 * taken in, others of `memory` are being filled. Gives where it stopped: at `end`, at the file's end, or where the system
 * gave less than was asked for. Errors as the file system's, after which nothing is being read.
 */
export async function readAhead(
  handle: number,
  from: number,
  end: number,
  memory: readonly Uint8Array[],
  take: (bytes: Uint8Array) => void,
): Promise<number> {
  const underWay: { readonly chunk: Uint8Array; readonly filled: Promise<number> }[] = [];
  let next = from;
  const begin = (chunk: Uint8Array): void => {
    if (next >= end) return;
    const filled = fill(handle, chunk, next);
    // Awaited in its turn.
    filled.catch(() => {});
    underWay.push({ chunk, filled });
    next += chunkBytes;
  };
  for (const chunk of memory) begin(chunk);
  try {
    for (let at = from; ; ) {
      const first = underWay.shift();
      if (first === undefined) return at;
      const bytes = Math.min(await first.filled, end - at);
      if (bytes > 0) take(first.chunk.subarray(0, bytes));
      at += bytes;
      if (bytes < chunkBytes) return at;
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
