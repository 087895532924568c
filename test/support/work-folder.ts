import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** A new temporary folder that is removed after the tests of the file (or `describe`) that asked for it. */
export function useWorkFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "lamsach-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
