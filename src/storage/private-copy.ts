import { createReadStream, createWriteStream, rmSync } from "node:fs";
import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { addPath } from "./open-file.js";

/**
 * Streams `source` from byte `from` on through `steps` into `target`, a private file (0600); one that is there is replaced.
 * Errors as the file system's, with the path of the file that failed, and as the steps'.
 */
export async function copyPrivately(
  source: string,
  target: string,
  steps: readonly Transform[],
  from = 0,
): Promise<void> {
  try {
    rmSync(target, { force: true });
    await pipeline([
      createReadStream(source, { start: from }),
      ...steps,
      createWriteStream(target, { flags: "wx", mode: 0o600 }),
    ]);
  } catch (error) {
    throw nameEnd(error, source, target);
  }
}

/** The error of a copy, with the path of the end that failed where it names none. */
export function nameEnd(error: unknown, source: string, target: string): unknown {
  const isRead = (error as { syscall?: unknown } | null)?.syscall === "read";
  return addPath(error, isRead ? source : target);
}
