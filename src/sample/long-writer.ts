import { join } from "node:path";
import type { Draft } from "./draft.js";
import type { Mix } from "./identity-dirt.js";
import { type LongShape, type RowFault, writeHeader, writePerson, writeRecord } from "./long-shape.js";
import type { Random } from "./random.js";
import { brokenLetter, openSink, type Sink } from "./sink.js";
import { writeTruth } from "./truth.js";

/** Writes records into one long export and their truth beside it. */
export interface LongWriter {
  readonly shape: LongShape;
  /** Records written so far. */
  records: number;
  /** Writes a record; `mayBreak` lets its row become one that cannot be read. Returns the row as written. */
  write(draft: Draft, priority: string, mayBreak: boolean): string;
  /** Writes a record, or a row that was written before, some hundred records later. */
  writeLater(draft: Draft, priority: string, row: string | null): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly due: number;
  readonly draft: Draft;
  readonly priority: string;
  readonly row: string | null;
}

const breakShare: Readonly<Record<Mix, number>> = { real: 0.004, clean: 0, worst: 0.03 };
const rowFaults: readonly RowFault[] = [
  "row-short",
  "row-long",
  "row-stray-quote",
  "row-text-after-quote",
  "row-unclosed-quote",
  "row-broken-utf8",
  "row-nul",
  "row-line-break",
];
// Far enough from the top that what a file is (encoding, header, delimiter) is not in doubt, far enough from each
// other that one broken row never hides another.
const firstBreak = 200;
const breakDistance = 6;

/** The names of what happens to rows. */
export const rowFaultNames: readonly string[] = rowFaults;

/** Opens a long export; its truth goes to `truth`. */
export function openLongWriter(
  shape: LongShape,
  exportsDir: string,
  truth: Sink,
  mix: Mix,
  random: Random,
): LongWriter {
  const sink = openSink(join(exportsDir, shape.file), shape);
  sink.write(writeHeader(shape), 1);
  const waiting: Waiting[] = [];
  let lastBreak = 0;

  function put(draft: Draft, row: string, lines: number, dirt: readonly string[], code: string): void {
    const isUnread = code.startsWith("E1");
    const recordId = draft.recordId === "" || isUnread ? `${shape.file}:${sink.line}` : draft.recordId;
    const citizenId = draft.person.citizenId;
    writeTruth(truth, {
      recordId,
      file: shape.file,
      line: sink.line,
      doseNo: draft.doseNo,
      dirt,
      code,
      citizenId,
    });
    sink.write(row, lines, code === "E11" && row.includes(brokenLetter));
    writer.records++;
    while (waiting.length > 0 && (waiting[0] as Waiting).due <= writer.records) {
      putWaiting(waiting.shift() as Waiting);
    }
    if (shape.hasBlankLines && mix !== "clean" && writer.records % 1999 === 0) sink.write(shape.lineEnd, 1);
  }
  function putWaiting({ draft, priority, row }: Waiting): void {
    const text = row ?? writeRecord(shape, draft, writePerson(shape, draft.identity, draft.person, priority));
    put(draft, text, 1, listDirt(draft), draft.code);
  }
  function drawBreak(draft: Draft): RowFault | null {
    if (!shape.hasRowFaults || writer.records < firstBreak || writer.records - lastBreak < breakDistance)
      return null;
    if (draft.identity.dirt.length + draft.dirt.length > 0 || draft.code !== "C1") return null;
    if (!draft.identity.name.includes(" ")) return null;
    return random.chance(breakShare[mix]) ? random.pick(rowFaults) : null;
  }
  const writer: LongWriter = {
    shape,
    records: 0,
    write(draft, priority, mayBreak) {
      const fault = mayBreak ? drawBreak(draft) : null;
      if (fault === null) {
        const row = writeRecord(shape, draft, writePerson(shape, draft.identity, draft.person, priority));
        put(draft, row, 1, listDirt(draft), draft.code);
        return row;
      }
      lastBreak = writer.records;
      const { row, lines, code } = breakRow(shape, draft, priority, fault);
      put(draft, row, lines, [fault], code);
      return row;
    },
    writeLater(draft, priority, row) {
      waiting.push({ due: writer.records + 40 + random.below(400), draft, priority, row });
      waiting.sort((a, b) => a.due - b.due);
    },
    flush: sink.flush,
    async close() {
      while (waiting.length > 0) putWaiting(waiting.shift() as Waiting);
      await sink.close();
    },
  };
  return writer;
}

function listDirt(draft: Draft): readonly string[] {
  if (draft.dirt.length === 0) return draft.identity.dirt;
  return [...draft.identity.dirt, ...draft.dirt];
}

/** A record's row as a faulty program would write it. */
function breakRow(
  shape: LongShape,
  draft: Draft,
  priority: string,
  fault: RowFault,
): { row: string; lines: number; code: string } {
  const { identity, person } = draft;
  const render = (rawName?: string, rawAddress?: string): string =>
    writeRecord(shape, draft, writePerson(shape, identity, person, priority, rawName, rawAddress));
  const unread = (row: string, code = "E10"): { row: string; lines: number; code: string } => ({
    row,
    lines: 1,
    code,
  });
  const { name } = identity;
  const d = shape.delimiter;
  switch (fault) {
    case "row-short":
      return unread(`${draft.recordId}${d}${writePerson(shape, identity, person, priority)}${shape.lineEnd}`);
    case "row-long":
      return unread(render(`${name}${d}${name}${d}${name}`));
    case "row-stray-quote":
      return unread(render(name.replace(" ", ' "')));
    case "row-text-after-quote":
      return unread(render(`"${name.replace(" ", '" ')}`));
    case "row-unclosed-quote":
      return unread(render(`"${name}`));
    case "row-broken-utf8":
      return unread(render(name.replace(" ", `${brokenLetter} `)), "E11");
    case "row-nul":
      return unread(render(undefined, `${person.address}\u0000`), "E11");
    case "row-line-break":
      return {
        row: render(undefined, `"${person.address}${shape.lineEnd}Khu phố 2"`),
        lines: 2,
        code: draft.code,
      };
  }
}
