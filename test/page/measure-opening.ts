import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { renderReport } from "../../src/report/page/page.js";
import { noHistory } from "../../src/report/run-history.js";
import { nationMetrics } from "./big-metrics.js";
import { findBrowser, openFile, startBrowser } from "./browser.js";

/*
 * `npm run page-opening`: how large the page of a nation is (63 provinces, 700 districts, 10,600 wards, 17,700
 * facilities), and how long Chromium takes to open it, in a new context each time: until the first paint, and until it is
 * loaded, its script has run and the first frame after that is drawn. Milliseconds.
 */
const turns = 7;

const found = findBrowser();
if (found === null) throw new Error("no Chromium; expected one. Install it, or name it in LAMSACH_CHROMIUM.");
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-opening-"));
const browser = await startBrowser(found);
try {
  const file = path.join(folder, "index.html");
  writeFileSync(file, renderReport({ metrics: nationMetrics(), history: noHistory, audit: null }));
  const times: { painted: number; opened: number }[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const { page } = await openFile(browser, file);
    times.push(
      (await page.evaluate(
        `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve({
          painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
          opened: performance.now(),
        }))))`,
      )) as { painted: number; opened: number },
    );
    await page.context().close();
  }
  const tell = (name: string, values: readonly number[]): string => {
    const sorted = [...values].sort((a, b) => a - b).map(Math.round);
    return `${name}: ${sorted[turns >> 1]} ms (${sorted[0]} to ${sorted.at(-1)}, ${turns} times)\n`;
  };
  process.stdout.write(
    `size: ${statSync(file).size} bytes\n` +
      tell(
        "first paint",
        times.map(({ painted }) => painted),
      ) +
      tell(
        "open",
        times.map(({ opened }) => opened),
      ),
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
