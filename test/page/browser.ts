import { existsSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where distributions put their Chromium; `LAMSACH_CHROMIUM` names another. */
const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser that the page is tested in; null when there is none, which `LAMSACH_REQUIRE_BROWSER=1` forbids. */
export function findBrowser(): string | null {
  const { LAMSACH_CHROMIUM, LAMSACH_REQUIRE_BROWSER } = process.env;
  const found = LAMSACH_CHROMIUM ?? usualPlaces.find((file) => existsSync(file)) ?? null;
  if (found === null && LAMSACH_REQUIRE_BROWSER === "1") {
    throw new Error(
      "no Chromium; expected one in a usual place. Install it, or name it in LAMSACH_CHROMIUM.",
    );
  }
  return found;
}

/** Starts the browser headless, with nothing that would reach for a network. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that is open, and what it said and asked for since: both are expected to stay empty. */
export interface OpenedPage {
  readonly page: Page;
  readonly messages: string[];
  readonly requests: string[];
}

/** Opens a file as a reader would who found it in a mail. */
export function openFile(
  browser: Browser,
  file: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  return openAddress(browser, `file://${file}`, options);
}

/** Opens what is at an address. */
export async function openAddress(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const messages: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(error.message));
  page.on("request", (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  await page.goto(address);
  return { page, messages, requests };
}

/** What axe finds that keeps somebody from reading the page, as one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21aa"]).analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${impact} ${id}: ${target.join(" ")}: ${failureSummary}`),
  );
}
