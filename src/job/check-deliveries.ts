import { readHeader } from "../assess/assessment.js";
import type { FileKey } from "../storage/file-key.js";
import type { AssessedShard } from "./assess-phase.js";
import { type OpenedInputs, refuseInputs } from "./open-inputs.js";
import type { RunPlan } from "./plan-run.js";

/** A run's deliveries and what was read of them. */
export interface ReadDeliveries extends OpenedInputs {
  /** In the order of the sources; `source` is a position among them. */
  readonly shards: readonly AssessedShard[];
}

/**
 * Holds what was read against the rows that the control files say: CSV that was cut between two rows looks whole.
 * Throws `LamsachError` (exit 3) for a delivery with other rows, or gives the others and leaves it out, as the pipeline
 * says and when there are others.
 */
export function requireRows(
  { inputs, pipeline: { deliveries }, protection }: Pick<RunPlan, "inputs" | "pipeline" | "protection">,
  { sources, leftOut, shards }: ReadDeliveries,
): ReadDeliveries {
  const reasons = sources.map(({ name }, position) => {
    const control = inputs.find((input) => input.name === name)?.control;
    if (control === null || control === undefined || "fault" in control || control.rows === undefined)
      return null;
    const own = shards.filter(({ source }) => source === position);
    const rows = countRows(own, protection.sealKey);
    return rows === control.rows
      ? null
      : {
          reason: `the file has ${rows} rows; expected ${control.rows} by its control file. Deliver it again`,
          reasonVi: `Tệp có ${rows} dòng, nhưng tệp kiểm soát ghi ${control.rows} dòng. Hãy gửi lại tệp.`,
        };
  });
  const refused = sources.flatMap(({ name }, position) => {
    const reason = reasons[position] ?? null;
    return reason === null ? [] : [{ name, ...reason }];
  });
  if (refused.length === 0) return { sources, leftOut, shards };
  if (deliveries.onRefused === "stop" || refused.length === sources.length) throw refuseInputs(refused);
  const kept = [...sources.keys()].filter((position) => reasons[position] === null);
  return {
    sources: sources.filter((_, position) => kept.includes(position)),
    leftOut: [...leftOut, ...refused].sort((a, b) => (a.name < b.name ? -1 : 1)),
    shards: shards
      .filter(({ source }) => kept.includes(source))
      .map((shard) => ({ ...shard, source: kept.indexOf(shard.source) })),
  };
}

function countRows(shards: readonly AssessedShard[], sealKey: FileKey | null): number {
  return shards.reduce((sum, { file }) => sum + readHeader(file, sealKey).rows, 0);
}
