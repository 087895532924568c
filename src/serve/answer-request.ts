import { createHash, timingSafeEqual } from "node:crypto";
import { existsSync } from "node:fs";
import { openLedger } from "../job/ledger.js";
import { makePage } from "../job/make-page.js";
import { locateWorkspace } from "../job/workspace.js";
import { servedPolicy } from "../report/page/policy.js";
import { renderRunList } from "./run-list-page.js";
import { findReportedRun, readServedFile } from "./served-file.js";

/** What is asked, as it came over the wire. */
export interface ReportRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly target: string;
  readonly host: string | undefined;
}

export interface Reply {
  readonly status: 200 | 403 | 404 | 405;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ReportPlace {
  /** The output folder. */
  readonly out: string;
  readonly port: number;
  /** Who knows it may look. */
  readonly token: string;
}

/** Only the page's own script runs, nothing is fetched, nothing is kept, nobody learns the address, and no other page frames or reads it. */
const safeHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": servedPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Answers one request: `/<token>/` lists the runs, `/<token>/<run>/` is a run's page, `/<token>/<run>/<file>` a file of
 * its report. Nothing is decoded and nothing is taken for a path that does not have one of these forms, so there is no
 * way out of a report folder; the sets are in none. 403 without the token or under another name than the machine's own
 * (a page of somebody else may have its name lead here), 404 for anything else. Throws what reading throws.
 */
export function answerRequest({ method, target, host }: ReportRequest, place: ReportPlace): Reply {
  const { out, port, token } = place;
  if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) {
    return refuse(403, "Sai tên máy / wrong host: use the address that lamsach printed.");
  }
  if (method !== "GET" && method !== "HEAD") {
    return refuse(405, "Chỉ được xem / this can only be looked at.", { allow: "GET, HEAD" });
  }
  const [root, given = "", ...rest] = (target.split("?")[0] as string).split("/");
  if (root !== "" || !isSame(given, token)) {
    return refuse(403, "Sai mã truy cập / wrong token: use the address that lamsach printed.");
  }
  const [run = "", name] = rest;
  if (rest.length === 1 && run === "") return reply(listRuns(out));
  const runDir = rest.length === 2 ? findReportedRun(out, run) : null;
  if (runDir === null || name === undefined) return notFound();
  if (name === "") return reply(makePage({ runDir, sinceDir: null }));
  const file = readServedFile(runDir, name);
  if (file === null) return notFound();
  const isShown = file.type.startsWith("image/");
  return {
    status: 200,
    headers: {
      ...safeHeaders,
      "content-type": file.type,
      ...(isShown ? {} : { "content-disposition": `attachment; filename="${run}-${name}"` }),
    },
    body: file.bytes,
  };
}

/** Takes as long whatever is given. */
function isSame(given: string, token: string): boolean {
  const [a, b] = [given, token].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a as Buffer, b as Buffer);
}

function listRuns(out: string): string {
  const { ledger: file } = locateWorkspace(out);
  // Opening a ledger makes it; to look at a folder must not write there.
  if (!existsSync(file)) return renderRunList([]);
  const ledger = openLedger(file);
  try {
    const runs = ledger.listRuns();
    return renderRunList(runs.map((run) => ({ ...run, hasReport: findReportedRun(out, run.id) !== null })));
  } finally {
    ledger.close();
  }
}

function reply(page: string): Reply {
  const headers = { ...safeHeaders, "content-type": "text/html; charset=utf-8" };
  return { status: 200, headers, body: Buffer.from(page) };
}

function notFound(): Reply {
  return refuse(404, "Không có trang này / there is no such page. The list of runs ends in a slash.");
}

function refuse(status: 403 | 404 | 405, text: string, more: Readonly<Record<string, string>> = {}): Reply {
  const headers = { ...safeHeaders, "content-type": "text/plain; charset=utf-8", ...more };
  return { status, headers, body: Buffer.from(`${text}\n`) };
}
