import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { loadPipeline, resolvePipelinePath } from "./pipeline.js";

const shipped = path.resolve("pipelines/covid19-vaccination.yaml");
const shippedText = readFileSync(shipped, "utf8");
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-pipeline-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** Loads a text as a pipeline file; problems as the lines after the folder's name. */
function problemsOf(text: string | Uint8Array): readonly string[] {
  const file = path.join(dir, "p.yaml");
  writeFileSync(file, text);
  try {
    loadPipeline(file);
    return [];
  } catch (error) {
    if (!(error instanceof LamsachError)) throw error;
    expect(error.exitCode).toBe(exitCodes.usage);
    return error.message.split("\n").map((line) => line.replace(`${dir}/`, ""));
  }
}

/** The shipped file with one text replaced, and the place (`line:column`) where `marker` then stands. */
function edited(from: string, to: string, marker: string): { text: string; place: string } {
  expect(shippedText.split(from)).toHaveLength(2);
  const text = shippedText.replace(from, to);
  const before = text.slice(0, text.indexOf(marker)).split("\n");
  return { text, place: `${before.length}:${(before.at(-1) ?? "").length + 1}` };
}

describe("loadPipeline(file)", () => {
  it("reads the shipped pipeline by the names it uses", () => {
    const pipeline = loadPipeline(shipped);
    expect(pipeline).toMatchObject({
      name: "covid19-vaccination",
      file: shipped,
      policy: "policies/scheme-06.yaml",
      gates: { maxErrorShare: 0.5, minFoundShare: 0.2, minRegisterPeople: 1 },
    });
    expect(pipeline.sources.map(({ name, match }) => [name, match])).toEqual([
      ["platform-template", { layout: "wide" }],
      ["public-api", { file: "*api*" }],
      ["long-export", undefined],
    ]);
    expect(pipeline.rules.programmeStart).toBe("2021-03-08");
    expect(resolvePipelinePath(pipeline, pipeline.policy)).toBe(
      path.resolve("pipelines/policies/scheme-06.yaml"),
    );
  });

  it("takes a list's items as they are written: null, 01 and no are texts", () => {
    expect(loadPipeline(shipped).rules.placeholders).toContain("null");
    const { text } = edited('male: ["1"], female: ["2"]', "male: [01], female: [no]", "[01]");
    writeFileSync(path.join(dir, "p.yaml"), text);
    expect(loadPipeline(path.join(dir, "p.yaml")).sources[1]?.sex).toEqual({ male: ["01"], female: ["no"] });
  });

  it.each([
    ["a key that is not known", "gates:", "gate:", "gate:", "this key is not known"],
    [
      "a list where a text belongs",
      "policy: policies/scheme-06.yaml",
      "policy: [a]",
      "policy:",
      "expected a text",
    ],
    ["a day that is none", "2021-03-08", "2021-02-30", "2021-02-30", "a day of the calendar"],
    ["a share over 1", "maxErrorShare: 0.5", "maxErrorShare: 50", "50\n", "at most 1"],
    ["a count of 0", "maxFieldLines: 100", "maxFieldLines: 0", "0                 # a quoted", "at least 1"],
    ["a dimension that is none", "ward, facility", "wart, facility", "wart", "expected one of"],
    ["a dimension twice", "abroad, file]", "abroad, abroad]", "abroad]", "twice"],
    ["a URL", "tables/vaccines.csv", "https://x.vn/v.csv", "https:", "a URL"],
    ["a home folder", "- ../sample-data/exports/*.csv\n", "- ~/exports/*.csv\n", "~/", "cannot begin with ~"],
    [
      "a control character",
      "policies/scheme-06.yaml",
      '"policies/\\t.yaml"',
      '"policies',
      "control character",
    ],
    ["a backslash", "policies/scheme-06.yaml", "policies\\scheme.yaml", "policies\\", "backslash"],
    ["a drive letter", "policies/scheme-06.yaml", '"C:/policy.yaml"', '"C:', "drive letter"],
    ["a path too long", "policies/scheme-06.yaml", "p".repeat(1025), "pppp", "too long"],
    ["a NUL in a path", "policies/scheme-06.yaml", '"policies/\\0.yaml"', '"policies', "NUL"],
    [
      "a source after the one for every file",
      'match: { file: "*api*" }',
      "match: {}",
      "name: long-export",
      "never used",
    ],
    ["a text of both sexes", 'female: ["2"]', 'female: ["1"]', '"1"] }\n  - name: long', "male too"],
    [
      "one header for two columns",
      "[Tên cơ sở tiêm]",
      "[Họ tên người tiêm]",
      "Họ tên người tiêm]\n\nrules",
      "one column",
    ],
    [
      "pseudonyms by a bare hash",
      "gates:\n",
      "pseudonyms: { columns: [phone], hash: sha256 }\ngates:\n",
      "hash: sha256",
      "not known",
    ],
    [
      "pseudonyms of no column",
      "gates:\n",
      "pseudonyms: { columns: [] }\ngates:\n",
      "columns: []",
      "at least 1",
    ],
    [
      "pseudonyms of a name",
      "gates:\n",
      "pseudonyms: { columns: [full_name] }\ngates:\n",
      "full_name] }",
      "expected one of",
    ],
    [
      "pseudonyms of a column twice",
      "gates:\n",
      "pseudonyms: { columns: [phone, phone] }\ngates:\n",
      "columns: [phone, phone]",
      "twice",
    ],
    ["encryption that may be left out", "gates:\n", "encryption: maybe\ngates:\n", "maybe", "required"],
    [
      "records of any length",
      "maxRecordBytes: 1048576",
      "maxRecordBytes: 67108865",
      "67108865",
      "at most 67108864",
    ],
    ["an alias for no column", "facility_name: [", "facility: [", "facility: [", "not known"],
  ])("says where and what: %s", (_name, from, to, marker, what) => {
    const { text, place } = edited(from, to, marker);
    const problems = problemsOf(text).filter((problem) => problem.includes(what));
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^p\\.yaml:${place}: .*; expected .*\\.$`))]);
  });

  it("points at the parent of a key that is missing", () => {
    const { text, place } = edited("    maxRecordBytes: 1048576            # longer: E12\n", "", "limits:");
    expect(problemsOf(text)).toEqual([
      `p.yaml:${place}: the key \`maxRecordBytes\` is missing; expected a number.`,
    ]);
  });

  it("tells every problem at once, in the order of the file", () => {
    const text = shippedText
      .replace("version: 1", "version: one")
      .replace("maxAgeYears: 120\n", "\n")
      .replace("maxErrorShare: 0.5", "maxErrorShare: lots");
    const problems = problemsOf(`${text}\nextra: 1\n`);
    expect(problems.map((problem) => problem.replace(/^.*?: /, "").replace(/;.*/, ""))).toEqual([
      "this is of another type",
      "the key `maxAgeYears` is missing",
      "this is of another type",
      "this key is not known",
    ]);
    const lines = problems.map((problem) => Number(problem.split(":")[1]));
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it("shows nothing of a file that is no pipeline, such as an export given by mistake", () => {
    const canary = "Nguyễn Văn Không Có";
    const texts = [
      `record_id,full_name,citizen_id\nR1,${canary},000999999999\n`,
      `"${canary}": [1\n`,
      `- ${canary}\n- ${canary}\n`,
      `${canary}: 000999999999\n${canary}: 1\n`,
      `name: ${canary}\nmatch: !!js/function ${canary}\n`,
    ];
    for (const text of texts) {
      const problems = problemsOf(text).join("\n");
      expect(problems).toMatch(/^p\.yaml:\d+:\d+: /);
      expect(problems).not.toMatch(/Nguyễn|000999/);
    }
  });

  it("refuses aliases that stand for too much", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (const [index, name] of [..."bcdefgh"].entries()) {
      const before = String.fromCharCode(97 + index);
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`);
    }
    expect(problemsOf(bomb.join("\n")).join("\n")).toContain("aliases");
  });

  it("refuses tags, two documents, keys twice, and bytes that are no UTF-8", () => {
    expect(problemsOf("name: !!js/function x\n")[0]).toContain("tag");
    expect(problemsOf("a: 1\n---\nb: 2\n")[0]).toContain("second document");
    expect(problemsOf("name: a\nname: b\n")[0]).toMatch(/^p\.yaml:2:1: .*twice/);
    expect(problemsOf(Uint8Array.of(0x61, 0x3a, 0x20, 0xff))[0]).toContain("not UTF-8");
    expect(problemsOf("")[0]).toContain("expected a map");
  });

  it("refuses a file that is missing, and a folder", () => {
    expect(() => loadPipeline(path.join(dir, "none.yaml"))).toThrow(/ENOENT/);
    expect(() => loadPipeline(dir)).toThrow(/not a regular file/);
  });

  it("has a fingerprint of what it says, not of how it is written or where", () => {
    const original = loadPipeline(shipped).fingerprint;
    const moved = path.join(dir, "p.yaml");
    writeFileSync(
      moved,
      `# a comment\n${shippedText.replace("name: covid19-vaccination\nversion: 1\n", "version: 1\nname: covid19-vaccination\n")}`,
    );
    expect(loadPipeline(moved).fingerprint).toBe(original);
    // How long runs are kept must not make them other runs.
    writeFileSync(moved, `${shippedText}\nretention: { runs: 365, log: 400 }\n`);
    expect(loadPipeline(moved)).toMatchObject({ fingerprint: original, retention: { runs: 365, log: 400 } });
    writeFileSync(moved, shippedText.replace("maxAgeYears: 120", "maxAgeYears: 121"));
    expect(loadPipeline(moved).fingerprint).not.toBe(original);
    expect(original).toMatch(/^[0-9a-f]{64}$/);
  });
});
