import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const papers = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  "THIRD_PARTY_NOTICES.md",
  "reports/README.md",
];

describe.each(papers)("%s", (paper) => {
  const text = readFileSync(paper, "utf8");

  it("links only to files that are there", () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? "");
    expect(targets.filter((target) => !existsSync(path.join(path.dirname(paper), target)))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
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
