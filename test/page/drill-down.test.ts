/// <reference lib="dom" />
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DimensionRow, Metrics } from "../../src/report/metrics.js";
import { renderReport } from "../../src/report/page/page.js";
import { noHistory } from "../../src/report/run-history.js";
import { useWorkFolder } from "../support/work-folder.js";
import { nationMetrics, shorten } from "./big-metrics.js";
import { findBrowser, openFile, startBrowser } from "./browser.js";

const found = findBrowser();
const folder = useWorkFolder();

function rowOf(key: string, label: string): DimensionRow {
  const tally = { records: 7, byCode: { C1: 4, E34: 2, X31: 1 } };
  return { key, label, doses: tally, people: tally };
}

/** Two provinces; a ward that nothing names, and facilities of which one has no code of theirs. */
const metrics: Metrics = {
  ...shorten(nationMetrics(), 1),
  dimensions: {
    province: [rowOf("01", "Thành phố Hà Nội"), rowOf("79", "Thành phố Hồ Chí Minh")],
    district: [rowOf("01/001", "Quận Ba Đình, Thành phố Hà Nội")],
    ward: [rowOf("01/001/?", "(không nhận ra), Quận Ba Đình, Thành phố Hà Nội")],
    facility: [
      rowOf("01015", "Bệnh viện Quân Y 354"),
      rowOf("01_D016", "Trạm Y tế Phúc Xá"),
      rowOf("79001", "Trung tâm Y tế Quận 1"),
      rowOf("?", "(không nhận ra)"),
    ],
  },
};

describe.skipIf(found === null)("a province of the page in Chromium", () => {
  let browser: Browser;
  const file = path.join(folder, "provinces.html");
  beforeAll(async () => {
    browser = await startBrowser(found as string);
    writeFileSync(file, renderReport({ metrics, history: noHistory, audit: null }));
  });
  afterAll(() => browser?.close());

  it("opens into its districts, wards and the facilities with its code, and closes all of them", async () => {
    const { page, messages } = await openFile(browser, file);
    const province = page.locator('#province-table tr[data-key="01"]');
    const opened = page.locator("#province-table tr[data-depth]");
    const keys = () => opened.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-key")));
    await province.locator("button").click();
    expect(await keys()).toEqual(["01/001", null]);
    expect(await opened.last().innerText()).toBe("Cơ sở tiêm chủng mang mã của tỉnh: 2");
    await opened.last().locator("button").press("Enter");
    expect(await keys()).toEqual(["01/001", null, "01015", "01_D016"]);
    await opened.first().locator("button").click();
    expect(await keys()).toEqual(["01/001", "01/001/?", null, "01015", "01_D016"]);
    await province.locator("button").click();
    expect(await keys()).toEqual([]);
    expect(messages).toEqual([]);
    await page.context().close();
  });

  it("opens into facilities where no district is known, and names in English what is absent", async () => {
    const { page } = await openFile(browser, file);
    await page.locator("label[for=en]").click();
    await page.locator('#province-table tr[data-key="79"] button').click();
    const group = page.locator("#province-table tr[data-depth]");
    expect(await group.innerText()).toBe("Facilities with the province's code: 1");
    await page.locator('#province-table tr[data-key="01"] button').click();
    await page.locator('#province-table tr[data-key="01/001"] button').click();
    const ward = page.locator('#province-table tr[data-key="01/001/?"] th bdi').first();
    expect(await ward.innerText()).toBe("(not recognised), Quận Ba Đình, Thành phố Hà Nội");
    await page.context().close();
  });
});
