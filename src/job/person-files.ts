import { readAssessment } from "../assess/assessment.js";
import { isSectionsFile, splitByPerson } from "../reconcile/person-sections.js";
import type { FileKey } from "../storage/file-key.js";
import { writeKept } from "../storage/kept-file.js";

/** Where a shard's records by person stand: beside its assessment, of which they are a copy in another order. */
export function locateSections(assessment: string): string {
  return assessment.replace(/\.bin$/, ".people");
}

/** Makes a shard's file of sections from its assessment, sealed as that is, unless it is there for so many partitions. */
export function keepSections(
  assessment: string,
  records: number,
  partitions: number,
  sealKey: FileKey | null,
): void {
  const file = locateSections(assessment);
  if (isSectionsFile(file, partitions, records, sealKey)) return;
  writeKept(file, splitByPerson(readAssessment(assessment, sealKey), records, partitions), sealKey);
}
