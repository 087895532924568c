/**
 * Times publishing alone, in one thread, over one long export: assesses and judges its shards once, then publishes them
 * again and again. Prints µs a record and ns a byte written, user time; the first turn is cold.
 *
 * npx tsc -p tsconfig.check.json --noEmit false --outDir node_modules/.cache/lamsach-time
 * node node_modules/.cache/lamsach-time/bench/time-publish.js --input export.csv --register population.db [--dist dist] [--records 300000] [--turns 5] [--as-of 2023-06-13]
 *
 * `--dist` names the build to time, so that two builds can be timed in turn.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { PublishShardOptions } from "../src/publish/publish-shard.js";
import { summarise } from "./medians.js";

const { values: given } = parseArgs({
  options: {
    input: { type: "string" },
    register: { type: "string" },
    dist: { type: "string", default: "dist" },
    records: { type: "string", default: "300000" },
    turns: { type: "string", default: "5" },
    "as-of": { type: "string", default: "2023-06-13" },
  },
});
if (given.input === undefined || given.register === undefined)
  throw new Error(
    "time-publish: --input or --register is missing; expected both. Name an export and a register.",
  );

/** A module of the build that is timed. */
const load = (name: string): Promise<unknown> =>
  import(pathToFileURL(path.resolve(given.dist, `${name}.js`)).href);
type Room<Name extends keyof Rooms> = Rooms[Name];
interface Rooms {
  assess: typeof import("../src/assess/assess-shard.js");
  rules: typeof import("../src/job/assess-rules.js");
  open: typeof import("../src/ingest/open-source.js");
  shards: typeof import("../src/ingest/shards.js");
  judge: typeof import("../src/judge/judge-record.js");
  pipeline: typeof import("../src/pipeline/pipeline.js");
  policy: typeof import("../src/pipeline/policy.js");
  tables: typeof import("../src/pipeline/tables.js");
  publish: typeof import("../src/publish/publish-shard.js");
  readings: typeof import("../src/publish/standard-readings.js");
  verdict: typeof import("../src/publish/verdict-text.js");
  reconcile: typeof import("../src/reconcile/reconcile.js");
  register: typeof import("../src/register/open-register.js");
  index: typeof import("../src/register/register-index.js");
}
const { assessShard, createSourceReaders } = (await load("assess/assess-shard")) as Room<"assess">;
const { createAssessRules } = (await load("job/assess-rules")) as Room<"rules">;
const { openSource } = (await load("ingest/open-source")) as Room<"open">;
const { planShards } = (await load("ingest/shards")) as Room<"shards">;
const { createJudge } = (await load("judge/judge-record")) as Room<"judge">;
const { loadPipeline } = (await load("pipeline/pipeline")) as Room<"pipeline">;
const { loadPolicy } = (await load("pipeline/policy")) as Room<"policy">;
const { loadTables } = (await load("pipeline/tables")) as Room<"tables">;
const { createShardWriters, publishShard } = (await load("publish/publish-shard")) as Room<"publish">;
const { createStandardReadings } = (await load("publish/standard-readings")) as Room<"readings">;
const { renderVerdict } = (await load("publish/verdict-text")) as Room<"verdict">;
const { reconcile } = (await load("reconcile/reconcile")) as Room<"reconcile">;
const { openRegister } = (await load("register/open-register")) as Room<"register">;
const { loadRegisterIndex } = (await load("register/register-index")) as Room<"index">;

const shardBytes = 16 << 20;
const workDir = mkdtempSync(path.join(tmpdir(), "lamsach-time-"));
try {
  const { input, register } = given;
  const shards = await assess(input, register);
  const records = shards.reduce((sum, { verdicts }) => sum + verdicts.length, 0);
  const writers = createShardWriters();
  const turns: number[] = [];
  let written = 0;
  for (let turn = 0; turn <= Number(given.turns); turn++) {
    written = 0;
    const before = process.cpuUsage().user;
    for (const shard of shards) {
      publishShard(shard, writers);
      for (const { length } of [writers.cleaned, writers.errors, writers.exceptions, writers.changes])
        written += length;
    }
    turns.push(process.cpuUsage().user - before);
  }
  const [cold = 0, ...warm] = turns;
  const { median, min, max } = summarise(warm);
  const read = shards.reduce((sum, { start, end }) => sum + end - start, 0);
  const each = (us: number): string =>
    `${(us / records).toFixed(3)} µs/record, ${((us * 1000) / written).toFixed(2)} ns/byte out`;
  console.log(
    `${records} records, ${(read / records).toFixed(0)} bytes in, ${(written / records).toFixed(0)} out`,
  );
  console.log(`cold    ${each(cold)}`);
  console.log(`warm    ${each(median)} (${(min / records).toFixed(3)} to ${(max / records).toFixed(3)} µs)`);
} finally {
  rmSync(workDir, { recursive: true, force: true });
}

/** Shards of the export, each judged by itself, until they hold the records asked for. */
async function assess(input: string, registerFile: string): Promise<PublishShardOptions[]> {
  const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
  const { limits } = pipeline.rules;
  const rules = createAssessRules(pipeline, loadTables(pipeline), given["as-of"]);
  const source = await openSource(
    { name: path.basename(input), path: input },
    { workDir, sources: pipeline.sources, aliases: pipeline.columns.aliases, limits },
  );
  if ("reason" in source) throw new Error(`${source.name}: ${source.reason}`);
  const register = { index: loadRegisterIndex(registerFile), reader: openRegister(registerFile) };
  const judge = createJudge(loadPolicy("pipelines/policies/scheme-06.yaml"));
  const readers = createSourceReaders(source, rules);
  const { vaccines } = rules.vaccines;
  const readings = createStandardReadings(vaccines);
  const judged: Omit<PublishShardOptions, "verdictTable">[] = [];
  let firstLine = source.dataLine;
  let start = source.dataOffset;
  let records = 0;
  for (const shard of planShards(source, shardBytes)) {
    if (records >= Number(given.records)) break;
    const { header, columns } = assessShard({ source, readers, shard, start, register, limits });
    const { verdicts } = reconcile({ columns, records: header.records }, judge, vaccines);
    judged.push({
      ...{
        source,
        readings,
        start: header.start,
        end: header.end,
        firstLine,
        register,
        columns,
        verdicts,
        vaccines,
        limits,
      },
      rulesVersion: "1.0.0",
    });
    firstLine += header.lines;
    start = header.end;
    records += header.records;
  }
  const verdictTable = judge.verdicts.map(renderVerdict);
  return judged.map((options) => ({ ...options, verdictTable }));
}
