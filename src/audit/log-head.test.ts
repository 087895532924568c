import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { holdLogHead, logHeadName, lookAtLogHead } from "./log-head.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lamsach-head-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the end of the log, while another program holds it", () => {
  it.each([
    ["whoever writes", () => holdLogHead(folder)],
    ["whoever looks", () => lookAtLogHead(folder, (head) => head)],
  ])("tells %s to wait, and nobody to move the file away", (_who, act) => {
    holdLogHead(folder).close();
    const file = path.join(folder, logHeadName);
    const holder = new Database(file);
    holder.exec("BEGIN EXCLUSIVE");
    let failure: unknown;
    try {
      act();
    } catch (error) {
      failure = error;
    }
    holder.close();
    expect(failure).toBeInstanceOf(LamsachError);
    expect(failure).toMatchObject({
      exitCode: exitCodes.environment,
      message:
        `${file}: another program holds it (SQLITE_BUSY); expected nobody else to use it. ` +
        "Wait until that is done, then give the same command again. What was published before is untouched.",
    });
    expect(lookAtLogHead(folder, (head) => head)).toBeNull();
  });
});
