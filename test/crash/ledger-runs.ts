import { z } from "zod";
import { expectCode, runLamsach } from "../support/command-line.js";

const runsSchema = z.object({
  runs: z.array(
    z.looseObject({
      id: z.string(),
      state: z.string(),
      starts: z.number(),
      exitCode: z.number().nullable(),
      counts: z.record(z.string(), z.number()),
    }),
  ),
});

/** The runs of an output folder as its ledger has them, newest first. */
export async function listRuns(folder: string, out: string): Promise<z.infer<typeof runsSchema>["runs"]> {
  const { stdout } = expectCode(await runLamsach(["runs", "--out", out, "--json"], { cwd: folder }), 0);
  return runsSchema.parse(JSON.parse(stdout)).runs;
}
