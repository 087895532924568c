import { createHmac, type KeyObject } from "node:crypto";
import { fieldEnd, fieldStart, fieldText } from "../ingest/read-field.js";
import { type Batch, RowFault } from "../ingest/scanner.js";
import { readRows } from "../ingest/shards.js";
import type { Source } from "../ingest/source.js";
import type { PseudonymColumn } from "../pipeline/protection-settings.js";
import { ByteWriter } from "./byte-writer.js";
import { changesHeader, locateDelivered, type SetName, setColumns } from "./set-columns.js";

/** Which numbers get pseudonyms, and what they are made with. */
export interface PseudonymOptions {
  readonly secret: KeyObject;
  readonly columns: readonly PseudonymColumn[];
}

/**
 * The pseudonym of a number: `p` and the first 128 bits of HMAC-SHA-256 over column, NUL and the trimmed text, in
 * hexadecimal digits. An empty cell stays empty. The same key gives the same number the same pseudonym for ever.
 */
export function makePseudonym(secret: KeyObject, column: PseudonymColumn, text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  return `p${createHmac("sha256", secret).update(`${column}\0${trimmed}`).digest("hex").slice(0, 32)}`;
}

/** Writes pseudonyms in place of numbers into rows that were published; the bytes given are valid until the next call. */
export interface Pseudonymiser {
  rewriteSet(source: Source, set: SetName, rows: Uint8Array): Uint8Array;
  rewriteChanges(rows: Uint8Array): Uint8Array;
}

/** What stands in a field's place. */
type Replacement = (batch: Batch, row: number, column: number) => string;
const rememberedNumbers = 4096;
const dialect = {
  maxRecordBytes: Number.MAX_SAFE_INTEGER,
  maxFieldLines: Number.MAX_SAFE_INTEGER,
  maxBatchRows: 8192,
};
const lineFeed = 0x0a;
const changeColumns = changesHeader.trimEnd().split(",");
const [columnAt, beforeAt, afterAt] = ["column", "before", "after"].map((name) =>
  changeColumns.indexOf(name),
) as [number, number, number];

/**
 * Makes the pseudonymiser of a thread. It reads the rows once more, after they were written and before they go to a file,
 * so that publishing itself knows nothing of it. The physical lines of rows that could not be read are left out: nobody can
 * say where in them a number is.
 */
export function createPseudonymiser({ secret, columns }: PseudonymOptions): Pseudonymiser {
  const writers = new Map<string, ByteWriter>();
  const known = new Map<string, string>();

  return {
    rewriteSet(source, set, rows) {
      const names = setColumns(source, set);
      const replaced = new Map<number, Replacement>();
      for (const column of columns) {
        const replace = replaceBy(column);
        const delivered = locateDelivered(source, source.columns[column]);
        if (delivered >= 0) replaced.set(delivered, replace);
        const standard = names.indexOf(`std_${column}`);
        if (standard >= 0) replaced.set(standard, replace);
      }
      if (set === "errors") replaced.set(names.indexOf("raw_line"), () => "");
      return rewrite(set, rows, names, () => replaced);
    },
    rewriteChanges(rows) {
      const byColumn = new Map(
        columns.map((column) => {
          const replace = replaceBy(column);
          return [column as string, new Map([beforeAt, afterAt].map((at) => [at, replace]))];
        }),
      );
      const none = new Map<number, Replacement>();
      return rewrite(
        "changes",
        rows,
        changeColumns,
        (batch, row) => byColumn.get(fieldText(batch, row, columnAt)) ?? none,
      );
    },
  };

  function replaceBy(column: PseudonymColumn): Replacement {
    return (batch, row, at) => {
      const text = fieldText(batch, row, at);
      const key = `${column}\0${text}`;
      let pseudonym = known.get(key);
      if (pseudonym === undefined) {
        pseudonym = makePseudonym(secret, column, text);
        if (known.size === rememberedNumbers) known.clear();
        known.set(key, pseudonym);
      }
      return pseudonym;
    };
  }

  function rewrite(
    name: string,
    rows: Uint8Array,
    headers: readonly string[],
    findReplaced: (batch: Batch, row: number) => ReadonlyMap<number, Replacement>,
  ): Uint8Array {
    const writer = writers.get(name) ?? new ByteWriter(1 << 18);
    writers.set(name, writer);
    writer.clear();
    readRows({ delimiter: ",", headers, lineUnit: "record" }, rows, {
      ...dialect,
      onBatch(batch) {
        for (let row = 0; row < batch.rows; row++) {
          if (batch.rowFault[row] !== RowFault.none) throw new Error("a published row cannot be read again");
          let from = batch.rowStart[row] as number;
          const replaced = findReplaced(batch, row);
          for (const column of [...replaced.keys()].sort((a, b) => a - b)) {
            writer.putBytes(batch.bytes, from, fieldStart(batch, row, column));
            writer.putAscii((replaced.get(column) as Replacement)(batch, row, column));
            from = fieldEnd(batch, row, column);
          }
          writer.putBytes(batch.bytes, from, batch.rowEnd[row] as number);
          writer.putByte(lineFeed);
        }
      },
    });
    return writer.view();
  }
}
