import type { Effects } from "../effects.js";
import { exitCodes } from "../errors.js";
import { programVersion } from "../job/program-version.js";
import { createSystemEffects, readLogLevel } from "../job/system-effects.js";
import { explainUnfitNode } from "./node-version.js";
import { reportFailure, runCommandLine } from "./program.js";

/** Does what this process was called for, and leaves the exit code for its end. */
export async function obeyCommandLine(): Promise<void> {
  watchStreams();
  if (refuseNode(process.versions.node)) return;
  const effects = openEffects();
  if (effects === null) return;
  // What no command caught is a bug as well. Node would print the error with the record in it, and end in exit 1.
  process.on("uncaughtException", (error) => process.exit(reportFailure(error, effects)));
  const { exitCode, stdout } = await runCommandLine(process.argv.slice(2), programVersion, effects);
  process.exitCode = exitCode;
  if (stdout !== "") effects.stdout(stdout);
}

/** Says why nothing is begun on this version of Node, where it would end the process in the middle. */
function refuseNode(version: string): boolean {
  const fault = explainUnfitNode(version);
  if (fault === null) return false;
  process.stderr.write(`lamsach: node: ${fault}.\n`);
  process.exitCode = exitCodes.environment;
  return true;
}

function watchStreams(): void {
  // A reader that has enough (`lamsach codes | head -1`) is no failure; the exit code is set before anything is written.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCodes.done);
    process.stderr.write(
      `lamsach: stdout cannot be written (${error.code ?? "unknown error"}); expected space there.\n`,
    );
    process.exit(exitCodes.environment);
  });
  process.stderr.on("error", () => {
    // Nobody reads what is said; the work goes on.
  });
}

function openEffects(): Effects | null {
  try {
    return createSystemEffects({ level: readLogLevel(process.env.LAMSACH_LOG) });
  } catch (error) {
    const quiet = createSystemEffects({ level: "silent" });
    process.exitCode = reportFailure(error, quiet);
    return null;
  }
}
