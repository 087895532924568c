import { z } from "zod";

/** Columns whose cells can be given pseudonyms: numbers that say who somebody is. */
export const pseudonymColumns = ["citizen_id", "phone", "health_insurance_no"] as const;
export type PseudonymColumn = (typeof pseudonymColumns)[number];

/** The part of a pipeline file that says how its outputs are protected. */
export const protectionSettings = {
  encryption: z
    .literal("required")
    .describe("The sets and the change log are sealed, and a run without a key is refused.")
    .exactOptional(),
  pseudonyms: z
    .strictObject({
      columns: z
        .array(z.enum(pseudonymColumns))
        .min(1)
        .refine((columns) => new Set(columns).size === columns.length, {
          error: "a column stands in the list twice; expected each once",
        }),
    })
    .describe("Columns in whose place the outputs hold pseudonyms (HMAC-SHA-256 under the run's key).")
    .exactOptional(),
};
