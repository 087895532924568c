import { createSecretKey } from "node:crypto";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { derivePseudonymSecret, readKeyText } from "../storage/file-key.js";
import { createPseudonymiser, makePseudonym } from "./pseudonymise-rows.js";
import { changesHeader, setColumns, setHeader } from "./set-columns.js";

const master = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const secret = derivePseudonymSecret(readKeyText(master.toString("hex"), "test"));
const otherSecret = createSecretKey(Buffer.alloc(32, 7));

function makeSource(headers: readonly string[]): Source {
  const columns = Object.fromEntries(canonicalColumns.map((name) => [name, headers.indexOf(name)]));
  return {
    name: "a.csv",
    path: "a.csv",
    format: "csv",
    encoding: "utf-8",
    bytesPath: "a.csv",
    byteLength: 0,
    layout: "long",
    delimiter: ",",
    headers,
    dataOffset: 0,
    dataLine: 2,
    lineUnit: "line",
    columns: columns as Record<CanonicalColumn, number>,
    doses: [],
    coding: { name: "test", sex: { male: ["m"], female: ["f"] } },
  };
}

describe("makePseudonym(secret, column, text)", () => {
  // Made with openssl from the master key of the tests; see docs/encryption.md.
  it.each([
    ["citizen_id", "001090000001", "pd0a0ac6fd5dd9b3a9ec3fd6e228925a6"],
    ["citizen_id", "X", "pca6573cbafe7c1a07eb9ce803a8e219c"],
    ["phone", "001090000001", "pc0c5163f5b93e76c91917254d39b4f55"],
    ["citizen_id", "Nguyễn", "paa8fa36e009715224687a828e13bbebb"],
  ] as const)("gives %s %s its pseudonym", (column, text, pseudonym) => {
    expect(makePseudonym(secret, column, text)).toBe(pseudonym);
    expect(makePseudonym(secret, column, `  ${text}\t`)).toBe(pseudonym);
  });

  it("keeps an empty cell empty", () => {
    expect([makePseudonym(secret, "phone", ""), makePseudonym(secret, "phone", "  ")]).toEqual(["", ""]);
  });

  it("has none in common under another key or for another column", () => {
    const numbers = Array.from({ length: 500 }, (_, at) => String(1_090_000_000 + at).padStart(12, "0"));
    const all = numbers.flatMap((number) => [
      makePseudonym(secret, "citizen_id", number),
      makePseudonym(secret, "phone", number),
      makePseudonym(otherSecret, "citizen_id", number),
    ]);
    expect(new Set(all).size).toBe(1500);
    expect(all.every((pseudonym) => /^p[0-9a-f]{32}$/.test(pseudonym))).toBe(true);
  });
});

describe("createPseudonymiser(options)", () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom("0", "9", "a", " ", ",", '"', "\n", "\r", "ễ", "=") }),
    fc.constantFrom("", "001090000001", "'001090000001", " 001090000001 "),
  );

  it.each([
    ["the delivered column", ["full_name", "citizen_id", "note"]],
    ["the first and the last column", ["citizen_id", "note", "phone"]],
    ["a column after record_id", ["full_name", "record_id", "citizen_id"]],
    ["a column before record_id", ["citizen_id", "record_id", "note"]],
    ["no column", ["full_name", "note"]],
  ])("replaces %s and the standard one in every set, and nothing else", (_name, headers) => {
    const source = makeSource(headers);
    const { rewriteSet } = createPseudonymiser({ secret, columns: ["citizen_id", "phone"] });
    fc.assert(
      fc.property(
        fc.constantFrom("cleaned", "errors", "exceptions"),
        fc.infiniteStream(cell),
        (set, cells) => {
          const columns = setColumns(source, set);
          const rows = Array.from({ length: 3 }, () =>
            columns.map((_, at) => (at === 0 ? `r${at}` : (cells.next().value as string))),
          );
          const before = stringify(rows);
          const after = parse(Buffer.from(rewriteSet(source, set, Buffer.from(before)))) as string[][];
          const wanted = (parse(before) as string[][]).map((row) =>
            row.map((text, at) => {
              const name = columns[at] as string;
              if (name === "raw_line") return "";
              if (/^(std_)?citizen_id$/.test(name)) return makePseudonym(secret, "citizen_id", text);
              return name === "phone" ? makePseudonym(secret, "phone", text) : text;
            }),
          );
          expect(after).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("replaces before and after of a change of the column, and of no other", () => {
    const { rewriteChanges } = createPseudonymiser({ secret, columns: ["citizen_id"] });
    const rows = [
      "record,r1,a.csv,2,citizen_id,1090000001,001090000001,citizen-id.zeros,1",
      'record,r1,a.csv,2,full_name,"a, b",A B,name.case,1',
      "value,,a.csv,,sex,Nam,M,read-sex,1",
    ];
    const after = Buffer.from(rewriteChanges(Buffer.from(`${rows.join("\n")}\n`))).toString();
    const [short, long] = ["1090000001", "001090000001"].map((text) =>
      makePseudonym(secret, "citizen_id", text),
    );
    expect(after.split("\n")).toEqual([
      `record,r1,a.csv,2,citizen_id,${short},${long},citizen-id.zeros,1`,
      ...rows.slice(1),
      "",
    ]);
    expect(parse(changesHeader + after)).toHaveLength(4);
  });

  it("writes nothing when a row cannot be read again", () => {
    const source = makeSource(["citizen_id"]);
    const { rewriteSet } = createPseudonymiser({ secret, columns: ["citizen_id"] });
    expect(() => rewriteSet(source, "exceptions", Buffer.from("r1,a.csv,2,001090000001\n"))).toThrow(
      "a published row cannot be read again",
    );
    expect(setHeader(source, "exceptions").split(",")[3]).toBe("citizen_id");
  });
});
