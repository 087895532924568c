import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { CommandResult } from "../support/command-line.js";
import { listTree } from "../support/tree-hash.js";
import { unzipAll } from "../support/unzip.js";
import { facilityCores, listForms, type MarkerForm, personalCores } from "./marker-forms.js";

/** Where canaries may be: everything that is not named here is searched, new artefacts too. */
export interface LeakRules {
  /** Files that hold records by design. */
  readonly mayHoldRecords: (file: string) => boolean;
  /** Files that show the names of facilities by design. */
  readonly mayHoldFacilities: (file: string) => boolean;
}

const personal = listForms(personalCores);
const facility = listForms(facilityCores);

/** The forms of canaries that stand in some bytes, by name. */
export function findForms(
  bytes: Buffer,
  forms: readonly MarkerForm[] = [...personal, ...facility],
): string[] {
  return forms.filter((form) => bytes.includes(form.bytes)).map(({ name }) => name);
}

/** What a command said that it must not: `<stream>: <form>`. */
export function findSpokenLeaks({ stdout, stderr }: CommandResult): string[] {
  return [
    ...findForms(Buffer.from(stdout)).map((form) => `stdout: ${form}`),
    ...findForms(Buffer.from(stderr)).map((form) => `stderr: ${form}`),
  ];
}

/** The bytes of a file; of a workbook also what is packed in it. */
function readAll(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith(".xlsx") ? Buffer.concat([bytes, unzipAll(bytes)]) : bytes;
}

/** Searches folders again and again; a file that has not changed is not read twice. */
export function createLeakSearch(folder: string, rules: LeakRules): () => string[] {
  const searched = new Map<string, string>();
  return () => {
    const leaks: string[] = [];
    for (const file of listTree(folder)) {
      if (findForms(Buffer.from(file)).length > 0) leaks.push(`${file}: its name`);
      if (rules.mayHoldRecords(file)) continue;
      const full = path.join(folder, file);
      const { ino, size, mtimeMs, ctimeMs } = statSync(full);
      const stamp = [ino, size, mtimeMs, ctimeMs].join(" ");
      if (searched.get(file) === stamp) continue;
      searched.set(file, stamp);
      const forms = rules.mayHoldFacilities(file) ? personal : [...personal, ...facility];
      leaks.push(...findForms(readAll(full), forms).map((form) => `${file}: ${form}`));
    }
    return leaks;
  };
}
