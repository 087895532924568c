import { createHash } from "node:crypto";
import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { canListOpen, listOpenBelow } from "../../test/support/open-files.js";
import type { Source } from "../ingest/source.js";
import { changesHeader, setHeader, setNames } from "../publish/set-columns.js";
import { readKeyText } from "../storage/file-key.js";
import { unsealFile } from "../storage/sealed-copy.js";
import { SetFiles } from "./set-files.js";

const headers = ["full_name", "citizen_id"];
const sources = ["a.csv", "b.csv", "c.csv"].map(
  (name) => ({ name, layout: "long", headers, columns: { record_id: -1 }, doses: [] }) as unknown as Source,
);
const secret = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) & 0xff));
const key = readKeyText(secret.toString("hex"), "test");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-sets-"));
  for (const set of setNames) mkdirSync(path.join(dir, set));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** What a shard adds: a line for each file, with the shard's name in it. */
function shard(name: string) {
  const parts = [...setNames, "changes"].map((file) => Buffer.from(`${name} ${file}\n`));
  return { parts, rows: [1, 2, 3, 4] };
}

async function fill(files: SetFiles) {
  await files.begin();
  await files.add(0, shard("first"));
  await files.add(0, shard("second"));
  await files.add(2, shard("third"));
  return files.end(["last 1\n", "last 2\n"]);
}

describe("SetFiles", () => {
  it("fills each source's sets and the change log in the order of the input, those of a source without shards too", async () => {
    const written = await fill(new SetFiles(dir, sources, null));
    const text = (name: string): string => readFileSync(path.join(dir, name), "utf8");
    const headerOf = (source: number, set: (typeof setNames)[number]) =>
      setHeader(sources[source] as Source, set);
    for (const set of setNames) {
      expect(text(`${set}/a.csv`)).toBe(`${headerOf(0, set)}first ${set}\nsecond ${set}\n`);
      expect(text(`${set}/b.csv`)).toBe(headerOf(1, set));
      expect(text(`${set}/c.csv`)).toBe(`${headerOf(2, set)}third ${set}\n`);
    }
    const changes = ["first", "second", "third"].map((name) => `${name} changes\n`).join("");
    expect(text("changes.csv")).toBe(`${changesHeader}${changes}last 1\nlast 2\n`);
    expect([...written].map(([name, { rows }]) => [name, rows])).toEqual([
      ["cleaned/a.csv", 2],
      ["errors/a.csv", 4],
      ["exceptions/a.csv", 6],
      ["cleaned/b.csv", 0],
      ["errors/b.csv", 0],
      ["exceptions/b.csv", 0],
      ["cleaned/c.csv", 1],
      ["errors/c.csv", 2],
      ["exceptions/c.csv", 3],
      ["changes.csv", 14],
    ]);
    for (const [name, { bytes, sha256 }] of written) {
      const content = readFileSync(path.join(dir, name));
      expect([bytes, sha256]).toEqual([content.length, createHash("sha256").update(content).digest("hex")]);
    }
  });

  it("seals them, and tells the hashes of what they hold", async () => {
    const plain = await fill(new SetFiles(dir, sources, null));
    const sealed = await fill(new SetFiles(dir, sources, key));
    expect([...sealed.keys()]).toEqual([...plain.keys()].map((name) => `${name}.sealed`));
    for (const [name, { content }] of sealed) {
      const { bytes, sha256 } = plain.get(name.replace(".sealed", "")) ?? {};
      expect(content).toEqual({ bytes, sha256 });
      unsealFile(path.join(dir, name), key, path.join(dir, "opened"));
      expect(readFileSync(path.join(dir, "opened")).length).toBe(bytes);
    }
  });

  it("takes no file for its own that is there", async () => {
    writeFileSync(path.join(dir, "errors/b.csv"), "kept");
    const files = new SetFiles(dir, sources, null);
    await expect(fill(files)).rejects.toThrow("EEXIST");
    await files.abandon();
    expect(listOpenBelow(dir)).toEqual([]);
    expect(readFileSync(path.join(dir, "errors/b.csv"), "utf8")).toBe("kept");
  });

  it("closes the others where one cannot be closed, and does not tell of it", async () => {
    const files = new SetFiles(dir, sources, null);
    await files.begin();
    const { closeSync } = fs;
    let closes = 0;
    fs.closeSync = (handle) => {
      closeSync(handle);
      if (closes++ === 0)
        throw Object.assign(new Error("EIO: injected, close"), { code: "EIO", syscall: "close" });
    };
    syncBuiltinESMExports();
    try {
      await files.abandon();
    } finally {
      Object.assign(fs, { closeSync });
      syncBuiltinESMExports();
    }
    expect(closes).toBe(4);
    expect(listOpenBelow(dir)).toEqual([]);
  });

  it("takes no shard of an earlier source", async () => {
    const files = new SetFiles(dir, sources, null);
    await files.begin();
    await files.add(1, shard("first"));
    await expect(files.add(0, shard("second"))).rejects.toThrow("a later one");
    await files.abandon();
  });

  it("gives up before anything is made, or while sets are open", async () => {
    await new SetFiles(dir, sources, null).abandon();
    expect(readdirSync(dir)).toEqual(expect.not.arrayContaining(["changes.csv"]));
    const files = new SetFiles(dir, sources, null);
    await files.begin();
    if (canListOpen) expect(listOpenBelow(dir)).toHaveLength(4);
    await files.abandon();
    expect(listOpenBelow(dir)).toEqual([]);
    expect(readFileSync(path.join(dir, "changes.csv"), "utf8")).toBe("");
  });
});
