import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { prepareGround, tryFault } from "./fault-run.js";
import { storageFaults } from "./storage-faults.js";

/*
 * `npm run fault-test`: every way in which storage fails, at every call of a run, until a run passes without meeting it.
 * `--only <words>` takes the ways whose name holds these words, `--step <n>` every nth call.
 */
const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, step: { type: "string", default: "1" } },
});
const step = Number(values.step);
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-faults-"));
try {
  const ground = await prepareGround(folder, 10);
  for (const { name, sample: _, ...fault } of storageFaults.filter(({ name }) =>
    name.includes(values.only),
  )) {
    let nth = 1;
    while (await tryFault(ground, "out", { ...fault, nth })) nth += step;
    process.stdout.write(
      `${name}: ${Math.ceil((nth - 1) / step)} runs disturbed, the ${nth}th was over before\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
