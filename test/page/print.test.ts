/// <reference lib="dom" />
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../src/report/page/page.js";
import { useWorkFolder } from "../support/work-folder.js";
import { nationMetrics, someAudit, someHistory } from "./big-metrics.js";
import { findBrowser, openFile, startBrowser } from "./browser.js";

const found = findBrowser();
const folder = useWorkFolder();

describe.skipIf(found === null)("report/index.html on paper", () => {
  let browser: Browser;
  const file = path.join(folder, "nation.html");
  beforeAll(async () => {
    browser = await startBrowser(found as string);
    writeFileSync(file, renderReport({ metrics: nationMetrics(), history: someHistory, audit: someAudit }));
  });
  afterAll(() => browser?.close());

  it("prints every section, chart and table row onto A4, with nothing cut off, whatever is filtered", async () => {
    const { page } = await openFile(browser, file);
    await filterEverything(page);
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 690, height: 1000 });
    const cut = await page.evaluate(() => {
      const wide = [...document.querySelectorAll("main *")].filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        return width > 0 && right > window.innerWidth + 1;
      });
      const hidden = [...document.querySelectorAll("section, h2, .chart, table, tbody tr")].filter(
        (element) => element.getBoundingClientRect().height === 0 && element.closest(".en") === null,
      );
      return [...wide, ...hidden].map((element) => `${element.tagName} in ${element.closest("section")?.id}`);
    });
    expect(cut).toEqual([]);
    await page.context().close();
  });

  it("prints the same pages with a filter as without one, and keeps the filter on the screen", async () => {
    const { page } = await openFile(browser, file);
    const whole = readDrawn(await page.pdf({ format: "A4" }));
    expect(whole.length).toBeGreaterThan(20);
    await filterEverything(page);
    expect(readDrawn(await page.pdf({ format: "A4" }))).toEqual(whole);
    expect(await page.locator("#province-table tbody tr:visible").count()).toBe(0);
    expect(await page.locator("#facility-table tbody tr").count()).toBe(1);
    await page.context().close();
  });

  it("prints the title of each section", async () => {
    const { page } = await openFile(browser, file);
    const titles = await page.locator("main section h2:visible").allInnerTexts();
    expect(titles.length).toBeGreaterThan(15);
    const printed = readOutline(await page.pdf({ format: "A4", tagged: true, outline: true }));
    expect(titles.filter((title) => !printed.includes(title))).toEqual([]);
    await page.context().close();
  });
});

async function filterEverything(page: Page): Promise<void> {
  for (const input of await page.locator("input[type=search]").all()) await input.fill("f17699");
}

/** What a PDF draws and with which fonts: a digest of each of its streams. */
function readDrawn(pdf: Buffer): string[] {
  return [...pdf.toString("latin1").matchAll(/stream\n([\s\S]*?)\nendstream/g)].map(([, stream]) =>
    createHash("sha256")
      .update(stream as string, "latin1")
      .digest("hex"),
  );
}

/** Titles of a PDF's outline, which Chromium makes of the headings that it prints. */
function readOutline(pdf: Buffer): string[] {
  return [...pdf.toString("latin1").matchAll(/\/Title <FEFF([0-9A-F]*)>/g)].map(([, hex]) =>
    Buffer.from(hex as string, "hex")
      .swap16()
      .toString("utf16le"),
  );
}
