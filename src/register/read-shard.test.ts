import { closeSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openNamelessFile, readFully } from "../storage/nameless-file.js";
import { createShardReader, type ShardIntake } from "./read-shard.js";
import { type RegisterRow, registerColumns } from "./register-csv.js";
import { packSecondWord } from "./register-index.js";
import { createEncodedRow, createRowReader, defaultSexCoding } from "./register-row.js";

const rules = { placeCodes: new Set(["001", "079"]), sexCoding: defaultSexCoding };
const columns = [...registerColumns, "other"] as const;
const positions = registerColumns.map((_, at) => at);

/** Reads `text` as one shard; people as their words and texts, sorted. */
function readText(text: Buffer): { intake: ShardIntake; people: string[] } {
  const file = openNamelessFile(tmpdir());
  const spool = {
    file: openNamelessFile(tmpdir()),
    end: new BigInt64Array(new SharedArrayBuffer(8)),
  };
  try {
    writeSync(file, text);
    const size = { byteLength: text.length, start: 0, end: text.length, isExact: true };
    const shard = { shard: 3, name: "people.csv", file, width: columns.length, positions, ...size };
    const intake = createShardReader(rules)(shard, spool);
    const bytes = Buffer.alloc(Number(spool.end[0]));
    readFully(spool.file, bytes, 0, bytes.length, 0);
    const people: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const textBytes = bytes.readInt32LE(at + 28);
      const words = [2, 3, 4, 5, 6].map((word) => bytes.readInt32LE(at + 4 * word));
      people.push(`${words.join()} ${bytes.toString("utf8", at + 32, at + 32 + textBytes)}`);
      at += 32 + ((textBytes + 3) & ~3);
    }
    return { intake, people: people.sort() };
  } finally {
    closeSync(file);
    closeSync(spool.file);
  }
}

/** What csv-parse and the reader of texts make of it; null when it is no CSV. */
function readReference(text: Buffer): { rows: number; defects: string[]; people: string[] } | null {
  const readRow = createRowReader(rules);
  const encoded = createEncodedRow();
  const people: string[] = [];
  const defects: string[] = [];
  let line = 0;
  let rows = 0;
  let records: string[][];
  try {
    records = parse(text, { relax_column_count: true, record_delimiter: ["\r\n", "\n", "\r"] });
  } catch {
    return null;
  }
  for (const cells of records) {
    const at = line;
    line += 1 + (cells.join().match(/\n/g)?.length ?? 0);
    if (cells.length === 1 && cells[0] === "") continue;
    rows++;
    const row = Object.fromEntries(registerColumns.map((column, n) => [column, cells[n]])) as RegisterRow;
    const defect = cells.length === columns.length ? readRow(row, encoded) : "structure";
    if (defect !== null) {
      defects.push(`${defect} ${at}`);
      continue;
    }
    const { fullName, birthDate, legacyId, replacedBy, provinceCode, districtCode, wardCode } = encoded;
    const number = encoded.high6 * 1_000_000 + encoded.low6;
    const words = [at, number | 0, packSecondWord(number, encoded), encoded.markedHash, encoded.foldedHash];
    const texts = [fullName, birthDate, legacyId, replacedBy, provinceCode, districtCode, wardCode];
    people.push(`${words.join()} ${texts.join("\u001f")}`);
  }
  return { rows, defects: defects.sort(), people: people.sort() };
}

const usual: Record<(typeof columns)[number], readonly string[]> = {
  citizen_id: ["001085000001", "079199999999", "001000000000"],
  full_name: ["NGUYỄN VĂN HÙNG", "Trần Thị Hoà", "H'Hen Niê", "lê  lan"],
  birth_date: ["1985-02-28", "20000229", "1850", "2199-12-31"],
  sex: ["M", "F", "Nữ", "nam"],
  legacy_id: ["", "012345678", "A 1"],
  status: ["active", "Deceased", "cancelled", "active"],
  replaced_by: ["", "", "079199999999"],
  province_code: ["01", "", "Hà Nội"],
  district_code: ["", "273"],
  ward_code: ["", "00001"],
  other: ["", "x"],
};
const odd = [
  ...[
    "",
    " ",
    "  ",
    "?",
    "M ",
    "\u00a0M",
    "\u3000",
    "Ho\u0300a",
    "JOSÉ 2",
    "-",
    "\ufffd",
    "\u0001",
    "\u001f",
    "\0",
  ],
  ...[
    "00108500000O",
    "099085000001",
    " 001085000001 ",
    "1985-02-30",
    "1900-02-29",
    "1849",
    "replaced",
    "moved",
  ],
  ...["\u001e", "\t", "é", "🙂", "1985/02/28", "19850228 ", "9999"],
];
const wrap = fc.constantFrom(
  ...[(text: string) => text, (text: string) => text, (text: string) => `"${text}"`],
  ...[
    (text: string) => `" ${text} "`,
    (text: string) => `"${text}\n""x"""`,
    (text: string) => `"""${text}"""`,
    (text: string) => `${text}" `,
  ],
);
const weighted = { weight: 30, arbitrary: fc.constant((text: string) => text) };
const row = fc
  .tuple(
    ...columns.map((column) =>
      fc
        .tuple(
          fc.oneof(
            { weight: 60, arbitrary: fc.constantFrom(...usual[column]) },
            { weight: 1, arbitrary: fc.constantFrom(...odd) },
          ),
          fc.oneof(weighted, { weight: 1, arbitrary: wrap }),
        )
        .map(([text, change]) => change(text)),
    ),
    fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1),
  )
  .map((parts) => {
    const cells = parts.slice(0, columns.length) as string[];
    const more = parts.at(-1) as number;
    return more < 0 ? cells.slice(0, more).join() : [...cells, ...Array(more).fill("y")].join();
  });
const line = fc.oneof(
  { weight: 30, arbitrary: row },
  { weight: 1, arbitrary: fc.constantFrom("", " ", '""', "x", ",", '" "') },
);

describe("createShardReader(rules)", () => {
  it("reads what csv-parse and the reader of texts read, and says the same of what is impossible", () => {
    let possible = 0;
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        fc.option(fc.nat(200), { freq: 20 }),
        (lines, lineBreak, endsOpen, damagedByte) => {
          const text = Buffer.from(lines.join(lineBreak) + (endsOpen ? "" : lineBreak));
          if (damagedByte !== null && damagedByte < text.length) text[damagedByte] = 0xff;
          const reference = readReference(text);
          const { intake, people } = readText(text);
          expect(intake.fault === null).toBe(reference !== null);
          if (reference === null) return;
          const defects = intake.defects.flatMap(({ defect, lines: at }) => at.map((n) => `${defect} ${n}`));
          expect({ rows: intake.rows, people }).toEqual({ rows: reference.rows, people: reference.people });
          if (intake.defects.every(({ count }) => count <= 5))
            expect(defects.sort()).toEqual(reference.defects);
          possible += people.length;
        },
      ),
      { numRuns: 3000 },
    );
    expect(possible).toBeGreaterThan(3000);
  });
});
