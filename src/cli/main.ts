#!/usr/bin/env node
/*
 * Imports nothing beforehand: where few files may be open, the modules themselves cannot be read, and Node would end with
 * a stack and exit 1, which means that a gate withheld the night.
 */
const program = await import("./command-line.js").catch(tellUnloaded);
await program?.obeyCommandLine();

/** That a module is not found can mean that it could not be opened: Node does not say which. */
function tellUnloaded({ code = "unknown error" }: NodeJS.ErrnoException): null {
  process.stderr.write(
    `lamsach: the program cannot be loaded (${code}); expected a whole installation, and at least 256 open files. ` +
      "Raise the limit (ulimit -n), or install lamsach again.\n",
  );
  // As `exitCodes.environment`, which cannot be imported either.
  process.exitCode = 4;
  return null;
}
