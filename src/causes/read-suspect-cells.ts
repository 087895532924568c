import { fieldText } from "../ingest/read-field.js";
import { readRow } from "../ingest/read-row.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import type { FindingId } from "../judge/findings.js";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";
import type { SampledRecord } from "./sample-records.js";

/** Cells in which many people have one value by mistake alone, by the field of a finding. */
const columnByField = {
  citizen_id: "citizen_id",
  record: "citizen_id",
  full_name: "full_name",
  birth_date: "birth_date",
  vaccination_date: "vaccination_date",
} as const;

/** The column that a finding is about; null when its cells tell nothing more. */
export function columnOf(finding: FindingId): (typeof columnByField)[keyof typeof columnByField] | null {
  if (finding.endsWith(".blank")) return null;
  return (
    (columnByField as Readonly<Record<string, ReturnType<typeof columnOf>>>)[
      findingCatalogue[finding].field
    ] ?? null
  );
}

/** Texts of a column in some records of a source, outer spaces left out, in the records' order. */
export function readSuspectCells(
  source: Source,
  records: readonly Pick<SampledRecord, "offset" | "doseSlot">[],
  column: NonNullable<ReturnType<typeof columnOf>>,
  limits: Parameters<typeof readRow>[3],
): string[] {
  return withOpenFile(source.bytesPath, O_RDONLY, (file) =>
    records.map(({ offset, doseSlot }) => readCell(readRow(file, offset, source, limits), doseSlot)),
  );

  function readCell(batch: Batch, doseSlot: number): string {
    const columns =
      column === "vaccination_date" && doseSlot > 0 ? source.doses[doseSlot - 1] : source.columns;
    return fieldText(batch, 0, columns?.[column as "vaccination_date"] ?? -1).trim();
  }
}

/** Share of the texts that are the commonest one; blank ones are none. */
export function measureCommonest(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.length === 0 ? 0 : Math.max(0, ...counts.values()) / texts.length;
}
