import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun, shippedPolicy } from "./support/sample.js";
import { hashTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
let run = "";
let expected: Record<string, string>;

beforeAll(async () => {
  await makeSample(work, { people: 40, shapes: "long" });
  const outcome = readOutcome(expectCode(await runLamsach(sampleRun("out", "--json"), { cwd: work }), 0));
  run = outcome.run;
  expected = hashTree(outcome.dir);
});

/** Runs a line of bash in which `$lamsach` is the command line; the exit code is that of the first command. */
async function runShell(line: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { ...process.env, lamsach: `${process.execPath} ${path.join(repository, "dist/cli/main.js")}` };
  const child = spawn("bash", ["-c", `${line}; exit "\${PIPESTATUS[0]}"`], { cwd: work, env });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

describe("a run whose log or summary cannot be written", () => {
  it.each([
    ["the log's disk is full", "2> /dev/full", 0],
    ["nobody reads the log", "2>&1 > /dev/null | true", 0],
    ["nobody reads the summary", "| true", 0],
    ["the summary's disk is full", "> /dev/full", 4],
  ])("publishes the same bytes when %s", async (_why, redirection, code) => {
    const out = path.basename(mkdtempSync(path.join(work, "out-")));
    const args = sampleRun(out, "--log-level", "debug").join(" ");
    const { code: ended } = await runShell(`$lamsach ${args} ${redirection}`);
    expect(ended).toBe(code);
    expect(hashTree(path.join(work, out, run))).toEqual(expected);
  });
});

describe("a command that only reads", () => {
  it.each([
    "codes",
    "runs --out out",
    "doctor --out out",
    "register info population.db",
    "judge RUN --out out --policy POLICY",
  ])("%s ends well when nobody reads what it says", async (line) => {
    const args = line.replace("RUN", run).replace("POLICY", shippedPolicy);
    expect(await runShell(`$lamsach ${args} | true`)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("on a version of Node on which the SQLite module aborts", () => {
  it.each(["run pipeline.yaml", "doctor", "--version"])(
    "%s begins nothing and says which to install",
    async (line) => {
      const preload = pathToFileURL(path.join(repository, "test/support/node-24.mjs")).href;
      const ended = await runLamsach(line.split(" "), {
        cwd: work,
        env: { NODE_OPTIONS: `--import ${preload}` },
      });
      expect(ended).toMatchObject({ code: 4, stdout: "" });
      expect(ended.stderr).toBe(
        "lamsach: node: 24.21.0; expected another than 24, on which the SQLite module aborts in the middle of a run. Install Node 22 or 26, then run: npm ci.\n",
      );
    },
  );
});

describe("a process", () => {
  it.each([
    ["codes", 0],
    ["register build sample/population.csv --out again.db", 0],
    ["RUN-SAMPLE", 0],
    ["judge RUN --out out --policy POLICY", 0],
    ["run none.yaml", 2],
  ])("%s ends by itself, with nothing left open", async (line, code) => {
    const file = path.join(mkdtempSync(path.join(work, "exit-")), "resources.json");
    const preload = pathToFileURL(path.join(repository, "test/support/natural-exit.mjs")).href;
    const args =
      line === "RUN-SAMPLE"
        ? sampleRun(path.basename(path.dirname(file)), "--workers", "2")
        : line.replace("RUN", run).replace("POLICY", shippedPolicy).split(" ");
    const env = { NODE_OPTIONS: `--import ${preload}`, NATURAL_EXIT_FILE: file };
    expectCode(await runLamsach(args, { cwd: work, env }), code);
    const left = JSON.parse(readFileSync(file, "utf8")) as string[];
    expect(left.filter((resource) => resource !== "PipeWrap")).toEqual([]);
  });
});
