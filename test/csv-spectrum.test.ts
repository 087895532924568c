import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { checkAgreement } from "./fuzz/agreement.js";
import { readInMemory } from "./fuzz/shard-reader.js";
import { useWorkFolder } from "./support/work-folder.js";

const require = createRequire(import.meta.url);
const suite = path.dirname(require.resolve("csv-spectrum"));
const names = readdirSync(path.join(suite, "csvs")).map((file) => path.basename(file, ".csv"));

/** Its JSON is of another file: one object with another telephone number. */
const withoutExpectation = "location_coordinates";

function readFile(name: string): { bytes: Buffer; limits: Parameters<typeof readInMemory>[1] } {
  const bytes = readFileSync(path.join(suite, "csvs", `${name}.csv`));
  const [header = []] = parse(bytes, { to: 1, record_delimiter: ["\r\n", "\n", "\r"] }) as string[][];
  const limits = {
    columns: header.length,
    delimiter: ",",
    lineUnit: "line" as const,
    maxRecordBytes: 1 << 20,
    maxFieldLines: 100,
    dataOffset: 0,
  };
  return { bytes, limits };
}

describe("csv-spectrum, the public suite of CSV files", () => {
  const folder = useWorkFolder();

  it("is all there, with line breaks as its authors wrote them", () => {
    expect(names).toHaveLength(12);
    const withReturns = names.filter((name) => readFile(name).bytes.includes("\r\n"));
    expect(withReturns).toEqual(["empty_crlf", "newlines_crlf", "simple_crlf"]);
  });

  it.each(names.filter((name) => name !== withoutExpectation))("reads %s as it must be read", (name) => {
    const { bytes, limits } = readFile(name);
    const expected = JSON.parse(readFileSync(path.join(suite, "json", `${name}.json`), "utf8"));
    const [header, ...rows] = readInMemory(bytes, limits, 100).rows.map(({ cells }) => cells);
    const records = rows.map((cells) =>
      Object.fromEntries(cells.map((cell, column) => [header?.[column], cell])),
    );
    expect(records).toEqual(expected);
  });

  it.each(names)("reads %s as csv-parse does, in shards of any size", (name) => {
    const { bytes, limits } = readFile(name);
    for (let shardBytes = 1; shardBytes <= bytes.length + 1; shardBytes++) {
      const cutting = { shardBytes, bufferBytes: 1 + (shardBytes % 50), maxBatchRows: 2 };
      expect(checkAgreement(folder, { bytes, limits, cutting }).rows.length).toBeGreaterThan(1);
    }
  });
});
