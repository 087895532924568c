import { beforeAll, describe, expect, it } from "vitest";
import { useWorkFolder } from "../support/work-folder.js";
import { type FaultGround, prepareGround, tryFault } from "./fault-run.js";
import { storageFaults } from "./storage-faults.js";

const folder = useWorkFolder();
let ground: FaultGround;
beforeAll(async () => {
  ground = await prepareGround(folder, 4);
});

// A sample of what `npm run fault-test` does for every call.
describe.concurrent("a run whose disk fails ends with 4, loses nothing, and can be gone on with", () => {
  it.each(storageFaults.filter(({ sample }) => sample.length > 0))(
    "$name",
    async ({ name, sample, ...fault }) => {
      for (const nth of sample) {
        expect(await tryFault(ground, `${name.replaceAll(" ", "-")}-${nth}`, { ...fault, nth })).toBe(true);
      }
    },
  );
});
