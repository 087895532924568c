import { describe, expect, it } from "vitest";
import { readLines, readTableFile } from "./table-file.js";

describe("a table or list of the package that cannot be read", () => {
  it.each([
    ["table", () => readTableFile("pipelines/none/vaccines.csv"), "pipelines/none/vaccines.csv: "],
    ["list", () => readLines("sample-data/none/given.txt"), "sample-data/none/given.txt: "],
  ])("is named with its folder: %s", (_what, read, path) => {
    expect(read).toThrow(path);
  });
});
