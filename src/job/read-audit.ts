import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import type { AuditResult } from "../report/audit-result.js";
import { locateRun } from "./workspace.js";

const share = z.number().min(0).max(1);
const count = z.int().nonnegative();

/** What is kept of an audit: counts, and what they are of. */
export const keptAuditSchema = z.strictObject({
  format: z.literal(1),
  run: z.string(),
  /** SHA-256 of the manifest of the run that was checked. */
  manifest: z.string().regex(/^[0-9a-f]{64}$/),
  /** What draws the sample again. */
  seed: count,
  size: count,
  result: z.strictObject({
    population: count,
    checkedOn: z.iso.date(),
    strata: z.array(
      z.strictObject({ code: z.string(), population: count, drawn: count, checked: count, right: count }),
    ),
    right: share,
    low: share,
    high: share,
  }),
});

/**
 * What people found who checked a run of the output folder `out`; null: not audited. A file that is there and is no
 * result of this run is a `LamsachError` (exit 4).
 */
export function readAudit(out: string, runId: string): AuditResult | null {
  const { audit } = locateRun(out, runId);
  if (!existsSync(audit)) return null;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(audit, "utf8"));
  } catch {
    content = null;
  }
  const kept = keptAuditSchema.safeParse(content);
  if (kept.success && kept.data.run === runId) return kept.data.result;
  throw new LamsachError(
    exitCodes.environment,
    `${audit}: this is no audit result of the run; expected what \`lamsach audit-result\` writes. Delete it, and enter the answers again.`,
  );
}
