import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { writeCompletion } from "./completion-script.js";

const program = new Command("lamsach");
program.option("--log-level <level>", "how much is logged");
program
  .command("run")
  .description("it's one night: all of it")
  .option("--out <dir>", "where")
  .option("--json", "object");
program
  .command("register")
  .description("the register")
  .command("build")
  .description("build it")
  .option("--force", "so");

/** What bash offers for a line whose last word is being typed. */
function completeInBash(...words: readonly string[]): readonly string[] {
  const script = `${writeCompletion(program, "bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length - 1}
_lamsach
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("writeCompletion(program, shell)", () => {
  it("lets bash complete commands, commands of commands, and options", () => {
    expect(completeInBash("lamsach", "")).toEqual(["run", "register", "--log-level", "--help"]);
    expect(completeInBash("lamsach", "re")).toEqual(["register"]);
    expect(completeInBash("lamsach", "register", "")).toEqual(["build", "--help"]);
    expect(completeInBash("lamsach", "register", "build", "--f")).toEqual(["--force"]);
    expect(completeInBash("lamsach", "run", "pipeline.yaml", "--")).toEqual(["--out", "--json", "--help"]);
  });

  it.each(["zsh", "fish"] as const)("writes every command and option for %s", (shell) => {
    const script = writeCompletion(program, shell);
    for (const word of ["run", "register", "build", "out", "json", "force", "log-level"])
      expect(script).toContain(word);
  });

  it("keeps quotes and colons of descriptions from ending a word", () => {
    expect(writeCompletion(program, "zsh")).toContain(`'run:it'\\''s one night\\: all of it'`);
    expect(writeCompletion(program, "fish")).toContain(`-d 'it\\'s one night: all of it'`);
  });
});
