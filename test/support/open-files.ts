import { existsSync, readdirSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";

const ownDescriptors = "/proc/self/fd";

/** Whether the system tells which files this process has open. */
export const canListOpen = existsSync(ownDescriptors);

/** Files below a folder that this process has open; none where the system does not tell. */
export function listOpenBelow(folder: string): string[] {
  if (!canListOpen) return [];
  const below = `${realpathSync(folder)}${path.sep}`;
  return readdirSync(ownDescriptors).flatMap((descriptor) => {
    try {
      const place = readlinkSync(path.join(ownDescriptors, descriptor));
      return place.startsWith(below) ? [place] : [];
    } catch {
      return []; // the one that the folder itself was read with
    }
  });
}
