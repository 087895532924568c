import { statfsSync } from "node:fs";
import path from "node:path";

/** Bytes that may still be written where `place` is, or will be; null when the system does not say. */
export function measureFreeBytes(place: string): number | null {
  for (let folder = path.resolve(place); ; folder = path.dirname(folder)) {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch {
      if (folder === path.dirname(folder)) return null;
    }
  }
}
