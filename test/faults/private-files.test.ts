import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectCode, runLamsach } from "../support/command-line.js";
import { listTree } from "../support/tree-hash.js";
import { useWorkFolder } from "../support/work-folder.js";
import {
  type FaultGround,
  judgeFailure,
  type LoggedCall,
  nightRun,
  prepareGround,
  readCalls,
  runWithFault,
  tryFault,
} from "./fault-run.js";

const folder = useWorkFolder();
let ground: FaultGround;
/** The calls of an undisturbed night under umask 000. */
let calls: readonly LoggedCall[];

beforeAll(async () => {
  ground = await prepareGround(folder, 4);
  const logFile = path.join(folder, "calls.log");
  const umask = process.umask(0o000);
  try {
    const watched = runWithFault(ground, "watched", nightRun("watched"), { calls: [], nth: 0 }, logFile);
    expectCode((await watched).result, 0);
  } finally {
    process.umask(umask);
  }
  calls = readCalls(logFile);
});

describe("what a run writes", () => {
  it.each([0o000, 0o077])("is its owner's alone, whatever the umask: %o", async (mask) => {
    const out = `umask-${mask}`;
    const umask = process.umask(mask);
    try {
      expectCode(await runLamsach(nightRun(out), { cwd: folder }), 0);
      const register = ["register", "build", "sample/population.csv", "--out", `${out}/population.db`];
      expectCode(await runLamsach(register, { cwd: folder }), 0);
    } finally {
      process.umask(umask);
    }
    const root = path.join(folder, out);
    const found = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => {
      const place = path.join(entry.parentPath, entry.name);
      return [
        path.relative(root, place),
        lstatSync(place).mode & 0o7777,
        entry.isDirectory() ? 0o700 : 0o600,
      ];
    });
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(([, mode, expected]) => mode !== expected)).toEqual([]);
    expect(lstatSync(root).mode & 0o7777).toBe(0o700);
  });

  it("is closed to others when it was open to them, which the log says", async () => {
    const out = path.join(folder, "open");
    mkdirSync(out);
    chmodSync(out, 0o777);
    const said = "others could write to the output folder";
    expect(expectCode(await runLamsach(nightRun(out), { cwd: folder }), 0).stderr).toContain(said);
    expect(lstatSync(out).mode & 0o7777).toBe(0o755);
    expect(expectCode(await runLamsach(nightRun(out), { cwd: folder }), 0).stderr).not.toContain(said);
  });

  it("is so while it is written too: decoded copies, unfinished files, folders", () => {
    const written = calls.filter(({ call }) => call === "write");
    expect(written.some(({ file }) => file.includes("/sources/"))).toBe(true);
    expect(written.some(({ file }) => file.endsWith(".part"))).toBe(true);
    expect(written.filter(({ mode }) => mode !== 0o600)).toEqual([]);
  });

  it("is made durable before it gets its name, and the name after it", () => {
    const renamed = calls.flatMap(({ call, file, to }, at) =>
      call === "rename" && file.endsWith(".part") ? [{ file, to: to as string, at }] : [],
    );
    expect(renamed.length).toBeGreaterThan(5);
    for (const { file, to, at } of renamed) {
      const before = calls.slice(0, at).filter((call) => call.file === file && call.call !== "stat");
      // A file may be empty.
      const steps = before.map(({ call }) => call).filter((call) => call !== "write");
      expect(steps, to).toEqual(["create", "fsync", "close"]);
      expect(before.findLastIndex(({ call }) => call === "write")).toBeLessThan(before.length - 2);
      const parent = path.dirname(to) === "." ? "" : path.dirname(to);
      const after = calls
        .slice(at + 1)
        .find(({ call, file: synced }) => call === "fsync" && synced === parent);
      // The output folder is the root of what is watched, and not below it.
      if (parent !== "") expect(after, to).toBeDefined();
    }
  });

  it("is published with the manifest last, when everything is durable, under one rename", () => {
    const staging = `.work/${ground.run}/staging`;
    const publication = calls.findIndex(({ call, file }) => call === "rename" && file === staging);
    expect(calls[publication]?.to).toBe(ground.run);
    const inStaging = calls
      .map((call, at) => ({ ...call, at }))
      .filter(({ file }) => file.startsWith(staging));
    expect(inStaging.every(({ at }) => at <= publication)).toBe(true);
    const lastOf = (file: string, kind: string): number =>
      inStaging.findLast((call) => call.file === file && call.call === kind)?.at ?? -1;
    const manifest = `${staging}/manifest.json`;
    const files = new Set(inStaging.filter(({ call }) => call === "create").map(({ file }) => file));
    expect(files.size).toBe(listTree(path.join(folder, "watched", ground.run)).length);
    const created = inStaging.find(({ call, file }) => call === "create" && file === manifest)?.at ?? -1;
    for (const file of files) {
      const synced = lastOf(file, "fsync");
      expect(synced, file).toBeGreaterThan(lastOf(file, "write"));
      if (file !== manifest) expect(synced, file).toBeLessThan(created);
    }
    for (const set of ["", "/cleaned", "/errors", "/exceptions", "/report"]) {
      expect(lastOf(staging + set, "fsync"), set).toBeGreaterThan(lastOf(manifest, "fsync"));
    }
  });
});

/** Places where somebody may have put a link to a file or folder; a run may also remove it, where it needs nothing. */
const places: readonly (readonly [place: string, kind: "file" | "folder", exitCode: 4 | 0])[] = [
  [".", "folder", 4],
  ["run.lock", "file", 4],
  ["run.lock-journal", "file", 4],
  ["run.lock.holder", "file", 4],
  ["ledger.db", "file", 4],
  ["ledger.db-wal", "file", 4],
  ["ledger.db-shm", "file", 4],
  ["<run>", "folder", 4],
  [".work", "folder", 4],
  [".work/<run>", "folder", 4],
  [".work/<run>/shards", "folder", 4],
  [".work/<run>/shards/<shard>", "file", 4],
  [".work/<run>/codes.bin", "file", 4],
  [".work/<run>/repeats.bin", "file", 4],
  [".work/<run>/state.json", "file", 4],
  [".work/<run>/sources", "folder", 0],
  [".work/<run>/staging", "folder", 0],
];

describe("a symbolic link in the place of what a run writes", () => {
  it.each(places)("is not followed: %s", async (place, kind, exitCode) => {
    const out = `link-${place.replace(/\W/g, "-")}`;
    const victim = path.join(folder, `${out}-victim`);
    if (kind === "folder") mkdirSync(victim);
    writeFileSync(kind === "folder" ? path.join(victim, "kept") : victim, "kept");
    const [shard = ""] = readdirSync(path.join(folder, "watched/.work", ground.run, "shards"));
    const named = place.replace("<run>", ground.run).replace("<shard>", shard);
    const link = path.join(folder, out, named);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(victim, link);
    const { stderr } = expectCode(await runLamsach(nightRun(out), { cwd: folder }), exitCode);
    if (exitCode === 4) expect(stderr).toContain("this is a symbolic link");
    if (kind === "folder") expect(readdirSync(victim)).toEqual(["kept"]);
    else expect(readFileSync(victim, "utf8")).toBe("kept");
    rmSync(path.join(folder, out), { recursive: true });
  });

  it.each(["run.lock", "ledger.db"])("nor is a hard link: %s", async (name) => {
    const out = `hard-${name}`;
    const victim = path.join(folder, `${out}-victim`);
    writeFileSync(victim, "");
    mkdirSync(path.join(folder, out));
    linkSync(victim, path.join(folder, out, name));
    const { stderr } = expectCode(await runLamsach(nightRun(out), { cwd: folder }), 4);
    expect(stderr).toContain("hard link");
    expect(lstatSync(victim).size).toBe(0);
  });

  it.each([".new.db.lock", ".new.db.lock-journal"])("nor one beside a register: %s", async (name) => {
    const place = path.join(folder, `register-${name}`);
    mkdirSync(place);
    writeFileSync(path.join(place, "victim"), "");
    symlinkSync("victim", path.join(place, name));
    const build = ["register", "build", "sample/population.csv", "--out", path.join(place, "new.db")];
    expect(expectCode(await runLamsach(build, { cwd: folder }), 4).stderr).toContain("symbolic link");
    expect(lstatSync(path.join(place, "victim")).size).toBe(0);
  });
});

describe("a folder that is replaced while a run uses it", () => {
  it.each([
    ["by a link", "shards", "link", 8],
    ["by nothing", "shards", "nothing", 8],
    ["by a link", "staging", "link", 40],
  ] as const)("is noticed, and nothing is published: %s (%s)", async (_how, name, by, nth) => {
    const replace = { folder: `.work/${ground.run}/${name}`, by };
    expect(await tryFault(ground, `replaced-${name}-${by}`, { calls: ["write"], nth, replace })).toBe(true);
  });

  it("is noticed when it is the whole output folder", async () => {
    const out = path.join(folder, "gone");
    cpSync(path.join(folder, "before"), path.join(out, "runs"), { recursive: true });
    const night = nightRun(path.join(out, "runs"));
    const replace = { folder: "runs", by: "nothing" } as const;
    const fault = { calls: ["write"], nth: 20, replace } as const;
    const { result } = await runWithFault(ground, "gone", night, fault);
    expect(judgeFailure(expectCode(result, 4), fault)).toEqual([]);
    expect(readdirSync(out)).toEqual(["runs.moved"]);
  });
});
