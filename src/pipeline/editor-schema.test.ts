import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pipelineJsonSchema, policyJsonSchema } from "./editor-schema.js";

describe("the committed JSON Schemas", () => {
  it.each([
    ["pipelines/schema/pipeline.schema.json", pipelineJsonSchema],
    ["pipelines/schema/policy.schema.json", policyJsonSchema],
  ])("%s is up to date (npm run schema)", (file, schemaOf) => {
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schemaOf());
  });

  it("names the files that the pipelines point editors at", () => {
    const first = (file: string) => readFileSync(file, "utf8").split("\n")[0];
    expect(first("pipelines/covid19-vaccination.yaml")).toContain("$schema=./schema/pipeline.schema.json");
    expect(first("pipelines/policies/scheme-06.yaml")).toContain("$schema=../schema/policy.schema.json");
  });

  it("lets an editor complete findings and codes", () => {
    const text = JSON.stringify(policyJsonSchema());
    expect(text).toContain('"citizen-id.blank"');
    expect(text).toContain('"X34"');
    expect(text).not.toContain('"C1"');
  });
});
