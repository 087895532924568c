import { join } from "node:path";
import { drawIdentity, type Mix, type Soil } from "./identity-dirt.js";
import {
  apiShape,
  type LongShape,
  mainShape,
  platformShape,
  stationShape,
  unicodeShape,
} from "./long-shape.js";
import { type LongWriter, openLongWriter } from "./long-writer.js";
import type { SamplePerson } from "./people.js";
import type { Destination, PersonRecords } from "./person-records.js";
import type { Random } from "./random.js";
import { openSink, type Sink } from "./sink.js";
import { openTemplateWriter, type TemplateWriter } from "./template-writer.js";

/** Where a household's records go. */
export interface Route {
  readonly to: Destination;
  readonly writer: LongWriter | TemplateWriter;
  /** Where another station's delivery of the same dose goes. */
  readonly other: LongWriter | null;
}

/** The export files of one sample. */
export interface Exports {
  /** Draws the file for a household; `needsNationality` keeps it out of the template, which has no such column. */
  draw(householdSize: number, needsNationality: boolean): Route;
  write(route: Route, person: SamplePerson, priority: string, records: PersonRecords, soil: Soil): void;
  flush(): Promise<void>;
  /** Closes all files; `parts` hold the truth file by file, in input order. */
  close(): Promise<{ parts: string[]; records: number; names: string[] }>;
}

interface Entry {
  readonly file: string;
  /** Of a thousand households. */
  readonly share: number;
  /** Rows beyond which households go to the main export. */
  readonly maxRows: number;
  open(truth: Sink): LongWriter | TemplateWriter;
}

/** Opens the exports of a sample: every shape, or only the main long CSV. */
export function openExports({
  exportsDir,
  out,
  mix,
  random,
  isLongOnly,
}: {
  exportsDir: string;
  out: string;
  mix: Mix;
  random: Random;
  isLongOnly: boolean;
}): Exports {
  const long = (shape: LongShape, share: number, maxRows = Number.POSITIVE_INFINITY): Entry => ({
    file: shape.file,
    share,
    maxRows,
    open: (truth) => openLongWriter(shape, exportsDir, truth, mix, random),
  });
  const template = (
    file: string,
    share: number,
    maxRows: number,
    kind: Parameters<typeof openTemplateWriter>[3],
  ): Entry => ({ file, share, maxRows, open: (truth) => openTemplateWriter(file, exportsDir, truth, kind) });
  const all = [
    long(apiShape, 70),
    long(mainShape, 560),
    long(platformShape, 230),
    long(unicodeShape, 30),
    long(stationShape, 12, 5000),
    template("template-a.xlsx", 30, 2990, { xlsxShift: 0 }),
    template("template-b.xlsx", 18, 2990, { xlsxShift: 1 }),
    template("template-wide.csv", 50, Number.POSITIVE_INFINITY, "csv"),
  ];
  // Input order: names by code units.
  const entries = all
    .filter((entry) => !isLongOnly || entry.file === mainShape.file)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  const parts = entries.map((entry) => join(out, `.truth-${entry.file}.part`));
  const truths = parts.map((path) => openSink(path, { encoding: "utf-8", hasBom: false, isGzip: false }));
  const writers = entries.map((entry, index) => entry.open(truths[index] as Sink));
  const mainFile = entries.findIndex((entry) => entry.file === mainShape.file);
  const longFiles = writers.flatMap((writer, index) =>
    "shape" in writer && writer.shape.encoding === "utf-8" ? [index] : [],
  );

  function drawFile(householdSize: number): number {
    let roll = isLongOnly ? 0 : random.below(1000);
    let file = entries.findIndex((entry) => {
      roll -= entry.share;
      return roll < 0;
    });
    const writer = writers[file] as LongWriter | TemplateWriter;
    const rows = "rows" in writer ? writer.rows : writer.records;
    if (rows + householdSize * 4 > (entries[file] as Entry).maxRows) file = mainFile;
    return file;
  }
  return {
    draw(householdSize, needsNationality) {
      const drawn = drawFile(householdSize);
      const file = needsNationality && !("shape" in (writers[drawn] as object)) ? mainFile : drawn;
      const writer = writers[file] as LongWriter | TemplateWriter;
      const elsewhere = longFiles.length < 2 ? file : random.pick(longFiles);
      const other = elsewhere === file ? null : (writers[elsewhere] as LongWriter);
      const isLong = "shape" in writer;
      const isOneByte = isLong && writer.shape.encoding === "windows-1258";
      return { to: { isLong, isOneByte, file, elsewhere: other === null ? -1 : elsewhere }, writer, other };
    },
    write(route, person, priority, records, soil) {
      if ("shape" in route.writer) writeLong(route.writer, priority, records);
      else writeTemplate(route.writer, person, priority, records, mix, soil);
      for (const { draft, isElsewhere, twinOf } of records.copies) {
        if (twinOf !== null) continue;
        const writer = isElsewhere ? route.other : route.writer;
        if (writer !== null && "shape" in writer) writer.writeLater(draft, priority, null);
      }
    },
    async flush() {
      await Promise.all([...writers, ...truths].map((file) => file.flush()));
    },
    async close() {
      for (const writer of writers) await writer.close();
      for (const truth of truths) await truth.close();
      const records = writers.reduce((sum, writer) => sum + writer.records, 0);
      return { parts, records, names: entries.map((entry) => entry.file) };
    },
  };
}

function writeLong(writer: LongWriter, priority: string, { drafts, copies }: PersonRecords): void {
  for (const draft of drafts) {
    const row = writer.write(draft, priority, copies.length === 0);
    for (const { draft: copy, twinOf } of copies)
      if (twinOf === draft) writer.writeLater(copy, priority, row);
  }
}

function writeTemplate(
  writer: TemplateWriter,
  person: SamplePerson,
  priority: string,
  { drafts }: PersonRecords,
  mix: Mix,
  soil: Soil,
): void {
  const first = drafts[0];
  if (first !== undefined) {
    writer.write(person, first.identity, priority, drafts);
    return;
  }
  // Somebody listed for a campaign who never came.
  if (mix === "clean" || person.citizenId === "" || !soil.random.chance(0.15)) return;
  writer.write(person, drawIdentity(person, "clean", soil, false), priority, []);
}
