import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expectCode, runLamsach } from "../support/command-line.js";
import { expectKilled, type Rehearsal } from "./rehearsal.js";

/** Two registers: the sample's, and one of the day before, with a person less. */
export interface BuildRehearsal {
  readonly folder: string;
  readonly before: Buffer;
  readonly after: Buffer;
}

/** Builds the register of the day before once, undisturbed. */
export async function prepareBuilds({ folder }: Pick<Rehearsal, "folder">): Promise<BuildRehearsal> {
  const population = readFileSync(path.join(folder, "sample/population.csv"), "utf8").trimEnd().split("\n");
  writeFileSync(path.join(folder, "before.csv"), `${population.slice(0, -1).join("\n")}\n`);
  expectCode(await runLamsach(["register", "build", "before.csv", "--out", "before.db"], { cwd: folder }), 0);
  const [before, after] = ["before.db", "population.db"].map((name) => readFileSync(path.join(folder, name)));
  return { folder, before: before as Buffer, after: after as Buffer };
}

/**
 * Builds the sample's register over the one of the day before, killed at each of the points in turn; all must be
 * reached. What is there is one of the two at any time, and in the end that of an undisturbed build. Gives how often it
 * died.
 */
export async function killBuildInTurn(
  { folder, before, after }: BuildRehearsal,
  name: string,
  killsAt: readonly string[],
): Promise<number> {
  const file = path.join(folder, name);
  const build = ["register", "build", "sample/population.csv", "--out", name];
  writeFileSync(file, before);
  for (const killAt of killsAt) {
    expectKilled(await runLamsach(build, { cwd: folder, env: { LAMSACH_KILL_AT: killAt } }));
    const found = readFileSync(file);
    const isReplaced = killsAt.slice(0, killsAt.indexOf(killAt) + 1).some(isAfterRename);
    if (!found.equals(isReplaced ? after : before)) throw new Error(`${name}: neither register is there`);
  }
  expectCode(await runLamsach(build, { cwd: folder }), 0);
  if (!readFileSync(file).equals(after)) throw new Error(`${name}: not the bytes of an undisturbed build`);
  const left = readdirSync(folder).filter((entry) => entry.startsWith(`.${name}.`));
  if (left.join() !== `.${name}.lock`) throw new Error(`${name}: ${left.join(", ")}; expected a lock alone`);
  return killsAt.length;
}

function isAfterRename(point: string): boolean {
  return point === "register-renamed" || point === "register-published";
}
