import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: unknown = null;

/**
 * Collects this thread's garbage now; it is free some milliseconds later. The engine counts little of what lies outside its
 * heap, such as the bytes that threads send each other, and collects too late where a piece of work that needed much is
 * followed by long work that needs little. A collection takes some 20 to 40 ms: for the end of such pieces, never for each
 * shard. An engine that does not let itself be asked collects when it likes.
 */
export function collectGarbage(): void {
  if (collect === null) {
    // What the option `--expose-gc` of Node does, without asking whoever starts the process for it.
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("globalThis.gc");
  }
  if (typeof collect === "function") collect();
}
