import { read } from "node:fs";

/** What is read or written at once, in bytes. */
export const chunkBytes = 1 << 20;
/** Lengths that are asked for are multiples of it. */
const stepBytes = 1 << 16;

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
  const underWay: {
    readonly chunk: Uint8Array;
    readonly length: number;
    readonly filled: Promise<number>;
  }[] = [];
  let next = from;
  const begin = (chunk: Uint8Array): void => {
    if (next >= end) return;
    const length = Math.min(chunkBytes, Math.ceil((end - next) / stepBytes) * stepBytes);
    const filled = fill(handle, chunk, length, next);
    // Awaited in its turn.
    filled.catch(() => {});
    underWay.push({ chunk, length, filled });
    next += length;
  };
  for (const chunk of memory) begin(chunk);
  try {
    for (let at = from; ; ) {
      const first = underWay.shift();
      if (first === undefined) return at;
      const filled = await first.filled;
      const bytes = Math.min(filled, end - at);
      if (bytes > 0) take(first.chunk.subarray(0, bytes));
      at += bytes;
      if (filled < first.length) return at;
      begin(first.chunk);
    }
  } finally {
    await Promise.allSettled(underWay.map(({ filled }) => filled));
  }
}

function fill(handle: number, chunk: Uint8Array, length: number, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(handle, chunk, 0, length, at, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
