/**
 * Times publishing alone, in one thread, over one long export: assesses and judges its shards once, then publishes them
 * again and again. Prints µs a record and ns a byte written, user time; the first turn is cold.
 *
 * npx tsc -p tsconfig.check.json --noEmit false --outDir node_modules/.cache/lamsach-time
 * node node_modules/.cache/lamsach-time/bench/time-publish.js --input export.csv --register population.db [--dist dist] [--records 300000] [--turns 5] [--as-of 2023-06-13]
 *
 * `--dist` names the build to time, so that two builds can be timed in turn: any whose modules have what is loaded below.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { JudgedShard, ShardPublisher, ShardWriters } from "../src/publish/publish-shard.js";
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
  assessor: typeof import("../src/assess/assessor.js");
  rules: typeof import("../src/job/assess-rules.js");
  open: typeof import("../src/ingest/open-source.js");
  shards: typeof import("../src/ingest/shards.js");
  judge: typeof import("../src/judge/judge-record.js");
  pipeline: typeof import("../src/pipeline/pipeline.js");
  policy: typeof import("../src/pipeline/policy.js");
  tables: typeof import("../src/pipeline/tables.js");
  publish: typeof import("../src/publish/publish-shard.js");
  verdict: typeof import("../src/publish/verdict-text.js");
  reconcile: typeof import("../src/reconcile/reconcile.js");
  register: typeof import("../src/register/open-register.js");
  index: typeof import("../src/register/register-index.js");
}
const { assessShard } = (await load("assess/assess-shard")) as Room<"assess">;
const { createAssessor } = (await load("assess/assessor")) as Room<"assessor">;
const { createAssessRules } = (await load("job/assess-rules")) as Room<"rules">;
const { openSource } = (await load("ingest/open-source")) as Room<"open">;
const { planShards } = (await load("ingest/shards")) as Room<"shards">;
const { createJudge } = (await load("judge/judge-record")) as Room<"judge">;
const { loadPipeline } = (await load("pipeline/pipeline")) as Room<"pipeline">;
const { loadPolicy } = (await load("pipeline/policy")) as Room<"policy">;
const { loadTables } = (await load("pipeline/tables")) as Room<"tables">;
const { createShardPublisher, createShardWriters } = (await load("publish/publish-shard")) as Room<"publish">;
const { VerdictTexts } = (await load("publish/verdict-text")) as Room<"verdict">;
const { reconcile } = (await load("reconcile/reconcile")) as Room<"reconcile">;
const { openRegister } = (await load("register/open-register")) as Room<"register">;
const { loadRegisterIndex } = (await load("register/register-index")) as Room<"index">;

const shardBytes = 16 << 20;
const workDir = mkdtempSync(path.join(tmpdir(), "lamsach-time-"));
try {
  const { input, register } = given;
  const writers = createShardWriters();
  const { shards, publisher } = await assess(input, register, writers);
  const records = shards.reduce((sum, { verdicts }) => sum + verdicts.length, 0);
  const turns: number[] = [];
  let written = 0;
  for (let turn = 0; turn <= Number(given.turns); turn++) {
    written = 0;
    const before = process.cpuUsage().user;
    for (const shard of shards) {
      publisher.publish(shard);
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

/** Shards of the export, each judged by itself, until they hold the records asked for; and who publishes them. */
async function assess(
  input: string,
  registerFile: string,
  writers: ShardWriters,
): Promise<{ shards: JudgedShard[]; publisher: ShardPublisher }> {
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
  const assessor = createAssessor(source, rules, register);
  const { vaccines } = rules.vaccines;
  const shards: JudgedShard[] = [];
  let firstLine = source.dataLine;
  let start = source.dataOffset;
  let records = 0;
  for (const shard of planShards(source, shardBytes)) {
    if (records >= Number(given.records)) break;
    const { header, columns } = assessShard({ assessor, source, shard, start, limits });
    const { verdicts } = reconcile({ columns, records: header.records }, judge, vaccines);
    shards.push({ start: header.start, end: header.end, firstLine, columns, verdicts });
    firstLine += header.lines;
    start = header.end;
    records += header.records;
  }
  const verdictTexts = new VerdictTexts(judge);
  const options = { source, register, verdictTexts, vaccines, limits, rulesVersion: "1.0.0" };
  return { shards, publisher: createShardPublisher(options, writers) };
}
