import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { LamsachError } from "../errors.js";
import { readYamlFile } from "./yaml-file.js";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-yaml-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function problemsOf(text: string): readonly string[] {
  const file = path.join(dir, "f.yaml");
  writeFileSync(file, text);
  try {
    readYamlFile({ path: file, name: "f.yaml", schema: z.unknown(), check: () => [] });
    return [];
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    return error.message.split("\n");
  }
}

const indentOrAdd = "Add it; if it is there, indent the lines up to it further than the key.";
const openList = `this \`[\` is not closed; expected \`]\` at the end of the list. ${indentOrAdd}`;
const openMap = `this \`{\` is not closed; expected \`}\` at the end of the map. ${indentOrAdd}`;
const openText = (quote: string) =>
  `this \`${quote}\` is not closed; expected \`${quote}\` at the end of the text. ${indentOrAdd}`;
const tab = "a tab is used to indent; expected spaces. Put spaces in its place.";

describe("readYamlFile({ path, … }), of a file that is no YAML", () => {
  it.each<[what: string, text: string, ...problems: string[]]>([
    ["a list", "name: a\ninputs: [a.csv\nversion: 1\n", `2:9: ${openList}`],
    ["a list at the end of the file", "name: a\ninputs: [a.csv", `2:9: ${openList}`],
    ["a list whose lines are not indented", "x:\n  inputs: [\n  a.csv\n  ]\n", `2:11: ${openList}`],
    ["a list before a comment", "a: [x # ]\nb: 1\n", `1:4: ${openList}`],
    ["a list with CRLF", "a: [x\r\nb: 1\r\n", `1:4: ${openList}`],
    ["a list that is the file", "[a\nb: 1\n", `1:1: ${openList}`],
    ["a map", "- match: { file: a\n  sex: { male: [a], female: [b] }\n", `1:10: ${openMap}`],
    ["a list in a list", "a: [x, [y\nb: 1\n", `1:4: ${openList}`, `1:8: ${openList}`],
    ["a double quote", 'name: "abc\nversion: 1\n', `1:7: ${openText('"')}`],
    ["a single quote", "name: 'abc\nversion: 1\n", `1:7: ${openText("'")}`],
    ["a quote, with a quoted text later on", "a:\n  - 'x\n  - 'y'\n", `2:5: ${openText("'")}`],
    ["a quote that swallows the end of its list", 'a: ["x, y]\nb: 1\n', `1:5: ${openText('"')}`],
    [
      "one of each",
      'a: [x\nb: {y: 1\nc: "z\n',
      `1:4: ${openList}`,
      `2:4: ${openMap}`,
      `3:4: ${openText('"')}`,
    ],
    [
      "a list, with a key twice after it",
      "a: [x\nb: 1\nb: 2\n",
      `1:4: ${openList}`,
      "3:1: this key stands twice in its map; expected each key once.",
    ],
  ])("says which bracket or quote is open: %s", (_what, text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems.map((problem) => `f.yaml:${problem}`));
  });

  it.each([
    [
      "a bracket of another kind",
      "sex: { male: [a,\n  b, female: [c] }\nd: 1\n",
      "1:14: this `[` is followed by `}` in line 2; expected `]` before it. Add the `]`, or correct the other.",
    ],
    [
      "a bracket too many",
      "a: [x]]\nb: 1\nc: 2\n",
      "1:7: this `]` closes nothing; expected `[` before it. Remove the one, or add the other.",
    ],
    ["a tab before a key", "a:\n\tb: 1\n", `2:1: ${tab}`],
    ["a tab after spaces", "a:\n  \tb: 1\n", `2:3: ${tab}`],
    ["a tab before a list's item", "a:\n  - x\n\t- y\n", `3:1: ${tab}`],
    ["a tab within brackets", "a: [x,\n\ty]\n", `2:1: ${tab}`],
    ["a tab within quotes", 'a: "x\n\ty"\nb: 1\n', `2:1: ${tab}`],
    [
      "a glob that is read as an alias",
      "match: { file: *api* }\n",
      "1:16: this alias names no anchor; expected an anchor before it. A text that begins with `*` goes in quotes.",
    ],
    [
      "a column that is none of those above",
      "a:\n    b: 1\n  c: 2\n",
      "3:1: the indentation does not fit the lines above; expected the columns of a list or map to line up.",
    ],
    [
      "a key under a value",
      "a: 1\n  b: 2\n",
      "1:4: a key or list begins within a value; expected it in the column of those beside it, or the value in quotes.",
    ],
    [
      "a colon without its space",
      "a:1\nb: 2\n",
      "1:1: a key goes over several lines; expected `key: value`, with a space after the colon.",
    ],
    [
      "no comma",
      "a: {b c: d e: 1}\n",
      "1:10: a key or list begins within an entry; expected a comma before each entry.",
    ],
  ])("says once what is wrong: %s", (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([`f.yaml:${problem}`]);
  });

  it("takes an alias after its anchor, tabs that indent nothing, and brackets and quotes within text", () => {
    expect(problemsOf("a: [x,\n  \ty]\nb:\tz\nc: it's 5\" [\nd: \"]\\\"\"\ne: 'it''s'\n")).toEqual([]);
  });

  it("shows nothing of the file", () => {
    const canary = "Nguyễn Văn Không Có";
    for (const mark of ["[", "{", '"', "'", "]", "[[}", "\t", "%", "- ["]) {
      const problems = problemsOf(`a: ${mark}${canary}: 000999999999\n${canary}\n\t${canary}: ${canary}\n`);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.join("\n")).not.toMatch(/Nguyễn|000999/);
    }
  });
});
