import { z } from "zod";
import { pipelineSchema } from "./pipeline.js";
import { policySchema } from "./policy.js";

/** JSON Schema (2020-12) of a pipeline file, for editors; some checks are in `loadPipeline` alone. */
export function pipelineJsonSchema(): Readonly<Record<string, unknown>> {
  return toEditorSchema("A lamsach pipeline", pipelineSchema);
}

/** JSON Schema (2020-12) of a policy file, for editors; some checks are in `loadPolicy` alone. */
export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  return toEditorSchema("A lamsach policy", policySchema);
}

function toEditorSchema(title: string, schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    override({ jsonSchema }) {
      // An editor reads the plain list item `null` or `0` as what YAML says; lamsach takes it as a text.
      const { items } = jsonSchema;
      if (typeof items === "object" && !Array.isArray(items) && items.type === "string" && !items.enum) {
        jsonSchema.items = { ...items, type: ["string", "number", "boolean", "null"] } as typeof items;
      }
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, title, ...rest };
}
