import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../errors.js";
import { BuildPlace } from "./build-place.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-place-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("BuildPlace", () => {
  it("is had by one of two that ask at once: one that looks is not in the way", () => {
    const out = path.join(dir, "population.db");
    new BuildPlace(out, null).close();
    const other = new Database(path.join(dir, ".population.db.lock"));
    other.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    const place = new BuildPlace(out, null);
    expect(() => new BuildPlace(out, null)).toThrow(
      expect.objectContaining({
        exitCode: exitCodes.locked,
        message: expect.stringMatching(/^population\.db: another build/),
      }),
    );
    place.close();
    other.close();
    new BuildPlace(out, null).close();
  });
});
