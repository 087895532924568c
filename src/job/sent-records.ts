import { readSync } from "node:fs";
import path from "node:path";
import {
  type SenderDimension,
  type Sent,
  type SentRecords,
  senderDimensions,
} from "../report/late-deliveries.js";
import { O_NOFOLLOW, O_RDONLY, withOpenFile } from "../storage/open-file.js";

const chunkBytes = 1 << 20;
const lineFeed = 10;

/** A dimension's line in `report/summary.json`, and how the line of one of its values begins: see `formatSummaryJson`. */
const headingLine = /^ {4}"([a-z]+)": \[$/;
const rowLine = /^ {6}\{"key":("(?:[^"\\]|\\.)*"),"label":("(?:[^"\\]|\\.)*"),"doses":\{"records":(\d+),/;

/**
 * What every sender of a published run sent, from its `report/summary.json`, which has a line for each value of a
 * dimension and, for a nation, tens of megabytes: of it no more than a megabyte is held, and of a line no more is parsed
 * than is asked for. Throws when it cannot be read, is cut short, or when the rows do not add up to the run's `records`.
 */
export function readSentRecords(runDir: string, records: number): SentRecords {
  const sent: Partial<Record<SenderDimension, Map<string, Sent>>> = {};
  let current: Map<string, Sent> | null = null;
  let end = "";
  forEachLine(path.join(runDir, "report/summary.json"), (bytes) => {
    const isRow = bytes[5] === 0x20;
    if (isRow && current === null) return;
    const line = bytes.toString("utf8");
    if (!isRow) {
      const heading = headingLine.exec(line)?.[1];
      const dimension = senderDimensions.find((name) => name === heading);
      current = dimension === undefined ? null : new Map();
      if (dimension !== undefined && current !== null) sent[dimension] = current;
      end = line;
      return;
    }
    const [, key, label, count] = rowLine.exec(line) ?? [];
    if (key === undefined || label === undefined) throw new Error("a row of the summary is damaged");
    current?.set(JSON.parse(key), { label: JSON.parse(label), records: Number(count) });
  });
  if (end !== "}") throw new Error("the summary is cut short");
  for (const senders of Object.values(sent)) {
    const sum = [...senders.values()].reduce((all, { records: part }) => all + part, 0);
    if (sum !== records) throw new Error("the summary does not add up");
  }
  return sent;
}

function forEachLine(file: string, take: (line: Buffer) => void): void {
  withOpenFile(file, O_RDONLY | O_NOFOLLOW, (handle) => {
    const chunk = Buffer.alloc(chunkBytes);
    let rest = Buffer.alloc(0);
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, size)]);
      let start = 0;
      for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
        take(bytes.subarray(start, end));
        start = end + 1;
      }
      rest = bytes.subarray(start);
    }
  });
}
