import { z } from "zod";
import { noHistory, type RunHistory } from "./run-history.js";

const count = z.int().nonnegative();

const setCounts = z.strictObject({ records: count, cleaned: count, errors: count, exceptions: count });

/** One earlier run. */
export const pastRunSchema = z.strictObject({
  id: z.string(),
  asOf: z.iso.date(),
  doses: setCounts,
  people: setCounts,
});

const historySchema = z.strictObject({
  runs: z.array(pastRunSchema).readonly(),
  /** An older lamsach did not keep it: nobody can tell whether silence would have been seen. */
  compared: z.strictObject({ province: count, facility: count }).default(noHistory.compared),
  late: z
    .array(
      z.strictObject({
        dimension: z.enum(["province", "facility"]),
        key: z.string(),
        label: z.string(),
        records: count,
        usual: count,
      }),
    )
    .readonly(),
  neverSent: z
    .array(z.strictObject({ key: z.string(), label: z.string() }))
    .readonly()
    .default([]),
});

/** `report/history.json`: the history as JSON with a final line feed; the same history gives the same bytes. */
export function formatHistoryJson(history: RunHistory): string {
  // What the schema gives has its keys in the schema's order, whatever order they were made in.
  return `${JSON.stringify(historySchema.parse(history), undefined, 2)}\n`;
}

/** Reads what `formatHistoryJson` wrote; null when the text is anything else. */
export function parseHistoryJson(text: string): RunHistory | null {
  try {
    const read = historySchema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
