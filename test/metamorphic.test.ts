import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../src/sample/random.js";
import { expectCode, runLamsach } from "./support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "./support/sample.js";
import { useWorkFolder } from "./support/work-folder.js";

/*
 * The same people and doses, delivered in another way: what must not change does not, what changes is named.
 */
const work = useWorkFolder();

/** Cleaned, errors, exceptions and each code, and the people. */
type Counts = Readonly<Record<string, number>>;

/** Files by name, each by its rows; a row of these exports is a line. */
type Deliveries = Readonly<Record<string, readonly string[]>>;

let header = "";
let rows: readonly string[] = [];
let plain: Counts;

beforeAll(async () => {
  await makeSample(work, { people: 300, shapes: "long" });
  const text = readFileSync(path.join(work, "sample/exports/national-2023.csv"), "utf8");
  const [first = "", ...others] = text.split("\n").filter((line) => line !== "");
  // A row that goes on over several lines would be torn.
  header = first;
  rows = others.filter((line) => line.split('"').length % 2 === 1);
  expect(rows.length).toBeGreaterThan(250);
  plain = await run("plain", { "a.csv": rows });
});

async function run(name: string, deliveries: Deliveries, change = (text: string) => text): Promise<Counts> {
  mkdirSync(path.join(work, name));
  for (const [file, lines] of Object.entries(deliveries)) {
    writeFileSync(path.join(work, name, file), change([header, ...lines, ""].join("\n")));
  }
  const args = sampleRun(`out-${name}`, "--json", "--input", `${name}/*.csv`);
  return readOutcome(expectCode(await runLamsach(args, { cwd: work }), 0)).counts;
}

/** Without the codes that only say how a clean record was written. */
function countSets({ C1, C2, C3, ...counts }: Counts): Counts {
  return counts;
}

describe.concurrent("the same records", () => {
  it("with CRLF have the same codes", async () => {
    expect(await run("crlf", { "a.csv": rows }, (text) => text.replaceAll("\n", "\r\n"))).toEqual(plain);
  });

  it("with decomposed letters are in the same sets, with the same errors and exceptions", async () => {
    const counts = await run("nfd", { "a.csv": rows }, (text) => text.normalize("NFD"));
    expect(countSets(counts)).toEqual(countSets(plain));
    expect(counts.C2).toBeGreaterThan(plain.C2 as number);
  });

  it("in another order have the same codes", async () => {
    const random = createRandom(7);
    const shuffled = rows
      .map((row) => ({ row, place: random.below(1_000_000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ row }) => row);
    expect(shuffled).not.toEqual(rows);
    expect(await run("shuffled", { "a.csv": shuffled })).toEqual(plain);
  });

  it("in two files have the same codes", async () => {
    const half = rows.length >> 1;
    const counts = await run("split", { "a.csv": rows.slice(0, half), "b.csv": rows.slice(half) });
    expect(counts).toEqual(plain);
  });

  it("with one of them twice have one repeated delivery more, and nothing else", async () => {
    const clean = rows.find((row) => /^VN/.test(row)) as string;
    const counts = await run("twice", { "a.csv": rows, "b.csv": [clean] });
    const more = (name: string): number => (counts[name] ?? 0) - (plain[name] ?? 0);
    expect([more("records"), more("errors"), more("E40"), more("people")]).toEqual([1, 1, 1, 0]);
    expect([more("cleaned"), more("exceptions")]).toEqual([0, 0]);
  });
});
