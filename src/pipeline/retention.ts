import { z } from "zod";

/** The law's three months have up to so many days. */
const minLogDays = 92;

const days = z.int().min(1).max(36_500);

/** How long what a run leaves is kept, in days; what is not named is kept until somebody removes it. */
export const retentionSchema = z
  .strictObject({
    runs: days
      .describe("Days after its end that a run is kept: outputs, assessments, ledger row.")
      .exactOptional(),
    work: days
      .describe("Days after its end that a run's assessments are kept, which `judge` and `explain` read.")
      .exactOptional(),
    log: days
      .refine((count) => count >= minLogDays, {
        error: `this is less than the three months that Cybersecurity Law 116/2025 and Decree 331/2026 ask for; expected ${minLogDays} days or more`,
      })
      .meta({
        description:
          "Days that the audit log is kept, in whole months: three months at least (Cybersecurity Law 116/2025, Decree 331/2026; from a secondary source).",
        minimum: minLogDays,
      })
      .exactOptional(),
  })
  .describe("What `lamsach purge --expired` removes; a run by itself removes nothing.");
