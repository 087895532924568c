import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/** Bytes of the files below a folder; 0 when it is not there. Files that go meanwhile do not count; `skip` names folders left out. */
export function measureFolder(folder: string, skip: readonly string[] = []): number {
  let bytes = 0;
  for (const entry of ignoreMissing(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const file = path.join(folder, entry.name);
    if (!entry.isDirectory()) bytes += ignoreMissing(() => statSync(file).size) ?? 0;
    else if (!skip.includes(entry.name)) bytes += measureFolder(file, skip);
  }
  return bytes;
}

/** Looks at a folder's size five times a second while `work` goes on; resolves to its result and to the most that was seen. */
export async function watchFolder<Result>(
  measureBytes: () => number,
  work: Promise<Result>,
): Promise<{ readonly result: Result; readonly peakBytes: number }> {
  let peakBytes = 0;
  const look = (): void => {
    peakBytes = Math.max(peakBytes, measureBytes());
  };
  const timer = setInterval(look, 200);
  try {
    const result = await work;
    look();
    return { result, peakBytes };
  } finally {
    clearInterval(timer);
  }
}

function ignoreMissing<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
