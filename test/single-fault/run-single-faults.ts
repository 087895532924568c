/**
 * The whole campaign of test/single-fault.test.ts: every kind of fault at every record and column, read in whole files
 * and in small shards. Prints how many files of each kind there were and how many lines of the damaged record are in
 * errors (more than one where it stands on several, or is broken into them); exit 1 when a file comes out otherwise.
 *
 *   npm run single-fault
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openReadingRoom } from "../support/product-reading.js";
import { population } from "./clean-file.js";
import { processFaultyFiles } from "./process-faulty-files.js";
import { listFaultyFiles } from "./single-faults.js";

const folder = mkdtempSync(path.join(tmpdir(), "lamsach-single-fault-"));
const room = await openReadingRoom(folder, population);
try {
  const { kinds, failures } = await processFaultyFiles(room, listFaultyFiles());
  let files = 0;
  for (const [kind, tally] of kinds) {
    files += tally.files;
    const lost = [...tally.lostLines].sort().map(([lines, count]) => `${lines} in ${count}`);
    process.stdout.write(`${String(tally.files).padStart(5)}  ${kind}: lines in errors ${lost.join(", ")}\n`);
  }
  process.stdout.write(`${files} files of ${kinds.size} kinds, ${failures.length} not as they must be\n`);
  for (const failure of failures.slice(0, 20)) process.stderr.write(`${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  room.register.reader.close();
  rmSync(folder, { recursive: true, force: true });
}
