// Preloaded into the command line: keeps what was still active when the process ended by itself, in NATURAL_EXIT_FILE.
// A process that waits for a forgotten handle, or that is ended by process.exit, keeps nothing.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

if (isMainThread) {
  process.once("beforeExit", () => {
    writeFileSync(process.env.NATURAL_EXIT_FILE, JSON.stringify(process.getActiveResourcesInfo()));
  });
}
