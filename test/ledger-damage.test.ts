import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type CommandResult, expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, sampleRun } from "./support/sample.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();

async function lamsach(code: number, ...args: readonly string[]): Promise<CommandResult> {
  return expectCode(await runLamsach(args, { cwd: work }), code);
}

beforeAll(async () => {
  await makeSample(work, { people: 60, shapes: "long" });
  await lamsach(0, ...sampleRun("out"));
});

/** A copy of the output folder, to do harm to, and its ledger. */
function copyOut(name: string): { out: string; ledger: string } {
  cpSync(path.join(work, "out"), path.join(work, name), { recursive: true });
  return { out: name, ledger: path.join(work, name, "ledger.db") };
}

describe("a ledger with a flipped bit", () => {
  it("is refused by run, runs and doctor, and can be made anew", async () => {
    const { out, ledger } = copyOut("out-flipped");
    const bytes = readFileSync(ledger);
    const place = bytes.indexOf("covid19-vaccination");
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
    writeFileSync(ledger, bytes);
    const told = "a row of the ledger is damaged";
    expect((await lamsach(4, ...sampleRun(out))).stderr).toContain(told);
    expect((await lamsach(4, "runs", "--out", out)).stderr).toContain("lamsach doctor --rebuild-ledger");
    expect((await lamsach(4, "doctor", "--out", out)).stdout).toContain(
      `WRONG ledger: ${path.join(work, out)}`,
    );
    expect(readFileSync(ledger).equals(bytes)).toBe(true);
    await lamsach(0, "doctor", "--out", out, "--rebuild-ledger");
    await lamsach(0, ...sampleRun(out));
  });
});

describe("a ledger that has no runs beside published ones", () => {
  it.each([
    ["empty", "the ledger is empty", (file: string) => writeFileSync(file, "")],
    ["missing", "the ledger is not there", (file: string) => rmSync(file)],
  ])("is told by runs and doctor, which leave it so: %s", async (name, told, harm) => {
    const { out, ledger } = copyOut(`out-${name}`);
    harm(ledger);
    const sentence = `${told}, but 1 runs are published here; expected their history. Run: lamsach doctor --rebuild-ledger`;
    const listed = await lamsach(4, "runs", "--out", out);
    expect(listed.stderr).toContain(sentence);
    expect(listed.stdout).toBe("");
    expect((await lamsach(4, "runs", "--out", out, "--json")).stderr).toContain(sentence);
    expect((await lamsach(4, "doctor", "--out", out)).stdout).toContain(
      `WRONG ledger: ${ledger}: ${sentence}`,
    );
    expect(existsSync(ledger)).toBe(name === "empty");
    await lamsach(4, ...sampleRun(out));
    await lamsach(0, "doctor", "--out", out, "--rebuild-ledger");
    expect((await lamsach(0, "runs", "--out", out)).stdout).toContain("published");
  });

  it("is no fault where nothing is published", async () => {
    for (const out of ["out-none", "sample", "population.db"]) {
      expect((await lamsach(0, "runs", "--out", out)).stdout).toContain("No runs in");
    }
    expect((await lamsach(0, "doctor", "--out", "out-none")).stdout).toContain("ok    ledger: none yet");
  });
});
