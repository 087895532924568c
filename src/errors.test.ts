import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explainSystemError } from "./errors.js";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-errors-"));
});
afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("explainSystemError(error)", () => {
  it("names the place that a rename found taken, not the one it came from", () => {
    const [from, to] = [path.join(dir, "staging"), path.join(dir, "run")];
    for (const folder of [from, to]) mkdirSync(folder);
    writeFileSync(path.join(to, "kept"), "");
    let failure: unknown;
    try {
      renameSync(from, to);
    } catch (error) {
      failure = explainSystemError(error);
    }
    expect(failure).toHaveProperty(
      "message",
      expect.stringMatching(new RegExp(`^${to}: something is there`)),
    );
  });

  it("tells of a thread that cannot be started, which no program can help", () => {
    const error = Object.assign(new Error("Worker initialization failure: EMFILE"), {
      code: "ERR_WORKER_INIT_FAILED",
    });
    expect(explainSystemError(error)).toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(
        /^threads: one cannot be started; expected .+\. Raise the limits \(ulimit -n/,
      ),
    });
  });
});
