import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { listCommands, program } from "../../test/support/command-list.js";

const papers = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "THIRD_PARTY_NOTICES.md",
  "reports/README.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** What is in code: between backquotes, in fences, and in lines that are indented by four. */
function readCode(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, code]) =>
    (code ?? "").split("\n"),
  );
  const rest = text.replace(/^ *```\w*\n[\s\S]*?^ *```/gm, "");
  const inline = [...rest.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? "");
  const indented = [...rest.matchAll(/^ {4}(.+)$/gm)].map(([, code]) => code ?? "");
  return [...fenced, ...inline, ...indented];
}

/** What follows `lamsach` where it is called: at the beginning of a line, behind a path, a variable or a shell's word. */
function findCalls(text: string): readonly string[] {
  return readCode(text).flatMap((line) =>
    [...line.matchAll(/(?:^|[/;&|] ?|[A-Z_]=\S+ )lamsach ([^;&|#]+)/g)].map(([, call]) =>
      (call ?? "").trim(),
    ),
  );
}

/** What stands in files, and is no call. */
const inscriptions = ["sealed file", "pseudonym"];

/** What a call names that the program does not know; null when it is right. */
function findUnknown(call: string): string | null {
  const words = call.split(/\s+/);
  const known = listCommands().filter(({ words: own }) => own.every((word, at) => words[at] === word));
  const called = known.at(-1);
  if (inscriptions.includes(call)) return null;
  if (called === undefined) return words[0]?.startsWith("--") || words[0] === "help" ? null : call;
  const options = [...called.command.options, ...program.options].map(({ long }) => long);
  const unknown = words.filter((word) => word.startsWith("--") && word !== "--help");
  return unknown.every((flag) => options.includes(flag)) ? null : call;
}

describe.each(papers)("%s", (paper) => {
  const text = readFileSync(paper, "utf8");

  it("links only to files that are there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !existsSync(path.join(path.dirname(paper), target)))).toEqual([]);
  });

  it("calls only commands and options that exist", () => {
    expect(findCalls(text).filter((call) => findUnknown(call) !== null)).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("the search for calls in the papers", () => {
  it("finds what is called, in a line, a unit and a crontab", () => {
    const text = [
      "`lamsach runs --out x` and `lamsach frobnicate`, lamsach itself",
      "```\nExecStart=/usr/bin/lamsach run x.yaml --fast\n0 2 * * * cd x && LAMSACH_LOG=info lamsach judge x > y\n```",
    ].join("\n");
    const calls = findCalls(text);
    expect(calls).toHaveLength(4);
    expect(calls.filter((call) => findUnknown(call) !== null)).toEqual(["run x.yaml --fast", "frobnicate"]);
  });
});

describe("THIRD_PARTY_NOTICES.md", () => {
  it("names every table that is shipped", () => {
    const notices = readFileSync("THIRD_PARTY_NOTICES.md", "utf8");
    const files = ["pipelines/tables", "sample-data/names"].flatMap((dir) =>
      readdirSync(dir).map((name) => `${dir}/${name}`),
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !notices.includes(`\`${file}\``))).toEqual([]);
  });
});

describe(".ci/run", () => {
  it("can be run, and runs every check that package.json has", () => {
    expect(statSync(".ci/run").mode & 0o111).not.toBe(0);
    const steps = [...readFileSync(".ci/run", "utf8").matchAll(/^step npm (?:run )?([a-z-]+)$/gm)].map(
      ([, name]) => name,
    );
    expect(steps).toEqual(["ci", "lint", "check", "dead-code", "test", "nightly"]);
  });
});
