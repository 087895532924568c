import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => ({
    file: file.split(path.sep).join("/"),
    text: readFileSync(path.join("src", file), "utf8"),
  }));

/** The arguments of every call of a logger. */
function findLogCalls(text: string): string[] {
  return [...text.matchAll(/\blog\.(?:fatal|error|warn|info|debug|trace)\(([^;]*?)\)[;,]/g)].map(([, args]) =>
    (args as string).replace(/\s+/g, " ").trim(),
  );
}

/** Named fields, if any, and a text that is written in the code, or one of two. */
const plainCall = /^(?:\{ (?:\w+(?:: (?:[\w.]+|"\w+"))?(?:, )?)+ \}, )?(?:\w+ \? "[^"$]+" : )?"[^"$]+"$/;

/** Where the text of an error may be read, and why. */
const readers: Readonly<Record<string, string>> = {
  "cli/machine-checks.ts": "a LamsachError, whose message is ours",
  "cli/program.ts": "a LamsachError, whose message is ours",
  "job/metrics-file.ts": "a LamsachError, whose message is ours",
  "job/stop-signals.ts": "a LamsachError, whose message is ours",
  "job/system-effects.ts": "a LamsachError's message, and frames without theirs",
  "pipeline/problem-text.ts": "an issue of our own rules",
  "pipeline/tables.ts": "a LamsachError, whose message is ours",
  "serve/serve-reports.ts": "a LamsachError, whose message is ours",
  "threads/thread-answer.ts": "takes an error to the main thread",
};

describe("what is logged and said", () => {
  it("is in the code: every log call has named fields and a text without values", () => {
    const calls = sources.flatMap(({ file, text }) => findLogCalls(text).map((args) => ({ file, args })));
    expect(calls.length).toBeGreaterThan(4);
    expect(calls.filter(({ args }) => !plainCall.test(args))).toEqual([]);
    const withError = calls.filter(({ args }) => /\berr\b/.test(args)).map(({ file }) => file);
    expect(withError).toEqual(["cli/program.ts"]);
  });

  it.each([
    ["log.error(error);"],
    ["effects.log.warn({ err: error }, error.message);"],
    ["effects.log.info({ rows }, `read $" + "{name}`);"],
    ["log.debug(`$" + "{row}`);"],
  ])("would not be, and fail, as %s", (line) => {
    expect(findLogCalls(line).filter((args) => !plainCall.test(args))).toHaveLength(1);
  });

  it("is never the text of an error, but where it is named here", () => {
    const found = sources
      .filter(({ text }) => /\.(?:message|stack)\b|\b(?:const|let) \{[^}]*\b(?:message|stack)\b/.test(text))
      .map(({ file }) => file);
    expect(found.sort()).toEqual(Object.keys(readers).sort());
  });

  it("goes through the effects: only they, the command line, its entry and the last word of a stopped run write to the terminal", () => {
    const writers = sources.filter(({ text }) => /process\.std(?:out|err)\.write/.test(text));
    expect(writers.map(({ file }) => file).sort()).toEqual([
      "cli/command-line.ts",
      "cli/main.ts",
      "job/stop-signals.ts",
      "job/system-effects.ts",
    ]);
  });
});
