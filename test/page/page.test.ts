/// <reference lib="dom" />
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/page/page.js";
import { setColours } from "../../src/report/page/style.js";
import { noHistory } from "../../src/report/run-history.js";
import { expectCode, runLamsach, startLamsach } from "../support/command-line.js";
import { makeSample, readOutcome, sampleRun } from "../support/sample.js";
import { useWorkFolder } from "../support/work-folder.js";
import { hostileMetrics, nationMetrics, shorten, someAudit, someHistory } from "./big-metrics.js";
import { findBarriers, findBrowser, openAddress, openFile, startBrowser } from "./browser.js";

const found = findBrowser();
const folder = useWorkFolder();

interface Tally {
  readonly records: number;
  readonly cleaned: number;
  readonly errors: number;
  readonly exceptions: number;
}
interface Row {
  readonly key: string;
  readonly label: string;
  readonly doses: Tally;
  readonly people: Tally;
}
interface Summary {
  readonly doses: Tally & { readonly byCode: Readonly<Record<string, number>> };
  readonly people: Tally;
  readonly dimensions: Readonly<Record<string, readonly Row[]>>;
}

describe.skipIf(found === null)("report/index.html in Chromium", () => {
  let browser: Browser;
  let file: string;
  let summary: Summary;
  beforeAll(async () => {
    browser = await startBrowser(found as string);
    await makeSample(folder, { people: 1000 });
    const { dir } = readOutcome(expectCode(await runLamsach(sampleRun("out", "--json"), { cwd: folder }), 0));
    file = path.join(dir, "report/index.html");
    summary = JSON.parse(readFileSync(path.join(dir, "report/summary.json"), "utf8"));
  });
  afterAll(() => browser?.close());

  it("opens from the disk, says nothing on the console and asks for nothing", async () => {
    const { page, messages, requests } = await openFile(browser, file);
    await page.locator("#province-table tbody button").first().click();
    await page.locator("label[for=en]").click();
    expect(await page.title()).toContain("Kết quả làm sạch dữ liệu");
    expect({ messages, requests }).toEqual({ messages: [], requests: [] });
    await page.context().close();
  });

  it("sorts by a column, by mouse and by keyboard, and says so", async () => {
    const { page } = await openFile(browser, file);
    const head = page.locator("#province-table thead th").nth(4);
    const counts = () => readColumn(page, "province-table", 4);
    const before = await counts();
    await head.locator("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await counts()).toEqual([...before].sort((a, b) => b - a));
    await head.locator("button").press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await counts()).toEqual([...before].sort((a, b) => a - b));
    await page.locator("#province-table thead th").first().locator("button").click();
    const names = await page.locator("#province-table tbody th > button > bdi").allTextContents();
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "vi")));
    await page.context().close();
  });

  it("filters names with their marks or without, and finds every facility", async () => {
    const { page } = await openFile(browser, file);
    const shown = page.locator("#province-table tbody tr:visible");
    const all = await shown.count();
    const provinces = page.locator("#provinces input[type=search]");
    await provinces.fill("ha noi");
    expect(await shown.count()).toBe(1);
    expect(await shown.first().textContent()).toContain("Hà Nội");
    await provinces.fill("");
    expect(await shown.count()).toBe(all);
    const facilities = summary.dimensions.facility as readonly Row[];
    const { key } = [...facilities].sort((a, b) => a.doses.errors - b.doses.errors)[0] as Row;
    await page.locator("#facility input[type=search]").fill(key);
    expect(await page.locator(`#facility-table tr[data-key="${key}"]`).count()).toBe(1);
    await page.context().close();
  });

  it("opens a province into its districts and a district into its wards, whose numbers add up", async () => {
    const { page } = await openFile(browser, file);
    const province = page.locator("#province-table tbody tr").first();
    const key = await province.getAttribute("data-key");
    await province.locator("button").press("Enter");
    const districts = await readChildren(page, 1);
    expect(districts).toEqual(countChildren(summary.dimensions.district, key as string));
    await page.locator('#province-table tr[data-depth="1"] button').first().click();
    const opened = await page.locator('#province-table tr[data-depth="1"]').first().getAttribute("data-key");
    expect(await readChildren(page, 2)).toEqual(countChildren(summary.dimensions.ward, opened as string));
    await province.locator("button").first().click();
    expect(await page.locator("#province-table tr[data-depth]").count()).toBe(0);
    await page.context().close();
  });

  it("shows one language at a time, by keyboard too, and numbers as each writes them", async () => {
    const { page } = await openFile(browser, file);
    const total = String(summary.doses.records);
    const headline = page.locator("#flow-title");
    expect(await headline.innerText()).toBe("Từ dữ liệu nhận được đến dữ liệu sạch");
    expect(await page.locator("#flow table").first().innerText()).toContain(group(total, "."));
    await page.locator("#vi").focus();
    await page.keyboard.press("ArrowRight");
    expect(await headline.innerText()).toBe("From delivered to clean");
    expect(await page.locator("#flow table").first().innerText()).toContain(group(total, ","));
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator(".vi:visible").count()).toBe(0);
    await page.context().close();
  });

  it("is complete without its script, language switch included", async () => {
    const { page } = await openFile(browser, file, { javaScriptEnabled: false });
    const sections = await page.locator("main section h2").allInnerTexts();
    expect(sections.length).toBeGreaterThan(15);
    expect(await page.locator("#province-table tbody tr").count()).toBe(summary.dimensions.province?.length);
    expect(await page.locator("svg.chart").count()).toBeGreaterThan(2);
    await page.locator("label[for=en]").click();
    expect(await page.locator("#flow-title").innerText()).toBe("From delivered to clean");
    await page.context().close();
  });

  it("has the numbers of summary.json in its headline, its tables and its script's data", async () => {
    const { page } = await openFile(browser, file, { javaScriptEnabled: false });
    for (const [at, unit] of (["doses", "people"] as const).entries()) {
      const { cleaned, errors, exceptions, records } = summary[unit];
      const card = page.locator("#headline .card").nth(at);
      expect(await card.locator(".big .vi").textContent()).toBe(percent(cleaned, records - exceptions));
      expect((await card.locator(".key b").allInnerTexts()).map(readNumber)).toEqual([
        cleaned,
        errors,
        exceptions,
      ]);
    }
    for (const dimension of Object.keys(summary.dimensions)) {
      const rows = new Map(summary.dimensions[dimension]?.map((row) => [row.key, row]));
      const written = await readTable(page, `${dimension}-table`);
      expect(written.length).toBe(Math.min(rows.size, written.length));
      expect(written.length).toBeGreaterThan(0);
      for (const { key, cells } of written) {
        const { doses, people } = rows.get(key) as Row;
        const [share, coverage] = [
          percent(doses.cleaned, doses.records - doses.exceptions),
          percent(doses.cleaned, doses.records),
        ];
        expect([dimension, key, ...cells.slice(0, 4).map(readNumber)]).toEqual([
          ...[dimension, key, doses.errors + doses.exceptions],
          ...[doses.errors, doses.exceptions, doses.records],
        ]);
        expect(cells[4]).toContain(share);
        expect(cells[5]).toContain(coverage);
        expect(readNumber(cells[6] as string)).toBe(people.records);
        expect(cells[7]).toContain(percent(people.cleaned, people.records - people.exceptions));
      }
    }
    const places = JSON.parse(
      await page.locator("#places").evaluate(({ textContent }) => textContent as string),
    );
    for (const dimension of ["district", "ward", "facility"]) {
      const rows = summary.dimensions[dimension] as readonly Row[];
      const expected = rows.map(({ key, label, doses, people }) => [
        ...[key, label, doses.cleaned, doses.errors, doses.exceptions],
        ...[people.cleaned, people.errors, people.exceptions],
      ]);
      expect(sortRows(places[dimension])).toEqual(sortRows(expected));
    }
    const errors = await page
      .locator("#errors tbody tr")
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.querySelector("code")?.textContent,
          row.querySelectorAll("td .vi, td")[1]?.textContent,
        ]),
      );
    const codes = Object.keys(summary.doses.byCode).filter((code) => code.startsWith("E"));
    expect(errors.map(([code]) => code).sort()).toEqual(codes.sort());
    await page.context().close();
  });

  it.each([
    ["light", 1280, false],
    ["light", 390, true],
    ["dark", 1280, true],
    ["dark", 390, false],
  ] as const)("keeps nobody out: %s, %i wide, English %s", async (colorScheme, width, isEnglish) => {
    const short = path.join(folder, "short.html");
    const metrics = shorten(nationMetrics(), 11);
    writeFileSync(short, renderReport({ metrics, history: someHistory, audit: someAudit }));
    const { page } = await openFile(browser, short, { colorScheme, viewport: { width, height: 844 } });
    if (isEnglish) await page.locator("label[for=en]").click();
    await page.locator("#province-table tbody button").first().click();
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  it("gives sentences room on a phone: the table scrolls, not a word to a line", async () => {
    const { page } = await openFile(browser, file, { viewport: { width: 390, height: 844 } });
    const widths = await page
      .locator("td.text:visible")
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
    expect(widths.length).toBeGreaterThan(40);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(14 * 16);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.context().close();
  });

  it("adds up the carve-outs by the three reasons, in doses and in people", async () => {
    const { page } = await openFile(browser, file, { javaScriptEnabled: false });
    const reasons = await readTable(page, "reason-table");
    const sums = [0, 1].map((at) =>
      reasons.reduce((sum, { cells }) => sum + readNumber(cells[at] as string), 0),
    );
    expect(reasons).toHaveLength(3);
    expect(sums).toEqual([summary.doses.exceptions, summary.people.exceptions]);
    await page.context().close();
  });

  it("shows hostile names as text, before and after its script has touched them", async () => {
    const hostile = path.join(folder, "hostile.html");
    writeFileSync(hostile, renderReport({ metrics: hostileMetrics, history: noHistory, audit: null }));
    const { page, messages, requests } = await openFile(browser, hostile);
    await page.locator("#facility input[type=search]").fill("script");
    expect(await page.locator("#facility-table tbody").innerText()).toContain("<script>alert(1)</script>");
    await page.locator("#facility input[type=search]").fill("img");
    expect(await page.locator("#facility-table tbody").innerText()).toContain("<img src=x onerror=alert(1)>");
    expect(await page.locator("img").count()).toBe(0);
    expect({ messages, requests }).toEqual({ messages: [], requests: [] });
    await page.context().close();
  });

  it("works as it is served too, from the list of runs on, and its drawings are shown", async () => {
    const serving = startLamsach(["report", "--serve", "--out", "out"], { cwd: folder });
    try {
      while (!serving.stdout().endsWith("/\n")) await sleep(20);
      const address = serving.stdout().trim();
      const { page, messages } = await openAddress(browser, address);
      await page.locator("label[for=en]").click();
      expect(await page.locator("h1").innerText()).toBe("All runs");
      await page.locator("tbody a").first().click();
      await page.locator("#province-table thead button").first().click();
      expect(await page.locator("#province-table thead th").first().getAttribute("aria-sort")).toBe(
        "ascending",
      );
      expect(messages).toEqual([]);
      await page.goto(new URL("flow.svg", page.url()).href);
      expect(
        await page
          .locator("svg rect")
          .first()
          .evaluate((bar) => getComputedStyle(bar).fill),
      ).toBe(toRgb(setColours.light.left));
      await page.context().close();
    } finally {
      serving.kill("SIGTERM");
      await serving.finished;
    }
  });

  it("stays under 5 MB for a nation, opens, and is the same bytes each time", async () => {
    const input = { metrics: nationMetrics(), history: noHistory, audit: null };
    const text = renderReport(input);
    expect(renderReport({ ...input, metrics: nationMetrics() })).toBe(text);
    expect(Buffer.byteLength(text)).toBeLessThan(5_000_000);
    const nation = path.join(folder, "nation.html");
    writeFileSync(nation, text);
    const { page, messages } = await openFile(browser, nation);
    await page.locator("#facility input[type=search]").fill("f17699");
    expect(await page.locator("#facility-table tbody tr").count()).toBe(1);
    expect(messages).toEqual([]);
    await page.context().close();
  });
});

/** The numbers of a column, as the Vietnamese page writes them. */
async function readColumn(page: Page, table: string, column: number): Promise<number[]> {
  const rows = await readTable(page, table);
  return rows.map(({ cells }) => readNumber(cells[column - 1] as string));
}

/** Keys and Vietnamese texts of a table's rows. */
function readTable(page: Page, table: string): Promise<{ key: string; cells: string[] }[]> {
  return page.locator(`#${table} tbody tr`).evaluateAll((rows) =>
    rows.map((row) => ({
      key: row.getAttribute("data-key") ?? "",
      cells: [...row.querySelectorAll("td")].map((cell) => {
        const copy = cell.cloneNode(true) as typeof cell;
        for (const english of copy.querySelectorAll(".en")) english.remove();
        return copy.textContent ?? "";
      }),
    })),
  );
}

async function readChildren(page: Page, depth: number): Promise<(string | number)[][]> {
  const rows = await readTable(page, "province-table");
  const keys = await page
    .locator(`#province-table tr[data-depth="${depth}"]`)
    .evaluateAll((found) => found.map((row) => row.getAttribute("data-key")));
  return rows
    .filter(({ key }) => keys.includes(key))
    .map(({ key, cells }) => [key, ...cells.slice(0, 4).map(readNumber)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

function countChildren(rows: readonly Row[] | undefined, parent: string): (string | number)[][] {
  return (rows ?? [])
    .filter(({ key }) => key.slice(0, key.lastIndexOf("/")) === parent && key.includes("/"))
    .map(({ key, doses: { records, errors, exceptions } }) => [
      key,
      errors + exceptions,
      errors,
      exceptions,
      records,
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

function sortRows(rows: readonly unknown[][]): unknown[][] {
  return [...rows].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

function readNumber(text: string): number {
  return Number(text.replaceAll(".", ""));
}

function group(digits: string, mark: string): string {
  return digits.length > 3 ? `${group(digits.slice(0, -3), mark)}${mark}${digits.slice(-3)}` : digits;
}

function percent(part: number, whole: number): string {
  if (whole === 0) return "không áp dụng";
  const hundredths = (BigInt(part) * 10_000n) / BigInt(whole);
  const digits = hundredths.toString().padStart(3, "0");
  return `${digits.slice(0, -2)},${digits.slice(-2)} %`;
}

/** A colour as the browser says it. */
function toRgb(colour: string): string {
  return `rgb(${[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).join(", ")})`;
}
