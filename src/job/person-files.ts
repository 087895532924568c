import { readFileSync } from "node:fs";
import { decodeAssessment } from "../assess/assessment.js";
import { isSectionsFile, splitByPerson } from "../reconcile/person-sections.js";
import { writeFileAtomic } from "./atomic-file.js";

/** Where a shard's records by person stand: beside its assessment, of which they are a copy in another order. */
export function locateSections(assessment: string): string {
  return assessment.replace(/\.bin$/, ".people");
}

/** Makes a shard's file of sections from its assessment, unless it is there for so many partitions. */
export function keepSections(assessment: string, records: number, partitions: number): void {
  const file = locateSections(assessment);
  if (isSectionsFile(file, partitions, records)) return;
  const columns = decodeAssessment(readFileSync(assessment), assessment);
  writeFileAtomic(file, splitByPerson(columns, records, partitions));
}
