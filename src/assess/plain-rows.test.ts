import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDateText } from "../identity/date-text.js";
import { hashName } from "../identity/name-hash.js";
import { readDoseGroup } from "../ingest/header-names.js";
import { type Batch, createBatch, scanBatch } from "../ingest/scanner.js";
import { canonicalColumns, type DoseColumn, type Source } from "../ingest/source.js";
import { noDay } from "./assessment.js";
import { PlainRows, plainMemos } from "./plain-rows.js";

/** A source with these columns, and of a wide one the columns of its doses. */
function sourceOf(
  fields: readonly string[],
  doses: readonly (readonly string[])[] = [],
): Pick<Source, "columns" | "doses" | "layout"> {
  return {
    layout: doses.length > 0 ? "wide" : "long",
    columns: Object.fromEntries(
      canonicalColumns.map((name) => [name, fields.indexOf(name)]),
    ) as Source["columns"],
    doses: doses.map(
      ([vaccine = "", vaccination_date = "", lot_no = "", facility_code = ""]) =>
        Object.fromEntries(
          Object.entries({ vaccine, vaccination_date, lot_no, facility_code }).map(([name, field]) => [
            name,
            fields.indexOf(field),
          ]),
        ) as Record<DoseColumn, number>,
    ),
  };
}

function scan(lines: readonly string[], columns: number): Batch {
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  const batch = createBatch(columns, lines.length + 1);
  scanBatch(batch, bytes, 0, bytes.length, true, {
    delimiter: 0x2c,
    maxRecordBytes: 1 << 24,
    maxFieldLines: 100,
    lineUnit: "line",
  });
  return batch;
}

/** What `ask` says of each row, moved to in turn, with rows that cannot be read left out. */
function readAll<Answer>(plain: PlainRows, batch: Batch, ask: () => Answer): Answer[] {
  const answers: Answer[] = [];
  for (let next = 0; next < batch.rows; ) {
    const first = next;
    next = plain.read(batch, first);
    for (let row = first; row < next; row++) {
      plain.moveTo(row);
      if (batch.rowFault[row] === 0) answers.push(ask());
    }
  }
  return answers;
}

/** Asks for the number of a text and, when nobody knows it, remembers the next one. */
function numberText(
  plain: PlainRows,
  memo: (typeof plainMemos)[keyof typeof plainMemos],
  next: () => number,
): number {
  const known = plain.find(memo);
  if (known >= 0) return known;
  const value = next();
  plain.add(memo, value);
  return value;
}

function counter(): () => number {
  let last = 0;
  return () => last++;
}

describe("PlainRows: dates", () => {
  const source = sourceOf(["birth_date", "vaccination_date"]);
  const daysOf = (dates: readonly string[]): { day: number; isFirst: boolean }[] => {
    const plain = new PlainRows(source);
    const batch = scan(
      dates.map((date) => `"${date}",${date}`),
      2,
    );
    return readAll(plain, batch, () => {
      expect(plain.vaccinationDay(0)).toBe(plain.birthDay);
      return { day: plain.birthDay, isFirst: plain.isBirthDayFirstOfJanuary };
    });
  };

  it("agrees with readDateText on every day, possible or not, of 1900 to 2100", () => {
    const pad = (part: number): string => String(part).padStart(2, "0");
    const dates: string[] = [];
    for (let year = 1900; year <= 2100; year++)
      for (let month = 0; month <= 13; month++)
        for (let day = 0; day <= 32; day++)
          dates.push(`${pad(day)}/${pad(month)}/${year}`, `${year}-${pad(month)}-${pad(day)}`);
    const wrong = daysOf(dates).flatMap(({ day, isFirst }, at) => {
      const date = dates[at] as string;
      const reading = readDateText(date);
      const isJanuary = day !== noDay && (date.startsWith("01/01/") || date.endsWith("-01-01"));
      const expected = reading.kind === "date" ? reading.day : noDay;
      return day === expected && isFirst === isJanuary ? [] : [date];
    });
    expect(wrong).toEqual([]);
  });

  it("never contradicts readDateText, whatever ten characters it is given", () => {
    const text = fc.string({ unit: fc.constantFrom(..."0012/-39 ٣"), minLength: 9, maxLength: 11 });
    const parts = fc.tuple(fc.nat(40), fc.nat(14), fc.nat(9999));
    const dated = parts.map(
      ([day, month, year]) =>
        `${String(day).padStart(2, "0")}/${String(month).padStart(2, "0")}/${String(year).padStart(4, "0")}`,
    );
    fc.assert(
      fc.property(fc.oneof(text, dated), (date) => {
        const [{ day } = { day: noDay }] = daysOf([date]);
        if (day !== noDay) expect(readDateText(date)).toEqual({ kind: "date", day });
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["1/1/2000", "01-01-2000", "2000/01/01", "01/01/99", "0101200000", "31/12/1799", "01/01/2200", ""])(
    "leaves %j to the rule",
    (text) => {
      expect(daysOf([text])).toEqual([{ day: noDay, isFirst: false }]);
    },
  );
});

describe("PlainRows: numbers, phones, keys and lots", () => {
  it.each([
    ["079085000123", [79_085, 123]],
    ["999999999999", [999_999, 999_999]],
    ["07908500012", [-1, -1]],
    ["0790850001234", [-1, -1]],
    ["07908500012x", [79_085, -1]],
    ["x79085000123", [-1, -1]],
    [" 079085000123", [-1, -1]],
    ['"079085000123"', [79_085, 123]],
  ])("citizen ID %j: %j", (cell, halves) => {
    const plain = new PlainRows(sourceOf(["citizen_id"]));
    expect(readAll(plain, scan([cell], 1), () => [plain.high6, plain.low6])).toEqual([halves]);
  });

  it.each([
    ["", false],
    ["0912345678", false],
    ["1912345678", true],
    ["091234567", true],
    ["09123456x8", true],
    [" ", false],
    ["\u00a0", true],
  ])("phone %j is asked about: %s", (cell, asks) => {
    const plain = new PlainRows(sourceOf(["phone", "note"]));
    expect(readAll(plain, scan([`${cell},x`], 2), () => plain.asksPhone)).toEqual([asks]);
  });

  it("tells blank cells from others, and asks where a character outside ASCII decides", () => {
    const plain = new PlainRows(sourceOf(["record_id", "lot_no"]));
    const cells = ["", " ", "\t", "\u00a0", "\u200b", "L1", "\u00a0L1"];
    const batch = scan(
      cells.map((cell) => `${cell},${cell}`),
      2,
    );
    const said = readAll(plain, batch, () => ({
      lot: plain.lotBlankness(0),
      key: plain.asksKey ? "ask" : plain.keyHigh === 0 && plain.keyLow === 0 ? "blank" : "hash",
    }));
    expect(said.map(({ lot }) => lot)).toEqual([1, 1, 1, 2, 2, 0, 2]);
    expect(said.map(({ key }) => key)).toEqual(["blank", "blank", "blank", "ask", "ask", "hash", "ask"]);
  });
});

describe("PlainRows: a person again", () => {
  const source = sourceOf(["citizen_id", "full_name", "birth_date", "sex", "note"]);
  const lines = [
    "079085000123,Lê Lan,01/01/2000,Nữ,a",
    "079085000123,Lê Lan,01/01/2000,Nữ,b",
    '079085000123,"Lê Lan",01/01/2000,Nữ,b',
    "079085000123,Lê Lan,01/01/2000,Nữ",
    "079085000123,Lê Lan,01/01/2000,Nữ,b",
    "079085000124,Lê Lan,01/01/2000,Nữ,b",
    "079085000124,Lê Lan,02/01/2000,Nữ,b",
    "079085000124,Lê Lan,02/01/2000,Nam,b",
    "079085000124,Lê Lam,02/01/2000,Nam,b",
    "079085000124,Lê Lam,02/01/2000,Nam,c",
  ];

  it("is the same when number, name, birth date and sex are, byte for byte, in the row right before", () => {
    const plain = new PlainRows(source);
    const same = readAll(plain, scan(lines, 5), () => plain.isSamePerson);
    expect(same).toEqual([false, true, false, false, false, false, false, false, true]);
  });

  it("is read as if it were read alone", () => {
    const all = new PlainRows(source);
    const tell = (plain: PlainRows): unknown[] => [
      ...[plain.high6, plain.low6, plain.markedName, plain.foldedName, plain.nameFlags, plain.isNameDressed],
      ...[plain.birthDay, plain.isBirthDayFirstOfJanuary],
    ];
    const together = readAll(all, scan(lines, 5), () => tell(all));
    const alone = lines.flatMap((line) => readAll(all, scan([line], 5), () => tell(all)));
    expect(together).toEqual(alone);
    expect(new Set(together.map(String)).size).toBe(4);
  });
});

describe("PlainRows: remembered texts", () => {
  const places = ["province_code", "province", "district_code", "district", "ward_code", "ward"];

  it.each([
    ["side by side", ["note", ...places], "abcdef"],
    ["in another order", ["ward", "note", ...places.slice(0, 5)], "fabcde"],
    ["with one that the file does not have", ["note", ...places.slice(0, 5)], "abcde"],
  ])("tell rows apart that only the borders of their cells tell apart: columns %s", (_what, fields) => {
    const plain = new PlainRows(sourceOf(fields));
    const cells = ["-,ab,c,d,e,f", "-,a,bc,d,e,f", "-,a,b,cd,e,f", "-,,abc,d,e,f", "-,abc,,d,e,f", "-,,,,,"];
    const lines = cells.map((line) => (fields.length === 7 ? `${line},g` : line));
    const next = counter();
    const ask = (): number => numberText(plain, plainMemos.place, next);
    expect(readAll(plain, scan([...lines, ...lines], fields.length), ask)).toEqual([
      ...lines.keys(),
      ...lines.keys(),
    ]);
  });

  it("are found by the rows that come after, whoever was asked in between", () => {
    const plain = new PlainRows(sourceOf(["sex", "dose_no", "vaccine", "priority_group"]));
    const lines = ["Nam,1,A,1", "Nữ,2,B,1", "Nam,2,A,9"];
    const memos = [plainMemos.sex, plainMemos.dose, plainMemos.vaccine, plainMemos.priorityGroup] as const;
    const nexts = memos.map(counter);
    const said = (): number[] => [plain.sex, plain.dose(0), plain.vaccine(0), plain.priorityGroup];
    const learnt = readAll(plain, scan(lines, 4), () => {
      expect(said()).toEqual([-1, -1, -1, -1]);
      return memos.map((memo, at) => numberText(plain, memo, nexts[at] as () => number));
    });
    expect(readAll(plain, scan(lines, 4), said)).toEqual(learnt);
    expect(learnt).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 0],
      [0, 1, 0, 1],
    ]);
  });

  it("are never taken for one another, however many there are and however long", () => {
    const plain = new PlainRows(sourceOf(["facility_code", "facility_name"]));
    const lines = Array.from({ length: 150_000 }, (_, at) => `${at},${"x".repeat(at % 17)}`);
    lines.push(...["y", "z"].map((end) => `1,${"x".repeat(10_000)}${end}`));
    const next = counter();
    const numbers = new Map<number, string>();
    const batch = scan([...lines, ...lines], 2);
    let at = 0;
    readAll(plain, batch, () => {
      const line = lines[at++ % lines.length] as string;
      const known = plain.facility(0);
      const number = known >= 0 ? known : numberText(plain, plainMemos.facility, next);
      // One number may be forgotten and another given; it never stands for two texts.
      expect(numbers.get(number) ?? line).toBe(line);
      numbers.set(number, line);
    });
    expect(numbers.size).toBeGreaterThan(lines.length);
  });

  it("are those of one source: another one that is read in between makes them forgotten, not mistaken", () => {
    const [one, other] = [["sex"], ["vaccine"]].map((fields) => new PlainRows(sourceOf(fields))) as [
      PlainRows,
      PlainRows,
    ];
    const batch = scan(["Nam"], 1);
    expect(readAll(one, batch, () => numberText(one, plainMemos.sex, () => 7))).toEqual([7]);
    expect(readAll(one, batch, () => one.sex)).toEqual([7]);
    expect(readAll(other, batch, () => other.vaccine(0))).toEqual([-1]);
    expect(readAll(one, batch, () => one.sex)).toEqual([-1]);
  });

  it("of a wide row are those of its dose", () => {
    const fields = ["v1", "d1", "l1", "f1", "v2", "d2", "l2", "f2"];
    const plain = new PlainRows(sourceOf(fields, [fields.slice(0, 4), fields.slice(4), [], []]));
    const batch = scan(["A,01/02/2021,L,1,B,02/02/2021,,2"], 8);
    const next = counter();
    const [said] = readAll(plain, batch, () =>
      [1, 2, 3].map((slot) => [
        plain.find(plainMemos.vaccine, slot) < 0 && plain.add(plainMemos.vaccine, next()),
        ...[plain.find(plainMemos.vaccine, slot), plain.vaccinationDay(slot), plain.lotBlankness(slot)],
      ]),
    );
    expect(said).toEqual([
      [undefined, 0, 18_659, 0],
      [undefined, 1, 18_660, 1],
      [undefined, 2, noDay, 1],
    ]);
  });
});

describe("PlainRows: doses of a wide row", () => {
  const fieldsOf = (doses: number): string[][] =>
    Array.from({ length: doses }, (_, dose) => ["v", "d", "l", "f"].map((name) => `${name}${dose + 1}`));
  const sourceWith = (doses: number): PlainRows =>
    new PlainRows(sourceOf(fieldsOf(doses).flat(), fieldsOf(doses)));
  const rowWith = (doses: number): string =>
    fieldsOf(doses)
      .flatMap((_, dose) => [`V${dose}`, `${String(dose + 1).padStart(2, "0")}/02/2021`, "L", "F"])
      .join(",");

  it("are read as many as a heading can name", () => {
    expect(readDoseGroup("Mũi 9")).toBe(9);
    expect(readDoseGroup("Mũi 10")).toBe(0);
    const plain = sourceWith(9);
    const days = readAll(plain, scan([rowWith(9)], 36), () =>
      Array.from({ length: 9 }, (_, dose) => [plain.vaccinationDay(dose + 1), plain.vaccine(dose + 1)]),
    );
    expect(days).toEqual([Array.from({ length: 9 }, (_, dose) => [18_659 + dose, -1])]);
    expect(() => sourceWith(10)).toThrow(/more doses/);
  });

  it("are those of its own file, whichever was read before", () => {
    const wide = sourceWith(9);
    readAll(wide, scan([rowWith(9)], 36), () =>
      wide.add(plainMemos.vaccine, wide.find(plainMemos.vaccine, 9) + 1),
    );
    const narrow = sourceWith(2);
    const lines = Array.from({ length: 300 }, () => rowWith(2));
    const days = readAll(narrow, scan(lines, 8), () => [narrow.vaccinationDay(1), narrow.vaccinationDay(2)]);
    expect(new Set(days.map(String))).toEqual(new Set(["18659,18660"]));
  });
});

describe("PlainRows: chunks", () => {
  it("hold a row that just fits, and take a longer one alone", () => {
    const plain = new PlainRows(sourceOf(["citizen_id", "note"]));
    const most = (1 << 20) - "079085000123,".length;
    const rows = [most, most + 1, 0].map((length) => `079085000123,${"x".repeat(length)}`);
    const batch = scan(rows, 2);
    expect([0, 1, 2].map((row) => plain.read(batch, row))).toEqual([1, 2, 3]);
    expect(readAll(plain, batch, () => plain.low6)).toEqual([123, 123, 123]);
  });

  it("end after 256 rows, and the next one begins with a person of its own", () => {
    const plain = new PlainRows(sourceOf(["citizen_id", "birth_date", "sex", "full_name"]));
    const batch = scan(
      Array.from({ length: 600 }, () => "079085000123,01/02/2000,Nam,Lê An"),
      4,
    );
    expect(plain.read(batch, 0)).toBe(256);
    const rows = readAll(plain, batch, () => [plain.isSamePerson, plain.low6, plain.birthDay]);
    const first = [...rows.keys()].filter((row) => rows[row]?.[0] === false);
    expect(first).toEqual([0, 256, 512]);
    expect(new Set(rows.map(([, ...rest]) => String(rest))).size).toBe(1);
  });
});

describe("PlainRows: what is larger than a chunk", () => {
  const source = sourceOf(["record_id", "citizen_id", "sex", "vaccination_date", "note"]);
  const row = (note: string): string => `R1,079085000123,Nam,01/02/2021,${note}`;

  it("is read like the rows around it", () => {
    const plain = new PlainRows(source);
    const batch = scan([row("a"), row("x".repeat(2 << 20)), row("b")], 5);
    const said = readAll(plain, batch, () => {
      if (plain.find(plainMemos.sex) < 0) plain.add(plainMemos.sex, 3);
      return [plain.low6, plain.vaccinationDay(0), plain.find(plainMemos.sex), plain.asksKey];
    });
    expect(said).toEqual([
      [123, 18_659, 3, false],
      [123, 18_659, 3, false],
      [123, 18_659, 3, false],
    ]);
  });

  it("is read in a file of very many columns as well, and in a small one after it", () => {
    const fields = ["citizen_id", ...Array.from({ length: 70_000 }, (_, at) => `c${at}`), "vaccination_date"];
    const plain = new PlainRows(sourceOf(fields));
    const line = `079085000123${",".repeat(70_001)}01/02/2021`;
    const read = (): unknown[] => [plain.low6, plain.vaccinationDay(0)];
    expect(readAll(plain, scan([line, line], fields.length), read)).toEqual([
      [123, 18_659],
      [123, 18_659],
    ]);
    const small = new PlainRows(source);
    expect(readAll(small, scan([row("a"), row("b")], 5), () => small.vaccinationDay(0))).toEqual([
      18_659, 18_659,
    ]);
  });

  it("stays readable when a long text that is asked about makes its memory grow", () => {
    const plain = new PlainRows(source);
    const batch = scan([row("a")], 5);
    const long = Buffer.from("Lan ".repeat(1 << 22));
    const [said] = readAll(plain, batch, () => {
      hashName(long, 0, long.length, { marked: 0, folded: 0, flags: 0 });
      return [plain.low6, plain.vaccinationDay(0), plain.find(plainMemos.sex)];
    });
    expect(said).toEqual([123, 18_659, -1]);
    expect(readAll(plain, batch, () => plain.low6)).toEqual([123]);
  });
});
