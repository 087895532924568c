import { spawn } from "node:child_process";
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

  it("keeps nothing from whoever writes while it waits: neither waits for the other", async () => {
    holdLogHead(folder).close();
    const writer = startWriter(path.join(folder, logHeadName));
    await writer.begun;
    holdLogHead(folder).close();
    expect(await writer.said).toBe("begun\nwritten\n");
    expect(lookAtLogHead(folder, (head) => head?.position)).toEqual({ sequence: 7, sha256: "00" });
  });
});

/** Another process that may write next, lets half a second go by, and then writes: within a second, or not at all. */
function startWriter(file: string): { begun: Promise<void>; said: Promise<string> } {
  const script = `
    import Database from "better-sqlite3";
    const database = new Database(${JSON.stringify(file)}, { timeout: 1000 });
    database.exec("BEGIN IMMEDIATE; REPLACE INTO head VALUES (1, 7, '00', NULL)");
    console.log("begun");
    setTimeout(() => {
      try {
        database.exec("COMMIT");
        console.log("written");
      } catch (error) {
        console.log(error.code);
      }
    }, 500);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8");
  const begun = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => reject(new Error("the writer has ended before it began")));
    child.stdout.on("data", (part: string) => {
      text += part;
      if (text.startsWith("begun\n")) resolve();
    });
  });
  return { begun, said: new Promise((resolve) => child.once("close", () => resolve(text))) };
}
