#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Effects } from "../effects.js";
import { exitCodes, LamsachError } from "../errors.js";
import { createSystemEffects, readLogLevel } from "../job/system-effects.js";
import { reportFailure, runCommandLine } from "./program.js";

const manifest = z.object({ version: z.string() });

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

// The first signal stops at the next safe place, the second at once.
const stopper = new AbortController();
for (const [signal, exitCode] of [
  ["SIGINT", exitCodes.interrupted],
  ["SIGTERM", exitCodes.terminated],
] as const) {
  process.on(signal, () => {
    if (stopper.signal.aborted) process.exit(exitCode);
    stopper.abort(
      new LamsachError(
        exitCode,
        `stopped by ${signal}; nothing was published. The same command goes on from here.`,
      ),
    );
  });
}

const effects = openEffects();
if (effects !== null) {
  const { version } = manifest.parse(
    JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")),
  );
  const { exitCode, stdout } = await runCommandLine(process.argv.slice(2), version, effects);
  process.exitCode = exitCode;
  if (stdout !== "") effects.stdout(stdout);
}

function openEffects(): Effects | null {
  try {
    return createSystemEffects({ level: readLogLevel(process.env.LAMSACH_LOG), stop: stopper.signal });
  } catch (error) {
    const quiet = createSystemEffects({ level: "silent" });
    process.exitCode = reportFailure(error, quiet);
    return null;
  }
}
