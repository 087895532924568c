import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expectCode, repository, runLamsach } from "../support/command-line.js";
import { readOutcome, shippedPipeline } from "../support/sample.js";
import { findBrowser, openFile, startBrowser } from "./browser.js";

/*
 * `npm run readme-picture`: takes the picture of the report's page that the README shows, from a run over the sample.
 * Fails when there is no browser, or when the picture is larger than a README should carry.
 */
const mostBytes = 300_000;
const picture = path.join(repository, "docs/report.png");

const found = findBrowser();
if (found === null) throw new Error("no Chromium; expected one. Install it, or name it in LAMSACH_CHROMIUM.");
const folder = mkdtempSync(path.join(tmpdir(), "lamsach-picture-"));
const browser = await startBrowser(found);
try {
  const run = async (...args: string[]) => expectCode(await runLamsach(args, { cwd: folder }), 0);
  const register = path.join(folder, "population.db");
  await run("register", "build", path.join(repository, "sample-data/population.csv"), "--out", register);
  const night = ["--register", register, "--as-of", "2023-06-13", "--out", "out", "--json"];
  const { dir } = readOutcome(await run("run", shippedPipeline, ...night));
  const { page } = await openFile(browser, path.join(dir, "report/index.html"), {
    viewport: { width: 1180, height: 1020 },
    colorScheme: "light",
  });
  await page.screenshot({ path: picture });
  const { size } = statSync(picture);
  if (size > mostBytes) throw new Error(`docs/report.png has ${size} bytes; expected ${mostBytes} at most.`);
  process.stdout.write(`${picture}: ${size} bytes\n`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
