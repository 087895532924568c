import { writeFileSync } from "node:fs";
import path from "node:path";
import { Argument, type Command } from "commander";
import { exitCodes, LamsachError } from "../errors.js";
import type { CommandContext } from "./command-outcome.js";

const examples = `
Examples:
  lamsach schema pipeline > pipeline.schema.json
  lamsach schema --out pipelines/schema

Editors with a YAML language server check a file that begins with:
  # yaml-language-server: $schema=./schema/pipeline.schema.json`;

/** `lamsach schema`: JSON Schema of pipeline and policy files, for editors. */
export function addSchemaCommand(program: Command, { effects, finish }: CommandContext): void {
  program
    .command("schema")
    .summary("print the JSON Schema of a pipeline or policy file")
    .description("Prints the JSON Schema of pipeline or policy files, or writes both into a folder.")
    .addArgument(
      new Argument("[kind]", "which one to print").choices(["pipeline", "policy"]).default("pipeline"),
    )
    .option("--out <dir>", "write pipeline.schema.json and policy.schema.json there instead")
    .addHelpText("after", examples)
    .action(async (kind: "pipeline" | "policy", options: { out?: string }) => {
      const { pipelineJsonSchema, policyJsonSchema } = await import("../pipeline/editor-schema.js");
      const texts = {
        pipeline: toSchemaText(pipelineJsonSchema()),
        policy: toSchemaText(policyJsonSchema()),
      };
      const { out } = options;
      if (out === undefined) {
        finish({ exitCode: exitCodes.done, stdout: texts[kind] });
        return;
      }
      for (const [name, text] of Object.entries(texts)) {
        writeSchema(path.resolve(effects.cwd, out, `${name}.schema.json`), text);
      }
      finish({ exitCode: exitCodes.done, stdout: "" });
    });
}

/** The text of a committed schema file. */
export function toSchemaText(schema: unknown): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function writeSchema(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new LamsachError(
      exitCodes.environment,
      `${file}: this cannot be written (${code}); expected a writable folder.`,
    );
  }
}
