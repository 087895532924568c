import { readdirSync } from "node:fs";
import path from "node:path";
import { locateCli, locateScript, root } from "./checkout.js";
import { asOf } from "./dataset.js";

/** A program that cleans a long export against a register. */
export interface Contender {
  readonly name: string;
  /** What it is, for the page. */
  readonly about: string;
  /** Packages whose versions matter to its figures. */
  readonly packages: readonly string[];
  /** File name of its register. */
  readonly register: string;
  /** Makes its register from the population's CSV. */
  buildCommand(population: string, register: string): string[];
  /** Cleans `input` into the folder `out`. */
  runCommand(files: { readonly input: string; readonly register: string; readonly out: string }): string[];
  /** The folder that holds its three sets after a run into `out`. */
  findSets(out: string): string;
}

/** How lamsach is run. */
export interface LamsachOptions {
  readonly workers: number;
  /** `--memory` of a run; lamsach's own choice when null. */
  readonly memory: string | null;
  readonly pipeline?: string;
}

export function createLamsach({ workers, memory, pipeline = shippedPipeline }: LamsachOptions): Contender {
  const cli = [process.execPath, locateCli()];
  const memoryOption = memory === null ? [] : ["--memory", memory];
  return {
    name: "lamsach",
    about: `\`lamsach run\` with ${workers} workers${memory === null ? "" : ` and \`--memory ${memory}\``}`,
    packages: ["better-sqlite3"],
    register: "population.db",
    buildCommand: (population, register) => [
      ...[...cli, "register", "build", population, "--out", register, "--json"],
    ],
    runCommand: ({ input, register, out }) => [
      ...[...cli, "run", pipeline, "--input", input, "--register", register, "--as-of", asOf],
      ...["--workers", String(workers), ...memoryOption, "--out", out, "--json"],
    ],
    findSets: (out) => path.join(out, readdirSync(out).find((name) => name.startsWith(asOf)) ?? ""),
  };
}

const shippedPipeline = path.join(root, "pipelines/covid19-vaccination.yaml");

/** What lamsach is compared with, by the name that `--peers` takes. */
export const peers = {
  plain: createPeer({
    name: "plain script",
    about:
      "`bench/plain-script.ts`: csv-parse → zod → better-sqlite3 → csv-stringify on one thread, all rows held in memory",
    packages: ["csv-parse", "csv-stringify", "zod", "better-sqlite3"],
    register: "plain.db",
    script: "plain-script",
    // A million rows take more than the heap that Node chooses by itself.
    nodeOptions: ["--max-old-space-size=12288"],
  }),
  duckdb: createPeer({
    name: "DuckDB",
    about: "`bench/duckdb-peer.ts`: the same rules as SQL in DuckDB, on two threads",
    packages: ["@duckdb/node-api"],
    register: "register.duckdb",
    script: "duckdb-peer",
    nodeOptions: [],
  }),
} as const satisfies Record<string, Contender>;

export type PeerName = keyof typeof peers;

interface PeerScript extends Pick<Contender, "name" | "about" | "packages" | "register"> {
  readonly script: string;
  readonly nodeOptions: readonly string[];
}

/** Peers are scripts of this folder with one command line. */
function createPeer({ script, nodeOptions, ...described }: PeerScript): Contender {
  const program = [process.execPath, ...nodeOptions, locateScript(script)];
  const tables = path.join(root, "pipelines/tables");
  return {
    ...described,
    buildCommand: (population, register) => [...program, "build", population, register],
    runCommand: ({ input, register, out }) => [...program, "run", input, register, tables, out, asOf],
    findSets: (out) => out,
  };
}
