import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryFolder } from "./memory-folder.js";

describe("a folder in memory", () => {
  it("is in memory, for its owner alone, and goes with what is in it", () => {
    const memory = new MemoryFolder();
    const { path: folder } = memory;
    expect(statSync(folder).mode & 0o7777).toBe(0o700);
    expect(statfsSync(folder).type).toBe(0x01021994);
    writeFileSync(path.join(folder, "a"), "x");
    memory.close();
    expect(existsSync(folder)).toBe(false);
  });

  it("keeps a file that has no name, to be opened and read again and again", () => {
    const memory = new MemoryFolder();
    const file = path.join(memory.path, "a");
    writeFileSync(file, "content");
    const kept = memory.keepNameless(file);
    expect(existsSync(file)).toBe(false);
    expect([readFileSync(kept, "utf8"), readFileSync(kept, "utf8")]).toEqual(["content", "content"]);
    memory.close();
  });

  it("clears away what a killed process left, and nothing of one that lives", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    const [left, living] = [pid, process.pid].map((id) => `/dev/shm/lamsach-${namespace}-${id}-test`);
    for (const folder of [left, living]) mkdirSync(folder as string);
    const memory = new MemoryFolder();
    expect(existsSync(memory.path)).toBe(true);
    expect([existsSync(left as string), existsSync(living as string)]).toEqual([false, true]);
    memory.close();
    rmSync(living as string, { recursive: true });
  });
});
