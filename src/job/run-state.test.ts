import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { canonicalColumns, type Source } from "../ingest/source.js";
import { keepSource, type RunState, readRunState, writeRunState } from "./run-state.js";
import { locateRun } from "./workspace.js";

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(tmpdir(), "lamsach-state-"));
  mkdirSync(locateRun(out, "run-1").work, { recursive: true });
});
afterEach(() => rmSync(out, { recursive: true }));

const source: Source = {
  name: "a.csv",
  path: "/somewhere/a.csv",
  format: "csv",
  encoding: "utf-8",
  bytesPath: "/somewhere/a.csv",
  byteLength: 10,
  layout: "wide",
  delimiter: ",",
  headers: ["Họ tên", "v", "d", "l", "f"],
  dataOffset: 5,
  dataLine: 2,
  lineUnit: "line",
  columns: {
    ...(Object.fromEntries(canonicalColumns.map((name) => [name, -1])) as Source["columns"]),
    full_name: 0,
  },
  doses: [{ vaccine: 1, vaccination_date: 2, lot_no: 3, facility_code: 4 }],
  coding: { name: "platform-template", sex: { male: ["0"], female: ["1"] } },
};

const state: RunState = {
  format: 3,
  partitions: 4,
  pipelineFile: "/somewhere/pipeline.yaml",
  identity: {
    pipeline: "p",
    policy: "o",
    tables: "t",
    rules: "1.0.0",
    register: null,
    asOf: "2023-06-13",
    inputs: [{ name: "a.csv", sha256: "00" }],
  },
  registerPath: null,
  policyFile: "/somewhere/policy.yaml",
  sources: [keepSource(source)],
  shards: [{ source: 0, file: "0-0-of-10.bin" }],
};

function refusal(runDir: string): LamsachError {
  try {
    readRunState(runDir);
  } catch (error) {
    if (error instanceof LamsachError) return error;
    throw error;
  }
  throw new Error("this should have been refused");
}

describe("writeRunState and readRunState", () => {
  it("give a run's state back, from the published folder", () => {
    const paths = locateRun(out, "run-1");
    writeRunState(paths, state);
    const read = readRunState(path.join(out, "run-1"));
    expect(read.state).toEqual(state);
    expect(read.paths).toEqual(paths);
    expect(statSync(paths.state).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["nothing", null],
    ["no JSON", "{"],
    ["JSON of another kind", "[]"],
    ["another format", JSON.stringify({ ...state, format: 1 })],
    ["a field that nobody wrote", JSON.stringify({ ...state, extra: 1 })],
    ["half of it", JSON.stringify(state).slice(0, 200)],
    [
      "a shard file that is elsewhere",
      JSON.stringify({ ...state, shards: [{ source: 0, file: "../0-0-of-10.bin" }] }),
    ],
  ])("refuse %s", (_what, text) => {
    if (text !== null) writeFileSync(locateRun(out, "run-1").state, text);
    const { exitCode, message } = refusal(path.join(out, "run-1"));
    expect(exitCode).toBe(exitCodes.usage);
    expect(message).toContain("are not kept here; expected");
  });
});

describe("keepSource(source)", () => {
  it("keeps the layout, and no path or header", () => {
    const kept = keepSource(source);
    expect(kept).toEqual({
      name: "a.csv",
      layout: "wide",
      width: 5,
      columns: source.columns,
      doses: source.doses,
      coding: source.coding,
    });
    expect(JSON.stringify(kept)).not.toMatch(/somewhere|Họ tên/);
  });
});
