import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parsePrometheus } from "../../test/support/prometheus-text.js";
import { exitCodes } from "../errors.js";
import { formatPrometheus } from "../report/prometheus-text.js";

const paper = readFileSync("docs/operations.md", "utf8");
const metricsPaper = readFileSync("docs/metrics.md", "utf8");

/** Names of all metrics, as a run writes them that knows everything. */
async function listMetrics(): Promise<readonly string[]> {
  const tally = { records: 1, byCode: { C1: 1 } };
  const text = await formatPrometheus({
    pipeline: "p",
    exitCode: 0,
    finishedAt: 2,
    durationSeconds: 1,
    peakMemoryBytes: 1,
    publishedAt: 1,
    inputBytes: 1,
    metrics: {
      run: {
        ...{ id: "r", pipeline: "p", asOf: "2023-06-13", policy: "o", rulesVersion: "1" },
        ...{ registerVersion: "v", registerPeople: 1 },
      },
      doses: tally,
      people: tally,
      dimensions: {},
      findings: {},
      files: [],
      causes: [],
      leftOut: [],
      gates: [{ name: "maxErrorShare", limit: 1, value: 0, passed: true }],
    },
  });
  return [...new Set(parsePrometheus(text).map(({ name }) => name))];
}

describe("docs/operations.md", () => {
  it("says for each of the worst nights which test proves it, or that none does", () => {
    const section = paper.split("## The worst nights")[1]?.split("\n## ")[0] ?? "";
    const rows = section
      .split("\n")
      .filter((line) => line.startsWith("| ") && !line.startsWith("| what happens"));
    expect(rows.length).toBeGreaterThan(12);
    const proofs = rows.map((row) => row.split(" | ").at(-1) ?? "");
    expect(proofs.filter((proof) => !/`(?:src|test)\/[\w./-]+\.test\.ts` "|not tested/.test(proof))).toEqual(
      [],
    );
  });

  it("names only tests that exist", () => {
    const named = [...paper.matchAll(/`((?:src|test)\/[\w./-]+\.test\.ts)`\s+"([^"]+)"/g)];
    expect(named.length).toBeGreaterThan(12);
    const missing = named.filter(([, file = "", title = ""]) => {
      if (!existsSync(file)) return true;
      return !readFileSync(file, "utf8").includes(title.replace(/\s+/g, " "));
    });
    expect(missing.map(([whole]) => whole)).toEqual([]);
  });

  it("says of every exit code who acts", () => {
    for (const code of Object.values(exitCodes))
      expect(paper).toMatch(new RegExp(`^\\|[^|]*\`${code}\``, "m"));
  });

  it("names only metrics that are written", async () => {
    const written = await listMetrics();
    const named = [...paper.matchAll(/\blamsach_\w+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !written.includes(name))).toEqual([]);
  });
});

describe("docs/metrics.md", () => {
  it("lists every metric that is written, and no other", async () => {
    const named = [...metricsPaper.matchAll(/`(lamsach_\w+)`/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual([...(await listMetrics())].sort());
  });
});
