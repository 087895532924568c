import path from "node:path";
import { z } from "zod";
import { type CommandResult, expectCode, repository, runLamsach } from "./command-line.js";

/** The pipeline as it is shipped. */
export const shippedPipeline = path.join(repository, "pipelines/covid19-vaccination.yaml");

/** The policy as it is shipped. */
export const shippedPolicy = path.join(repository, "pipelines/policies/scheme-06.yaml");

export interface SampleSettings {
  readonly people: number;
  readonly seed?: number;
  readonly shapes?: "all" | "long";
}

/** Makes `sample/` (population.csv, exports, truth.csv) and its register `population.db` in `folder`. */
export async function makeSample(
  folder: string,
  { people, seed = 2491, shapes = "all" }: SampleSettings,
): Promise<void> {
  const generate = ["generate", "--people", `${people}`, "--seed", `${seed}`, "--shapes", shapes];
  expectCode(await runLamsach([...generate, "--out", "sample"], { cwd: folder }), 0);
  const build = ["register", "build", "sample/population.csv", "--out", "population.db"];
  expectCode(await runLamsach(build, { cwd: folder }), 0);
}

/** The arguments of `lamsach run` on a sample; one worker unless said, which is quickest for a small one. */
export function sampleRun(out: string, ...more: readonly string[]): string[] {
  const day = ["--as-of", "2023-06-13"];
  const inputs = more.includes("--input") ? [] : ["--input", "sample/exports/*"];
  const workers = more.includes("--workers") ? [] : ["--workers", "1"];
  const register = ["--register", "population.db"];
  return ["run", shippedPipeline, ...inputs, ...register, "--out", out, ...day, ...workers, ...more];
}

const outcomeSchema = z.strictObject({
  exitCode: z.number(),
  run: z.string(),
  dir: z.string(),
  counts: z.record(z.string(), z.number()),
  plan: z.unknown().optional(),
  audit: z.strictObject({ sequence: z.number(), sha256: z.string() }).optional(),
});

/** The one object that `--json` prints. */
export function readOutcome({ stdout }: CommandResult): z.infer<typeof outcomeSchema> {
  return outcomeSchema.parse(JSON.parse(stdout));
}
