import { z } from "zod";

const share = z.number().min(0).max(1);

/** Bounds of a night. Those against the last published run of the pipeline in the same output folder pass when there is none. */
export const gateSettings = z
  .strictObject({
    maxErrorShare: share.describe("Of the records."),
    minFoundShare: share.describe(
      "Of the records delivered with 12 digits: those the register holds. More than 0 asks that there are any.",
    ),
    minRegisterPeople: z.int().min(0),
    minRecords: z.int().min(0).describe("Of all files together; not asked for unless said.").exactOptional(),
    minRecordsOfLast: share.describe("Records, of those of the last run. 0: not asked for.").default(0),
    minRegisterOfLast: share
      .describe("People in the register, of those of the last run. 0: not asked for.")
      .default(0),
    maxFoundShareDrop: share
      .describe(
        "How far the share that the register holds, of the numbers or of all records that can be read, may fall below that of the last run. 1: not asked for.",
      )
      .default(1),
  })
  .describe("A run outside these bounds publishes nothing and ends with exit code 1.");

export type GateSettings = z.output<typeof gateSettings>;
