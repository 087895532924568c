import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalColumns } from "../src/ingest/source.js";
import { expectCode, runLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const pipeline = writePipeline(path.join(work, "open.yaml"), openGates);

/** Rows that are broken in turn by a quote, too few cells, too many cells, bytes that do not decode, and their values. */
function writeBadRows(file: string, rows: number): void {
  const header = `${canonicalColumns.join(",")}\n`;
  const cells = ",".repeat(canonicalColumns.length - 1);
  const kinds = [`a"b${cells}`, "a,b", `${cells},,x`, `\xff${cells}`, `${cells.replace(",", ",x")}`];
  const lines = Array.from({ length: rows }, (_, row) => kinds[row % kinds.length]);
  writeFileSync(path.join(work, file), Buffer.from(`${header}${lines.join("\n")}\n`, "latin1"));
}

/** What a command says at the most verbose level, in bytes and lines. */
async function measureLog(
  code: number,
  ...args: readonly string[]
): Promise<{ bytes: number; lines: number }> {
  const { stderr } = expectCode(await runLamsach(["--log-level", "debug", ...args], { cwd: work }), code);
  // Progress for whoever watches comes every ten seconds, as the machine is fast or slow.
  const logged = stderr.split("\n").filter((line) => !/^\w+: \d+ of \d+ shards$/.test(line));
  return { bytes: logged.join("\n").length, lines: logged.length };
}

describe("the log", () => {
  it("of a run has as many lines for 30,000 bad rows as for 30", async () => {
    const run = (file: string): Promise<{ bytes: number; lines: number }> => {
      const shards = ["--shard-size", "64KB", "--workers", "1"];
      return measureLog(0, "run", pipeline, "--input", file, "--out", `out-${file}`, ...shards);
    };
    writeBadRows("few.csv", 30);
    writeBadRows("many.csv", 30_000);
    const few = await run("few.csv");
    const many = await run("many.csv");
    expect(few.lines).toBeGreaterThan(1);
    expect(many.lines).toBe(few.lines);
    // A million bad rows may cost a megabyte of log.
    expect(many.bytes).toBeLessThan(30_000);
  });

  it("of a register build names the first impossible rows and counts the others", async () => {
    const header = "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code\n";
    const build = (file: string, rows: number): Promise<{ bytes: number; lines: number }> => {
      writeFileSync(path.join(work, file), header + "x,y,z,w,,active,,01\n".repeat(rows));
      return measureLog(1, "register", "build", file, "--out", "population.db");
    };
    const few = await build("few-people.csv", 30);
    const many = await build("many-people.csv", 30_000);
    expect(many.lines).toBe(few.lines);
    expect(many.bytes).toBeLessThan(few.bytes + 50);
  });
});
