import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../support/command-line.js";
import { useWorkFolder } from "../support/work-folder.js";

const main = path.join(repository, "dist/cli/main.js");
const folder = useWorkFolder();

/** Node 20 reads its modules at once; later ones need fewer files for them, and then some for each thread. */
const limits = Number(process.versions.node.split(".")[0]) < 22 ? [32, 40] : [26, 30];

describe("where too few files may be open to begin", () => {
  it.each(limits)("a run ends with 4 and one sentence, and makes nothing: %i files", (files) => {
    const script = `ulimit -n ${files} && exec "$@"`;
    const night = ["run", "night.yaml", "--register", "population.db"];
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["-c", script, "bash", process.execPath, main, ...night],
      { cwd: folder, encoding: "utf8" },
    );
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toMatch(
      /^lamsach: (?:the program cannot be loaded \((?:EMFILE|ERR_MODULE_NOT_FOUND)\)|threads: one cannot be started); expected .+256 open files.+ulimit -n.+\n$/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
