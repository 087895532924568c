import { z } from "zod";

/** What a run does with deliveries that are not as they should be. */
export const deliverySettings = z
  .strictObject({
    onRefused: z
      .enum(["stop", "leave-out"])
      .describe(
        "A file that cannot be read stops the run, or is left out of it; the report then says so at its top.",
      )
      .default("stop"),
    control: z
      .enum(["ignored", "optional", "required"])
      .describe(
        "Whether <file>.control.json beside a delivery is held against it: rows (data rows) and sha256 (of the file as delivered).",
      )
      .default("optional"),
  })
  .prefault({});
