import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { parse } from "csv-parse/sync";

/** Physical lines of a file with their line ends, some thousand at a time. */
export async function* readLines(file: string): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      lines.push(bytes.subarray(start, end + 1));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    yield lines;
  }
  if (rest.length > 0) yield [rest];
}

/** The cells of a line that is a whole row of so many cells by itself; null for any other line. */
export function splitRow(line: Buffer, cells: number): readonly string[] | null {
  if (!isUtf8(line) || line.includes(0)) return null;
  const text = line.toString().replace(/\r?\n$/, "");
  const found = text.includes('"') ? parseRow(text) : text.split(",");
  return found?.length === cells ? found : null;
}

function parseRow(text: string): readonly string[] | null {
  try {
    const rows = parse(text, { relax_column_count: true }) as string[][];
    return rows.length === 1 ? (rows[0] as string[]) : null;
  } catch {
    return null; // a broken row of the export
  }
}
