import { fileURLToPath } from "node:url";

/** Absolute path of a file or folder that is shipped with lamsach, named below the package's root. */
export function shippedPath(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}
