/**
 * npm run bench -- [--rows 1000000] [--mix real,worst] [--peers plain,duckdb] [--runs 3] [--seed 2491] [--workers 2]
 *                  [--memory 2GB] [--data dir] [--out bench/RESULTS.md]
 *
 * Generates long exports by seed, then runs lamsach over each mix and the peers over the first one, in turn, and writes
 * the results page. `--peers none` measures lamsach alone. `--data` keeps the generated files there and uses them again.
 * The plain script holds all rows in memory, 1.6 GB a million: leave it out of `--rows 10000000`, which needs 30 GB below
 * TMPDIR.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCount, readNames, repeatCommand, sharedOptions } from "./bench-options.js";
import { compileScripts, root } from "./checkout.js";
import { createLamsach, type PeerName, peers } from "./contenders.js";
import { holdContest } from "./contest.js";
import { countPeople, type Dataset, mixes, prepareDataset } from "./dataset.js";
import { renderResults } from "./results-page.js";
import { withWorkFolder } from "./work-folder.js";

const { out, data, ...options } = parseArgs({
  options: {
    ...sharedOptions,
    rows: { type: "string", default: "1000000" },
    mix: { type: "string", default: "real,worst" },
    peers: { type: "string", default: "plain,duckdb" },
    runs: { type: "string", default: "3" },
    data: { type: "string" },
    out: { type: "string", default: path.join(root, "bench/RESULTS.md") },
  },
}).values;
const people = countPeople(readCount("rows", options.rows));
const seed = readCount("seed", options.seed);
const turns = readCount("runs", options.runs);
const workers = readCount("workers", options.workers);
const [firstMix, ...otherMixes] = readNames("mix", options.mix, mixes);
const peerNames =
  options.peers === "none" ? [] : readNames("peers", options.peers, Object.keys(peers) as PeerName[]);

await withWorkFolder(async (work) => {
  compileScripts();
  const folder = path.resolve(data ?? path.join(work, "data"));
  const datasets: [Dataset, ...Dataset[]] = [await prepareDataset({ mix: firstMix, people, seed }, folder)];
  for (const mix of otherMixes) datasets.push(await prepareDataset({ mix, people, seed }, folder));
  const contest = await holdContest({
    lamsach: createLamsach({ workers, memory: options.memory ?? null }),
    peers: peerNames.map((name) => peers[name]),
    ...{ datasets, turns, work },
  });
  writeFileSync(out, renderResults(contest, { command: repeatCommand("bench", options), seed }));
});
