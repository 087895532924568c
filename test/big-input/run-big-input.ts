import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { measure, readOwn } from "../../bench/measure.js";
import { expectCode, repository, runLamsach } from "../support/command-line.js";
import { openGates, writePipeline } from "../support/pipeline-file.js";
import { breakRows } from "./break-rows.js";

/*
 * `npm run big-input`: memory does not grow with the input. A tenth of the input and all of it (5 GB unless
 * `--gigabytes` says) go through the command line under a JavaScript heap of 128 MB and a bound for the whole process,
 * as they are delivered and with every row broken. Fails when a run takes more memory than its bound, or when the large
 * one takes over `mostGrowth` of what the small one does, the register's index aside.
 */
const { values } = parseArgs({
  options: {
    gigabytes: { type: "string", default: "5" },
    memory: { type: "string", default: "1GB" },
    folder: { type: "string", default: tmpdir() },
  },
});
const mostGrowth = 1.15;
const rowBytes = 272;
const rowsPerPerson = 2.25;
const megabyte = 2 ** 20;
const memoryMegabytes = /^(\d+)GB$/.test(values.memory)
  ? Number.parseInt(values.memory, 10) * 1024
  : Number.parseInt(values.memory, 10);

const main = path.join(repository, "dist/cli/main.js");
const work = mkdtempSync(path.join(values.folder, "lamsach-big-input-"));
const infoSchema = z.object({ people: z.number(), bytesPerPerson: z.number() });

/** Megabytes that the runs of one size take beyond the index: as delivered, and with every row broken. */
async function measureSize(gigabytes: number): Promise<number[]> {
  const folder = path.join(work, `${gigabytes}`);
  mkdirSync(folder);
  const rows = Math.round((gigabytes * 1e9) / rowBytes);
  const people = Math.round(rows / rowsPerPerson);
  const lamsach = async (...args: string[]): Promise<string> =>
    expectCode(await runLamsach(args, { cwd: folder }), 0).stdout;
  const size = ["--people", `${people}`, "--rows", `${rows}`, "--seed", "2491"];
  await lamsach("generate", ...size, "--shapes", "long", "--out", "sample");
  rmSync(path.join(folder, "sample/truth.csv"));
  const built = await lamsach(
    "register",
    "build",
    "sample/population.csv",
    "--out",
    "population.db",
    "--json",
  );
  const info = infoSchema.parse(JSON.parse(built));
  const indexMegabytes = (info.people * info.bytesPerPerson) / megabyte;
  const delivered = path.join(folder, "sample/exports");
  const beyondIndex = [await measureRun(folder, "as delivered", gigabytes)];
  await breakRows(delivered);
  beyondIndex.push(await measureRun(folder, "every row broken", gigabytes));
  rmSync(folder, { recursive: true });
  return beyondIndex.map((megabytes) => megabytes - indexMegabytes);
}

async function measureRun(folder: string, what: string, gigabytes: number): Promise<number> {
  const pipeline = writePipeline(path.join(folder, "pipeline.yaml"), openGates);
  const inputs = [
    "--input",
    path.join(folder, "sample/exports/*"),
    "--register",
    path.join(folder, "population.db"),
  ];
  const places = ["--out", path.join(folder, "out"), "--as-of", "2023-06-13"];
  const limits = ["--memory", values.memory, "--workers", "2"];
  const measured = await measure(
    [process.execPath, "--max-old-space-size=128", main, "run", pipeline, ...inputs, ...places, ...limits],
    folder,
  );
  rmSync(path.join(folder, "out"), { recursive: true });
  const megabytes = readOwn(measured, "peakBytes") / megabyte;
  process.stdout.write(
    `${gigabytes} GB, ${what}: ${Math.round(megabytes)} MB resident at most, ${Math.round(measured.wallMs / 1000)} s\n`,
  );
  if (!(megabytes <= memoryMegabytes)) throw new Error(`${what}: more than --memory ${values.memory}`);
  return megabytes;
}

try {
  const gigabytes = Number(values.gigabytes);
  const small = await measureSize(gigabytes / 10);
  const large = await measureSize(gigabytes);
  for (const [at, what] of ["as delivered", "every row broken"].entries()) {
    const growth = (large[at] as number) / (small[at] as number);
    process.stdout.write(
      `${what}: ten times the input takes ${growth.toFixed(2)} times the memory beyond the index\n`,
    );
    if (!(growth <= mostGrowth)) process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
