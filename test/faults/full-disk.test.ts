import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { repository } from "../support/command-line.js";
import { hashTree } from "../support/tree-hash.js";
import { useWorkFolder } from "../support/work-folder.js";
import { type FaultGround, nightRun, prepareGround } from "./fault-run.js";

const main = path.join(repository, "dist/cli/main.js");
const folder = useWorkFolder();
let ground: FaultGround;
beforeAll(async () => {
  ground = await prepareGround(folder, 4);
});

/** Whether this user may mount a small disk of its own here. */
const canMount =
  spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]).status === 0;

/** Runs a shell script with `lamsach` and `$disk`, a disk of its own of so many kilobytes, and gives what it wrote. */
function onSmallDisk(name: string, kilobytes: number, script: string): string {
  const disk = path.join(folder, name);
  mkdirSync(disk);
  const prelude = [
    "set -u",
    `mount -t tmpfs -o size=${kilobytes}k,mode=700 tmpfs "$disk"`,
    `lamsach() { "${process.execPath}" "${main}" "$@" 2>"$disk.errors"; echo "exit $?"; }`,
  ];
  return execFileSync("unshare", ["-rm", "sh", "-c", [...prelude, script].join("\n")], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, disk },
  });
}

function shellWords(args: readonly string[]): string {
  return args.map((arg) => `'${arg}'`).join(" ");
}

describe.skipIf(!canMount)("a disk that is full (needs the right to mount one)", () => {
  it("is told before a run begins: what is free and what is needed", () => {
    const out = onSmallDisk(
      "told",
      1024,
      `lamsach ${shellWords(nightRun("told/runs"))}; ls "$disk/runs"; cat "$disk.errors"`,
    );
    expect(out).toContain("exit 4");
    expect(out).toMatch(/told\/runs: 1 MB free; expected about \d+ MB for 1 MB of input/);
    expect(out).not.toMatch(/^2023/m);
  });

  it.each([32, 64, 80, 200])(
    "of %i KB ends a run with 4, and with room the same command gives the same bytes",
    (kilobytes) => {
      const name = `full-${kilobytes}`;
      const night = shellWords([...nightRun(`${name}/runs`), "--no-space-check"]);
      const script = `
      lamsach ${night}
      ls "$disk/runs" | grep -c '^2023'
      mount -o remount,size=64m "$disk"
      lamsach ${night}
      cp -r "$disk/runs/${ground.run}" ${name}.published`;
      const lines = onSmallDisk(name, kilobytes, script).split("\n");
      expect(lines.filter((line) => /^(exit \d+|\d+)$/.test(line))).toEqual(["exit 4", "0", "exit 0"]);
      expect(hashTree(path.join(folder, `${name}.published`))).toEqual(ground.expectedAlone);
    },
  );

  it("leaves the register in use as it is", () => {
    // Room for one register of the sample's few people, but not for its successor beside it.
    const build = 'lamsach register build sample/population.csv --out "$disk/new.db"';
    const script = `${build} | grep exit; cksum "$disk/new.db"; ${build}; cksum "$disk/new.db"; ls -A "$disk"; cat "$disk.errors"`;
    const lines = onSmallDisk("register", 56, script).trimEnd().split("\n");
    expect(lines.slice(0, 5)).toEqual(["exit 0", lines[1], "exit 4", lines[1], ".new.db.lock"]);
    expect(lines.at(-1)).toMatch(
      /new\.db: there is no space left \(SQLITE_FULL, 0 MB free\); expected .+\. Make room/,
    );
    expect(lines.filter((line) => line.endsWith(".building"))).toEqual([]);
  });
});
