import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoDate } from "../identity/calendar.js";
import { isPlainName, standardName } from "../identity/person-name.js";
import { fieldText } from "../ingest/read-field.js";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { type CanonicalColumn, canonicalColumns, type Source } from "../ingest/source.js";
import { codeCatalogue } from "../judge/code-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import type { Verdict } from "../judge/judge-record.js";
import { quoteField } from "../report/csv-field.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { ByteWriter } from "./byte-writer.js";
import { questions, RecordPutter } from "./record-putter.js";
import { VerdictTexts } from "./verdict-text.js";

const name = "a, b.csv";
const headers: readonly CanonicalColumn[] = [
  ...(["record_id", "citizen_id", "full_name", "birth_date", "sex"] as const),
  ...(["dose_no", "vaccine", "vaccination_date", "facility_code"] as const),
];
const vaccines = ["pfizer", "vero-cell"].map((key, at) => ({ key, cvx: String(208 + at) }) as Vaccine);

function sourceOf(delimiter: string, name: string): Source {
  const columns = Object.fromEntries(
    canonicalColumns.map((column) => [column, headers.indexOf(column)]),
  ) as Source["columns"];
  return {
    name,
    layout: "long",
    delimiter,
    headers,
    columns,
    doses: [columns, columns],
  } as unknown as Source;
}

function scan(lines: readonly string[], delimiter: string): Batch {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const batch = createBatch(headers.length, lines.length);
  const limits = { maxRecordBytes: 1 << 24, maxFieldLines: 50 };
  const dialect = { delimiter: delimiter.charCodeAt(0), lineUnit: "line", ...limits } as const;
  scanBatch(batch, bytes, 0, bytes.length, true, dialect);
  expect(batch.rows).toBe(lines.length);
  return batch;
}

interface Facts {
  readonly line: number;
  readonly citizenId: number;
  readonly sex: number;
  readonly birthDay: number;
  readonly isBirthYearOnly: boolean;
  readonly dose: number;
  readonly vaccine: number;
  readonly day: number;
}

const plainFacts: Facts = {
  ...{ line: 17, citizenId: 79_185_000_001, sex: 1, birthDay: 5000, isBirthYearOnly: false },
  ...{ dose: 1, vaccine: 0, day: 18_900 },
};

const readWord = (word: string): string | null => (isPlainName(word) ? standardName(word) : null);

/** A source's putter, whose records are all cleaned with the same findings. */
class Putting {
  readonly writers = [1 << 12, 64, 64, 1 << 12].map((bytes) => new ByteWriter(bytes));
  /** What was asked since the last `put`, by number and word. */
  asked: (readonly [question: number, word: string])[] = [];
  #batch: Batch | null = null;
  readonly #putter: RecordPutter;
  readonly #verdictTexts: VerdictTexts;

  constructor(
    findings: readonly FindingId[] = [],
    private readonly delimiter = ",",
    private readonly answerName = (text: string): string => quoteField(standardName(text)),
    sourceName = name,
    private readonly answerWord = readWord,
  ) {
    const code = Object.values(codeCatalogue).find(({ set }) => set === "cleaned");
    const verdicts = [{ index: 0, code, findings, badness: 0 } as unknown as Verdict];
    const verdictTexts = new VerdictTexts({ verdicts });
    this.#verdictTexts = verdictTexts;
    this.#putter = new RecordPutter({
      ...{
        source: sourceOf(delimiter, sourceName),
        vaccines,
        rulesVersion: "1.0.0",
        verdictTexts,
        writers: this.writers,
      },
      answer: (question, row, _record, word) => this.#answer(question, row, word),
    });
  }

  /** Rows as they are delivered, with facts for each; the cleaned lines, and the lines of the change log. */
  put(
    rows: readonly (readonly string[])[],
    facts: readonly Facts[] = [],
    doseSlot = 0,
  ): { lines: string[][]; changes: string } {
    for (const writer of this.writers) writer.clear();
    this.asked = [];
    const batch = scan(
      rows.map((cells) => cells.join(this.delimiter)),
      this.delimiter,
    );
    this.#batch = batch;
    this.#verdictTexts.bring();
    this.#putter.begin();
    for (let row = 0; row < batch.rows; ) {
      for (const end = this.#putter.bring(batch, row); row < end; row++) {
        const of = facts[row] ?? plainFacts;
        this.#putter.add(row, row, doseSlot, of.line, 0);
        const { citizenId, sex, birthDay, isBirthYearOnly, dose, vaccine, day } = of;
        this.#putter.describe(citizenId, sex, birthDay, isBirthYearOnly, dose, vaccine, day);
      }
      this.#putter.put();
    }
    const [cleaned = "", errors, exceptions, changes = ""] = this.writers.map((writer) =>
      Buffer.from(writer.view()).toString("utf8"),
    );
    expect([errors, exceptions]).toEqual(["", ""]);
    expect(parse(changes, { record_delimiter: "\n" })).toHaveLength(this.#putter.changes);
    return { lines: parse(cleaned, { record_delimiter: "\n" }), changes };
  }

  #answer(question: number, row: number, word: string): string | null {
    this.asked.push([question, word]);
    const batch = this.#batch as Batch;
    const column = question === questions.facility ? 8 : question === questions.name ? 2 : 0;
    const text = fieldText(batch, row, column);
    if (question === questions.word) return this.answerWord(word);
    if (question === questions.name) return this.answerName(text);
    if (question === questions.facility) return quoteField(text.toUpperCase());
    return question === questions.recordId && text.trim() !== "" ? "" : null;
  }
}

/** A row with these cells, as its delimited file has it; the others are plain. */
function rowWith(cells: Partial<Record<CanonicalColumn, string>>, delimiter = ","): string[] {
  const plain: Partial<Record<CanonicalColumn, string>> = {
    ...{ record_id: "R1", citizen_id: "079185000001", full_name: "Lê Lan", birth_date: "10/09/1983" },
    ...{ sex: "F", dose_no: "1", vaccine: "pfizer", vaccination_date: "2021-09-30", facility_code: "01015" },
  };
  return headers.map((header) => {
    const text = cells[header] ?? plain[header] ?? "";
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
}

/** The standard values, the last nine of a line. */
const standardOf = (line: readonly string[] | undefined): readonly string[] => line?.slice(-9) ?? [];

describe("RecordPutter: numbers and dates", () => {
  it("are those of the record, of every year from 0 to 9999 and of any line", () => {
    const day = fc.oneof(
      fc.integer({ min: -719_528, max: 2_932_896 }),
      fc.integer({ min: -60_000, max: 90_000 }),
    );
    const facts: fc.Arbitrary<Facts> = fc.record({
      line: fc.oneof(
        fc.nat(),
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.constantFrom(9, 10, 99, 2 ** 32 - 1, 2 ** 32),
      ),
      citizenId: fc.oneof(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.constantFrom(0, 999_999, 1_000_000),
      ),
      sex: fc.constantFrom(0, 1),
      birthDay: day,
      isBirthYearOnly: fc.boolean(),
      dose: fc.integer({ min: 0, max: 255 }),
      vaccine: fc.constantFrom(0, 1),
      day,
    });
    const putting = new Putting();
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 300 }), (all) => {
        const { lines } = putting.put(
          all.map(() => rowWith({})),
          all,
        );
        const expected = all.map((of) => {
          const birth = isoDate(of.birthDay);
          return [
            ...["R1", name, String(of.line)],
            ...[
              String(of.citizenId).padStart(12, "0"),
              "Lê Lan",
              of.isBirthYearOnly ? birth.slice(0, 4) : birth,
            ],
            ...[
              of.sex === 0 ? "M" : "F",
              String(of.dose),
              vaccines[of.vaccine]?.key,
              vaccines[of.vaccine]?.cvx,
            ],
            ...[isoDate(of.day), "01015"],
          ];
        });
        expect(lines.map((line) => [...line.slice(0, 3), ...standardOf(line)])).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe("RecordPutter: the record_id", () => {
  it.each([
    ["R1", "R1"],
    ["", "a, b.csv:17"],
    ["  ", "a, b.csv:17"],
    ["\u00a0\u3000", "a, b.csv:17"],
    ["\u00a0x", "\u00a0x"],
    ['"x"', '"x"'],
  ])("%j is %j", (delivered, expected) => {
    const { lines } = new Putting().put([rowWith({ record_id: delivered })]);
    expect(lines[0]?.slice(0, 3)).toEqual([expected, name, "17"]);
  });
});

describe("RecordPutter: changes", () => {
  it.each<
    [what: string, cells: Parameters<typeof rowWith>[0], after: string, doseSlot: number, line: string]
  >([
    ["a change", { full_name: "x" }, "y", 0, 'record,R1,"a, b.csv",17,full_name,x,y,name.digits,1.0.0\n'],
    ["no change", { full_name: "x" }, "x", 0, ""],
    ["a comma that needed no quotes", { full_name: "x,y" }, "x,y", 0, ""],
    ["doubled quotes", { full_name: 'x"y' }, 'x"y', 0, ""],
    [
      "a blank cell",
      { record_id: "A,1", full_name: "" },
      "y",
      0,
      'record,"A,1","a, b.csv",17,full_name,,y,name.digits,1.0.0\n',
    ],
    [
      "a row without an id",
      { record_id: "", full_name: "x," },
      "y,z",
      0,
      'record,"a, b.csv:17","a, b.csv",17,full_name,"x,","y,z",name.digits,1.0.0\n',
    ],
    [
      "a dose of a template",
      { record_id: "", full_name: "x" },
      "y",
      2,
      'record,"a, b.csv:17:2","a, b.csv",17,full_name,x,y,name.digits,1.0.0\n',
    ],
    [
      "a date of another form",
      { full_name: "y", birth_date: "1983-9-10" },
      "y",
      0,
      'record,R1,"a, b.csv",17,birth_date,1983-9-10,1983-09-10,read-date,1.0.0\n',
    ],
    [
      "a date with a space",
      { full_name: "y", vaccination_date: " 2021-09-30" },
      "y",
      0,
      'record,R1,"a, b.csv",17,vaccination_date, 2021-09-30,2021-09-30,read-date,1.0.0\n',
    ],
  ])("tell %s", (_what, cells, after, doseSlot, line) => {
    const facts = { ...plainFacts, birthDay: 5000, day: 18_900 };
    expect([isoDate(5000), isoDate(18_900)]).toEqual(["1983-09-10", "2021-09-30"]);
    for (const delimiter of [",", ";"]) {
      const putting = new Putting(["name.digits"], delimiter, () => quoteField(after));
      expect(putting.put([rowWith(cells, delimiter)], [facts], doseSlot).changes).toBe(line);
    }
  });

  it("tell any two texts, however they were delivered, and nothing when they are one", () => {
    const text = fc.string({ unit: fc.constantFrom(...'a,"\n\r ắ'), maxLength: 5 });
    let after = "";
    const putting = new Putting(["name.digits"], ";", () => quoteField(after));
    fc.assert(
      fc.property(text, text, text, fc.boolean(), (id, before, next, isQuoted) => {
        after = next;
        const row = rowWith({ record_id: `x${id}`, full_name: before }, ";");
        if (isQuoted && !row[2]?.startsWith('"')) row[2] = `"${row[2]}"`;
        const fields = ["record", `x${id}`, name, "17", "full_name", before, after, "name.digits", "1.0.0"];
        const expected = before === after ? "" : `${fields.map(quoteField).join(",")}\n`;
        const { changes, lines } = putting.put([row]);
        expect(changes).toBe(expected);
        expect(standardOf(lines[0])[1]).toBe(after);
      }),
      { numRuns: 500 },
    );
  });
});

describe("RecordPutter: names", () => {
  const asks = (putting: Putting, question: number): string[] =>
    putting.asked.filter(([of]) => of === question).map(([, word]) => word);

  it.each([
    ["NGUYỄN VĂN HOÀ", "Nguyễn Văn Hòa", ["NGUYỄN", "VĂN", "HOÀ"]],
    ["  nguyễn   văn a ", "Nguyễn Văn A", ["nguyễn", "văn", "a"]],
    ["h'hen niê", "H'Hen Niê", ["h'hen", "niê"]],
    ["Y-MOAN Ênuôl", "Y-Moan Ênuôl", ["Y-MOAN", "Ênuôl"]],
    ["aȺ aȺ", "Aⱥ Aⱥ", ["aȺ"]],
    ["", "", []],
  ])("%j is put word by word as %j, each asked about once", (text, expected, words) => {
    const putting = new Putting(["name.case"]);
    expect(standardName(text)).toBe(expected);
    for (const asked of [words, []]) {
      expect(standardOf(putting.put([rowWith({ full_name: text })]).lines[0])[1]).toBe(expected);
      expect(asks(putting, questions.word)).toEqual(asked);
      expect(asks(putting, questions.name)).toEqual([]);
    }
  });

  it.each([
    ["Nguye\u0302\u0303n A", "decomposed"],
    ["Nguyễn\u00a0A", "another space"],
    ["Nguyễn A.", "punctuation"],
    ['"Nguyễn A"', "quotes"],
    ["Nguyễn A2", "a digit"],
    ["\ufffd", "a replacement character"],
    [`Nguyễn ${"a".repeat(33)}`, "a long word"],
    ["Lan ".repeat(65), "a long name"],
  ])("%j is asked about as a whole, once: %s", (text) => {
    const putting = new Putting(["name.case"]);
    for (const times of [1, 0]) {
      const { lines } = putting.put([rowWith({ full_name: text }), rowWith({ full_name: text })]);
      expect(lines.map((line) => standardOf(line)[1])).toEqual([standardName(text), standardName(text)]);
      expect(asks(putting, questions.name)).toHaveLength(times);
    }
  });

  it("are the register's where the verdict says so, whatever was known of the text", () => {
    let registers = "Lê Lan";
    const putting = new Putting(["name.marks-lost"], ",", () => registers);
    const read = (): string | undefined =>
      standardOf(putting.put([rowWith({ full_name: "le lan" })]).lines[0])[1];
    expect(read()).toBe("Lê Lan");
    registers = "Lê Lân";
    expect(read()).toBe("Lê Lân");
  });

  it("are nothing but the standard form", () => {
    const part = fc.constantFrom(
      ..."nguyễn VĂN Hoà THUÝ quý h'hen Y-moan Đỗ ðinh A. 2 - ' ß ŉ ΐ Hòa\u0301 ﬁ ".split(" "),
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join(" ")),
      fc
        .string({ unit: "binary", maxLength: 12 })
        .map((any) => Buffer.from(any).toString().replaceAll("\0", "")),
      fc
        .array(fc.integer({ min: 0x20, max: 0x24f }), { maxLength: 6 })
        .map((at) => String.fromCharCode(...at)),
    );
    const putting = new Putting(["name.case"]);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (names) => {
        const { lines } = putting.put(names.map((full_name) => rowWith({ full_name })));
        expect(lines.map((line) => standardOf(line)[1])).toEqual(names.map(standardName));
      }),
      { numRuns: 300 },
    );
  });
});

describe("RecordPutter: memory", () => {
  it("takes rows, names and facilities of any length", () => {
    const putting = new Putting(["name.digits"], ",", (text) => quoteField(text.repeat(3)));
    for (const length of [5_000, 300_000, 1_500_000]) {
      const cells = {
        full_name: "1".repeat(length),
        facility_code: "x".repeat(length + 1),
        vaccine: "v".repeat(length),
      };
      const { lines } = putting.put([rowWith({}), rowWith(cells), rowWith({}), rowWith(cells)]);
      const [plain, long, ...others] = lines.map((line) => standardOf(line));
      expect(others.join() === [plain, long].join()).toBe(true);
      expect(plain?.[1]).toBe("Lê Lan".repeat(3));
      // Compared first: a difference of such texts would fill the screen.
      expect([long?.[1] === "111".repeat(length), long?.[8] === "X".repeat(length + 1)]).toEqual([
        true,
        true,
      ]);
    }
  });

  it("is enough for more texts than are remembered: each is put as it is read, and asked about again", () => {
    const putting = new Putting(["name.case"]);
    const letters = "bcdghklmnprstvx";
    const words = Array.from({ length: 70_000 }, (_, at) =>
      [at, at / 15, at / 225, at / 3375, at / 50_625].map((n) => letters[Math.floor(n) % 15]).join("a"),
    );
    // Every second name has a word that was just forgotten, or not, beside a new one.
    const rows = words.map((word, at) =>
      rowWith({
        facility_code: `f${at}`,
        full_name: at % 2 === 0 ? word : `${words[at - 1]} ${word} ${words[at >> 1]}`,
      }),
    );
    const asked = (question: number): number => putting.asked.filter(([of]) => of === question).length;
    for (let time = 0; time < 2; time++) {
      const standards = putting.put(rows).lines.map((line) => standardOf(line));
      expect(standards.map((values) => values[8])).toEqual(words.map((_, at) => `F${at}`));
      expect(standards.map((values) => values[1])).toEqual(rows.map((row) => standardName(row[2] as string)));
      expect(asked(questions.facility)).toBe(70_000);
      expect(asked(questions.word)).toBeGreaterThan(70_000);
      expect(asked(questions.name)).toBe(0);
    }
  });

  it("is somebody's own: sources that are put by turns have their own texts, and are asked again", () => {
    const names = ["a.csv", "b, c.csv", "d.csv"];
    const puttings = names.map((of) => new Putting(["name.case"], ",", undefined, of));
    for (const at of [0, 1, 0, 2, 1]) {
      const { lines, changes } = (puttings[at] as Putting).put([
        rowWith({ record_id: "", full_name: "LÊ LAN" }),
      ]);
      expect(lines[0]?.slice(0, 2)).toEqual([`${names[at]}:17`, names[at]]);
      expect((parse(changes) as string[][])[0]?.slice(1, 3)).toEqual([`${names[at]}:17`, names[at]]);
      expect(puttings[at]?.asked.length).toBeGreaterThan(5);
    }
  });

  it("is as before after an answer that failed", () => {
    let fails = false;
    const putting = new Putting(["name.digits"], ",", (text) => {
      if (fails) throw new Error("no name");
      return quoteField(text);
    });
    const rows = ["Lan 1", "Lan 2", "Lan 3"].map((full_name) => rowWith({ full_name }));
    const first = putting.put(rows);
    fails = true;
    expect(() => putting.put([rowWith({}), rowWith({ full_name: "Lan 4" }), rowWith({})])).toThrow("no name");
    fails = false;
    expect(putting.put(rows)).toEqual(first);
  });

  it("leaves a word to the whole name whose standard form is far longer", () => {
    const putting = new Putting(
      ["name.case"],
      ",",
      () => "whole",
      name,
      (word) => word.repeat(4),
    );
    expect(standardOf(putting.put([rowWith({ full_name: "ab" })]).lines[0])[1]).toBe("whole");
  });

  it("refuses to put nothing where it asks for a value", () => {
    const putting = new Putting(["name.digits"], ",", () => null as unknown as string);
    expect(() => putting.put([rowWith({})])).toThrow("got none");
  });
});
