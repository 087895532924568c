import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Draft, Identity } from "./draft.js";
import type { SamplePerson } from "./people.js";
import { explainWriteFailure, openSink, type Sink } from "./sink.js";
import {
  type TemplateCell,
  templateFirstRow,
  writeTemplateHead,
  writeTemplateLine,
  writeTemplateRow,
} from "./template-shape.js";
import { writeTruth } from "./truth.js";
import { packTemplate } from "./workbook.js";

/** Writes people into one copy of the platform's template and their truth beside it. */
export interface TemplateWriter {
  readonly file: string;
  /** Rows written so far. */
  rows: number;
  records: number;
  /** Writes a person's doses as one row; without any the row counts as one record of dose 1. */
  write(person: SamplePerson, identity: Identity, priority: string, drafts: readonly Draft[]): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** The name of what a row without any dose is. */
export const emptyRowName = "template-no-dose";

/** Opens the template as a workbook (`shift` columns inserted at its left), or as CSV. */
export function openTemplateWriter(
  file: string,
  exportsDir: string,
  truth: Sink,
  kind: { readonly xlsxShift: 0 | 1 } | "csv",
): TemplateWriter {
  const path = join(exportsDir, file);
  const sink = kind === "csv" ? openSink(path, { encoding: "utf-8", hasBom: true, isGzip: false }) : null;
  sink?.write(writeTemplateHead(), templateFirstRow - 1);
  const rows: TemplateCell[][] = [];

  function putTruth(
    line: number,
    person: SamplePerson,
    doseNo: number,
    dirt: readonly string[],
    code: string,
  ): void {
    const recordId = `${file}:${line}:${doseNo}`;
    writeTruth(truth, { recordId, file, line, doseNo, dirt, code, citizenId: person.citizenId });
    writer.records++;
  }
  const writer: TemplateWriter = {
    file,
    rows: 0,
    records: 0,
    write(person, identity, priority, drafts) {
      const line = templateFirstRow + writer.rows;
      writer.rows++;
      const cells = writeTemplateRow(writer.rows, identity, person, priority, drafts);
      if (sink === null) rows.push(cells);
      else sink.write(writeTemplateLine(cells), 1);
      if (drafts.length === 0) putTruth(line, person, 1, [emptyRowName], "E23");
      for (const draft of [...drafts].sort((a, b) => a.doseNo - b.doseNo)) {
        putTruth(line, person, draft.doseNo, [...identity.dirt, ...draft.dirt], draft.code);
      }
    },
    async flush() {
      await sink?.flush();
    },
    async close() {
      if (sink !== null) await sink.close();
      else if (kind !== "csv") {
        await writeFile(path, packTemplate(rows, kind.xlsxShift)).catch((error) => {
          throw explainWriteFailure(path, error);
        });
      }
    },
  };
  return writer;
}
