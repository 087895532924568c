/// <reference lib="dom" />
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/page/page.js";
import { rankByNotClean } from "../../src/report/ranking.js";
import { noHistory } from "../../src/report/run-history.js";
import { useWorkFolder } from "../support/work-folder.js";
import { nationMetrics } from "./big-metrics.js";
import { findBrowser, openFile, startBrowser } from "./browser.js";

const found = findBrowser();
const folder = useWorkFolder();
const metrics = nationMetrics();
const facilities = rankByNotClean(metrics.dimensions.facility ?? []);

describe.skipIf(found === null)("tables of a nation's page in Chromium", () => {
  let browser: Browser;
  const file = path.join(folder, "nation.html");
  beforeAll(async () => {
    browser = await startBrowser(found as string);
    writeFileSync(file, renderReport({ metrics, history: noHistory, audit: null }));
  });
  afterAll(() => browser?.close());

  it("sorts all facilities, of which the page shows the first, and keeps the order through a search", async () => {
    const { page } = await openFile(browser, file);
    const first = (count: number, rows = facilities) => rows.slice(0, count).map(({ key }) => key);
    expect(await readKeys(page, "facility")).toEqual(first(50));
    const head = page.locator("#facility-table thead th").nth(4);
    await head.locator("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    const most = [...facilities].sort((a, b) => b.doses.records - a.doses.records);
    expect(await readKeys(page, "facility")).toEqual(first(50, most));
    const search = page.locator("#facility input[type=search]");
    await search.fill("huyen thu 700");
    const hits = most.filter(({ label }) => label.endsWith("huyện thứ 700"));
    expect(await readKeys(page, "facility")).toEqual(first(100, hits));
    await head.locator("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    const least = [...facilities].sort((a, b) => a.doses.records - b.doses.records);
    const leastHits = least.filter(({ label }) => label.endsWith("huyện thứ 700"));
    expect(await readKeys(page, "facility")).toEqual(first(100, leastHits));
    await search.fill("");
    expect(await readKeys(page, "facility")).toEqual(first(50, least));
    await page.context().close();
  });

  it("says how many of the hits it shows, and that there are none", async () => {
    const { page } = await openFile(browser, file);
    const search = page.locator("#facility input[type=search]");
    const status = page.locator("#facility [role=status]");
    expect(await status.innerText()).toBe("");
    await search.fill("huyen");
    expect(await status.innerText()).toBe("Hiện 100 trong số 17.700 kết quả");
    expect(await page.locator("#facility-table tbody tr").count()).toBe(100);
    await page.locator("label[for=en]").click();
    expect(await status.innerText()).toBe("Showing 100 of 17,700 hits");
    await search.fill("f17699");
    expect(await status.innerText()).toBe("Showing 1 of 1 hits");
    await search.fill("nowhere");
    expect(await status.innerText()).toBe("No hits");
    expect(await page.locator("#facility-table tbody tr").count()).toBe(0);
    await search.fill("");
    expect(await status.innerText()).toBe("");
    await page.context().close();
  });

  it("says how many rows of a shorter table a filter leaves, in the order chosen before", async () => {
    const { page } = await openFile(browser, file);
    const filter = page.locator("#provinces input[type=search]");
    const status = page.locator("#provinces [role=status]");
    await page.locator("#province-table thead button").first().click();
    await filter.fill("tinh thu 6");
    const shown = page.locator("#province-table tbody tr:visible th");
    const names = await shown.allInnerTexts();
    expect(names).toHaveLength(5);
    expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, "vi")));
    expect(await status.innerText()).toBe("Hiện 5 trong số 63 dòng");
    await filter.fill("zzz");
    expect(await status.innerText()).toBe("Không có kết quả nào");
    await filter.fill("");
    expect(await shown.count()).toBe(63);
    expect(await page.locator("#province-table th[aria-sort=ascending]").count()).toBe(1);
    await page.context().close();
  });

  it("sorts texts anew when the language changes", async () => {
    const { page } = await openFile(browser, file);
    const actors = () => page.locator("#errors tbody tr td:nth-child(5)").allInnerTexts();
    await page.locator("#errors thead button").nth(4).click();
    await page.locator("label[for=en]").click();
    expect(await actors()).toEqual([...(await actors())].sort((a, b) => a.localeCompare(b, "vi")));
    await page.context().close();
  });
});

function readKeys(page: Page, dimension: string): Promise<(string | null)[]> {
  return page
    .locator(`#${dimension}-table tbody tr`)
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-key")));
}
