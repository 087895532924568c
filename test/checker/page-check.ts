import { parseHTML } from "linkedom";
import type { dimensions } from "./record-values.js";
import { type Counts, countByKey, type Recount } from "./recount.js";
import type { CheckedRecords } from "./summary-check.js";

/** What was found on a page: sentences about what is wrong, and how many numbers were right or wrong. */
export interface CheckedPage {
  readonly problems: readonly string[];
  readonly numbers: number;
}

type Dimension = (typeof dimensions)[number];

interface Unit {
  readonly cleaned: number;
  readonly errors: number;
  readonly exceptions: number;
}

/**
 * `report/index.html` against the sets, read as its readers read it: every number of its headline, flow, tables, lists and
 * of the data of its script, in both languages. Tables of other things (gates, late deliveries, what was run) are named in
 * `others`; any table that is in neither is a problem. `wanted`: the dimensions that the run's pipeline asks for.
 */
export function checkPage(
  markup: string,
  checked: CheckedRecords,
  wanted: readonly string[] = dimensionTables,
): CheckedPage {
  const { document } = parseHTML(markup);
  const page = new PageReader(document as unknown as ParsedNode);
  const people = checked.people ?? [];
  const total = countByKey(checked.records, people, () => "").get("") ?? nobody;
  checkHeadline(page, total);
  checkFlow(page, total);
  checkSteps(page, total);
  checkCodes(page, total);
  for (const name of dimensionTables) if (wanted.includes(name)) checkDimension(page, checked, people, name);
  checkPlaces(page, checked, people);
  checkFileTable(page, checked);
  checkThisNight(page, total);
  page.noteUnread();
  return { problems: page.problems, numbers: page.numbers };
}

const nobody: Recount = { doses: new Map(), people: new Map() };

const dimensionTables: readonly Dimension[] = [
  ...(["province", "district", "ward", "facility", "vaccine", "month", "dose"] as const),
  ...(["age", "sex", "region", "abroad", "file"] as const),
];

/** Sections whose tables hold no count of the sets, or those of other nights. */
const others: readonly string[] = ["gates", "timeliness", "run", "accuracy"];

/** As much of a document's node as is read here. */
interface ParsedNode {
  readonly textContent: string;
  readonly id: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): ParsedNode | null;
  querySelectorAll(selector: string): ArrayLike<ParsedNode> & Iterable<ParsedNode>;
  cloneNode(deep: boolean): ParsedNode;
  closest(selector: string): ParsedNode | null;
  before(text: string): void;
  remove(): void;
}

const languages = ["vi", "en"] as const;

class PageReader {
  readonly problems: string[] = [];
  numbers = 0;
  readonly #read = new Set<ParsedNode>();

  constructor(readonly document: ParsedNode) {}

  all(selector: string): ParsedNode[] {
    return [...this.document.querySelectorAll(selector)];
  }

  /** Marks a table as one whose numbers are compared. */
  take(table: ParsedNode): ParsedNode[] {
    this.#read.add(table);
    return [...table.querySelectorAll("tbody tr")];
  }

  /** The numbers of a piece of the page, in each language, against what they should be. */
  expect(where: string, piece: ParsedNode | null | undefined, wanted: readonly (number | null)[]): void {
    for (const language of languages) {
      const given = piece === null || piece === undefined ? [] : readNumbers(piece, language);
      const expected = wanted.filter((number) => number !== null);
      this.numbers += expected.length;
      if (given.join() !== expected.join()) {
        this.problems.push(
          `index.html, ${where} (${language}): ${given.join(" ")}, counted ${expected.join(" ")}.`,
        );
      }
    }
  }

  noteUnread(): void {
    for (const table of this.all("table")) {
      const section = table.closest("section")?.id ?? "";
      if (!this.#read.has(table) && !others.includes(section))
        this.problems.push(`index.html, ${section}: a table that nobody compares.`);
    }
  }
}

/** The text of one language, with a space between the pieces. */
function readText(piece: ParsedNode, language: (typeof languages)[number]): string {
  const copy = piece.cloneNode(true);
  for (const other of copy.querySelectorAll(language === "vi" ? ".en" : ".vi")) other.remove();
  for (const inner of copy.querySelectorAll("*")) inner.before(" ");
  return copy.textContent;
}

/** Every number of a text: 1.234,5 in Vietnamese, 1,234.5 in English. */
function readNumbers(piece: ParsedNode, language: (typeof languages)[number]): number[] {
  const text = readText(piece, language);
  const form =
    language === "vi"
      ? /(?<![\w.])\d{1,3}(?:\.\d{3})*(?:,\d+)?(?!\w)/g
      : /(?<![\w.])\d{1,3}(?:,\d{3})*(?:\.\d+)?(?!\w)/g;
  return [...text.matchAll(form)].map(([number]) => {
    const plain =
      language === "vi" ? number.replaceAll(".", "").replace(",", ".") : number.replaceAll(",", "");
    return Number(plain);
  });
}

/** Sets of some counts by code. */
function sum(counts: Counts): Unit & { readonly all: number } {
  const unit = { C: 0, E: 0, X: 0 };
  for (const [code, count] of counts) unit[code.charAt(0) as "C" | "E" | "X"] += count;
  return { cleaned: unit.C, errors: unit.E, exceptions: unit.X, all: unit.C + unit.E + unit.X };
}

/** A percentage as people read it: two decimals, rounded down; null of nothing. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Number((BigInt(part) * 10_000n) / BigInt(whole)) / 100;
}

function checkHeadline(page: PageReader, total: Recount): void {
  const cards = page.all("#headline .card");
  for (const [at, counts] of [total.doses, total.people].entries()) {
    const { cleaned, errors, exceptions, all } = sum(counts);
    const card = cards[at];
    page.expect(`headline ${at + 1}`, card?.querySelector(".big"), [percent(cleaned, cleaned + errors)]);
    for (const [place, count] of [cleaned, errors, exceptions].entries())
      page.expect(`headline ${at + 1}`, [...(card?.querySelectorAll(".key b") ?? [])][place], [count]);
    const said = card === undefined ? [] : readNumbers(card, "vi");
    for (const number of [cleaned + errors, errors, all, percent(cleaned, all)]) {
      page.numbers++;
      if (number !== null && !said.includes(number))
        page.problems.push(`index.html, headline ${at + 1}: it does not say ${number}.`);
    }
  }
}

/** What leaves at each step (docs/metrics.md), by the beginning of its code; the last takes every other error. */
const steps = ["", "E1", "E40 E42", "X1", "X2", "E20 E21 E22", "X3 E36 E60 E61", "E2 E3 E4 E5 E6"].map(
  (prefixes) => prefixes.split(" ").filter((prefix) => prefix !== ""),
);

function checkFlow(page: PageReader, total: Recount): void {
  const [table, cleaned] = page.all("#flow table");
  if (table === undefined || cleaned === undefined) {
    page.problems.push("index.html, flow: its tables are missing.");
    return;
  }
  const left = new Map(total.doses);
  const [doses, people] = [sum(total.doses), sum(total.people)];
  let [remaining, remainingPeople] = [doses.all, people.all];
  for (const [at, row] of page.take(table).entries()) {
    const gone = [...left.keys()]
      .filter((code) => steps[at]?.some((prefix) => code.startsWith(prefix)))
      .sort();
    const counts = gone.flatMap((code) => [total.doses.get(code) ?? 0, total.people.get(code) ?? 0]);
    for (const code of gone) {
      remaining -= total.doses.get(code) ?? 0;
      remainingPeople -= total.people.get(code) ?? 0;
      left.delete(code);
    }
    const [, first, second, third, fourth] = [...row.querySelectorAll("th, td")];
    page.expect(`flow, step ${at + 1}`, first, [remaining]);
    page.expect(`flow, step ${at + 1}`, second, [remainingPeople]);
    page.expect(`flow, step ${at + 1}`, third, [percent(remaining, doses.all)]);
    const codes =
      fourth === undefined ? [] : [...fourth.querySelectorAll("code")].map((code) => code.textContent);
    if ([...codes].sort().join() !== gone.join())
      page.problems.push(`index.html, flow, step ${at + 1}: other codes leave.`);
    const given = fourth === undefined ? [] : readNumbers(fourth, "en");
    page.numbers += given.length;
    const wanted = codes.flatMap((code) => [total.doses.get(code) ?? 0, total.people.get(code) ?? 0]);
    if (given.join() !== wanted.join() || counts.length !== wanted.length)
      page.problems.push(`index.html, flow, step ${at + 1}: what leaves is not what the sets hold.`);
  }
  if ([...left.keys()].some((code) => !code.startsWith("C")))
    page.problems.push("index.html, flow: a code leaves at no step.");
  checkCodeRows(page, cleaned, total, "C");
}

/** Lists of the worst errors: what each says first is its count, its share of the errors, and its code. */
function checkSteps(page: PageReader, total: Recount): void {
  const { errors } = sum(total.doses);
  for (const item of page.all("#next-steps li")) {
    const code = item.querySelector("code")?.textContent ?? "";
    if (!/^E\d\d$/.test(code)) continue;
    const count = total.doses.get(code) ?? 0;
    const share = percent(count, errors) ?? 0;
    const given = readNumbers(item, "vi").slice(0, 2);
    page.numbers += 2;
    if (given.join() !== [count, share].join())
      page.problems.push(`index.html, next steps: ${code} is ${given.join(" ")}, counted ${count} ${share}.`);
  }
}

function checkCodes(page: PageReader, total: Recount): void {
  for (const [section, letter] of [
    ["carve-outs", "X"],
    ["errors", "E"],
  ] as const) {
    const tables = page.all(`#${section} table`);
    const some = [...total.doses.keys()].some((code) => code.startsWith(letter));
    if (some && tables.length === 0) page.problems.push(`index.html, ${section}: its table is missing.`);
    for (const table of tables) {
      if (table.id === "reason-table") checkReasons(page, table, total);
      else checkCodeRows(page, table, total, letter);
    }
  }
}

/** The three reasons of Decision 2491/QĐ-BYT, in the order in which it names them. */
function checkReasons(page: PageReader, table: ParsedNode, total: Recount): void {
  const rows = page.take(table);
  for (const [at, family] of ["X1", "X2", "X3"].entries()) {
    const [, doses, people] = [...(rows[at]?.querySelectorAll("th, td") ?? [])];
    const add = (counts: Counts): number =>
      [...counts].reduce((all, [code, count]) => all + (code.startsWith(family) ? count : 0), 0);
    page.expect(`reason ${at + 1}`, doses, [add(total.doses)]);
    page.expect(`reason ${at + 1}`, people, [add(total.people)]);
  }
}

/** Rows of codes, each with its doses and its people, and every code of the letter among them. */
function checkCodeRows(page: PageReader, table: ParsedNode, total: Recount, letter: string): void {
  const met: string[] = [];
  for (const row of page.take(table)) {
    const cells = [...row.querySelectorAll("th, td")];
    const code = cells[0]?.querySelector("code")?.textContent ?? "";
    met.push(code);
    page.expect(`code ${code}`, cells[2], [total.doses.get(code) ?? 0]);
    page.expect(`code ${code}`, cells[3], [total.people.get(code) ?? 0]);
  }
  const wanted = [...total.doses.keys()].filter((code) => code.startsWith(letter));
  if (met.length > 0 && met.sort().join() !== wanted.sort().join())
    page.problems.push(`index.html: the codes of ${letter} are not those of the sets.`);
}

/** Rows by key, those with the most doses that are not clean first, and what the page says of the others. */
function checkDimension(
  page: PageReader,
  { records, values }: CheckedRecords,
  people: readonly string[],
  name: Dimension,
): void {
  const table = page.document.querySelector(`#${name}-table`);
  if (table === null) {
    page.problems.push(`index.html, ${name}: its table is missing.`);
    return;
  }
  const counted = countByKey(records, people, (record) => values[record]?.[name] ?? "");
  const shown = new Set<string>();
  for (const [at, row] of page.take(table).entries()) {
    const key = row.getAttribute("data-key") ?? "";
    shown.add(key);
    const recount = counted.get(key) ?? nobody;
    const [doses, persons] = [sum(recount.doses), sum(recount.people)];
    const where = `${name} row ${at + 1}`;
    const cells = [...row.querySelectorAll("td")];
    const wanted: readonly (readonly (number | null)[])[] = [
      [doses.errors + doses.exceptions],
      [doses.errors],
      [doses.exceptions],
      [doses.all],
      shareOf(doses),
      [percent(doses.cleaned, doses.all)],
      [persons.all],
      shareOf(persons),
    ];
    for (const [column, numbers] of wanted.entries()) page.expect(where, cells[column], numbers);
    const [reasons] = cells.slice(wanted.length);
    if (reasons !== undefined) {
      const codes = [...reasons.querySelectorAll("code")].map((code) => code.textContent);
      page.expect(
        where,
        reasons,
        codes.map((code) => recount.doses.get(code) ?? -1),
      );
    }
  }
  const rest = [...counted].filter(([key]) => !shown.has(key)).map(([, { doses }]) => sum(doses));
  if (rest.length === 0) return;
  const all = rest.reduce((total, { all: count }) => total + count, 0);
  const unclean = rest.reduce((total, { errors, exceptions }) => total + errors + exceptions, 0);
  const said = [...(table.closest("section")?.querySelectorAll("p") ?? [])].some(
    (paragraph) => readNumbers(paragraph, "vi").join() === [shown.size, rest.length, all, unclean].join(),
  );
  page.numbers += 3;
  if (!said) page.problems.push(`index.html, ${name}: what it says of the other values is not so.`);
}

function shareOf({ cleaned, errors }: Unit): (number | null)[] {
  return [percent(cleaned, cleaned + errors), cleaned, cleaned + errors];
}

type PlaceRow = readonly [key: string, label: string, ...counts: number[]];

/** The data of the script: every district, ward and facility. */
function checkPlaces(page: PageReader, { records, values }: CheckedRecords, people: readonly string[]): void {
  const data = page.document.querySelector("#places")?.textContent ?? "{}";
  for (const [name, rows] of Object.entries(JSON.parse(data) as Record<string, PlaceRow[]>)) {
    const counted = countByKey(records, people, (record) => values[record]?.[name as Dimension] ?? "");
    if (rows.length !== counted.size) page.problems.push(`index.html, data: ${name} has other values.`);
    for (const [at, [key, , ...given]] of rows.entries()) {
      const recount = counted.get(key) ?? nobody;
      const wanted = [recount.doses, recount.people].flatMap((counts) => {
        const { cleaned, errors, exceptions } = sum(counts);
        return [cleaned, errors, exceptions];
      });
      page.numbers += wanted.length;
      if (given.join() !== wanted.join())
        page.problems.push(
          `index.html, data, ${name} row ${at + 1}: ${given.join(" ")}, counted ${wanted.join(" ")}.`,
        );
    }
  }
}

/** Which files were read, and the records of each. */
function checkFileTable(page: PageReader, { records }: CheckedRecords): void {
  const counted = new Map<string, number>();
  for (const { file } of records) counted.set(file, (counted.get(file) ?? 0) + 1);
  for (const table of page.all("#files table")) {
    if (table.id !== "") continue;
    for (const [at, row] of page.take(table).entries()) {
      const [name, ...cells] = [...row.querySelectorAll("th, td")];
      page.expect(`files row ${at + 1}`, cells[3], [counted.get(name?.textContent.trim() ?? "") ?? 0]);
    }
  }
}

/** The last row of the trend is this run; those before it are told by the runs that they are of. */
function checkThisNight(page: PageReader, total: Recount): void {
  const [table] = page.all("#trend table");
  const cells = [...((table === undefined ? [] : page.take(table)).at(-1)?.querySelectorAll("td") ?? [])];
  const [doses, people] = [sum(total.doses), sum(total.people)];
  const counts = [doses.all, doses.cleaned, doses.errors, doses.exceptions];
  for (const [column, count] of counts.entries()) page.expect("trend", cells[column], [count]);
  for (const [column, { cleaned, errors }] of [doses, people].entries())
    page.expect("trend", cells[counts.length + column], [percent(cleaned, cleaned + errors)]);
}
