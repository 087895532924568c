import type { ByteWriter } from "./byte-writer.js";
import { hasComma, putAll, putBytes, putWhole, wholeBytes } from "./put-bytes.js";

/** Writes changes of single records to the change log. */
export interface RecordChanges {
  /** The record whose changes follow: its own record_id as the bytes of a delivered field, or none. */
  begin(bytes: Uint8Array, idStart: number, idEnd: number, line: number, doseSlot: number): void;
  /**
   * Logs that `column` was delivered as the field `bytes[start, end)` and is the field `after[afterStart, afterEnd)` of
   * the sets; nothing when both are one text.
   */
  write(
    column: string,
    rule: string,
    start: number,
    end: number,
    after: Uint8Array,
    afterStart: number,
    afterEnd: number,
  ): void;
  /** Changes since the last call. */
  takeCount(): number;
}

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Makes the log of a source's record changes, in `log`. */
export function createRecordChanges(
  sourceName: string,
  sourceField: Uint8Array,
  rulesVersion: string,
  log: ByteWriter,
): RecordChanges {
  const scope = Buffer.from("record,");
  const columnFields = new Map<string, Uint8Array>();
  const ruleFields = new Map<string, Uint8Array>();
  const field: Field = { start: 0, end: 0, isWrapped: false };
  let bytes: Uint8Array = new Uint8Array(0);
  let idStart = 0;
  let idEnd = 0;
  let line = 0;
  let doseSlot = 0;
  let rows = 0;

  return {
    begin(rowBytes, start, end, sourceLine, slot) {
      bytes = rowBytes;
      idStart = start;
      idEnd = end;
      line = sourceLine;
      doseSlot = slot;
    },
    write(column, rule, start, end, after, afterStart, afterEnd) {
      readField(bytes, start, end, field);
      if (isSameField(bytes, field, after, afterStart, afterEnd)) return;
      const columnField = findBytes(columnFields, column, () => `,${column},`);
      const ruleField = findBytes(ruleFields, rule, () => `,${rule},${rulesVersion}\n`);
      putId();
      log.reserve(
        sourceField.length +
          wholeBytes +
          columnField.length +
          (end - start) +
          (afterEnd - afterStart) +
          ruleField.length +
          8,
      );
      const out = log.bytes;
      let at = log.length;
      out[at++] = comma;
      at = putAll(out, at, sourceField);
      out[at++] = comma;
      at = putWhole(out, at, line);
      at = putAll(out, at, columnField);
      readField(bytes, start, end, field);
      at = putFieldOf(out, at, bytes, field);
      out[at++] = comma;
      at = putBytes(out, at, after, afterStart, afterEnd);
      log.moveTo(putAll(out, at, ruleField));
      rows++;
    },
    takeCount() {
      const taken = rows;
      rows = 0;
      return taken;
    },
  };

  function putId(): void {
    log.reserve(scope.length + idEnd - idStart + 2);
    const at = putAll(log.bytes, log.length, scope);
    log.moveTo(at);
    if (idStart === idEnd) {
      log.putField(doseSlot === 0 ? `${sourceName}:${line}` : `${sourceName}:${line}:${doseSlot}`);
      return;
    }
    readField(bytes, idStart, idEnd, field);
    log.moveTo(putFieldOf(log.bytes, at, bytes, field));
  }
}

function findBytes(known: Map<string, Uint8Array>, key: string, render: () => string): Uint8Array {
  let found = known.get(key);
  if (found === undefined) {
    found = Buffer.from(render());
    known.set(key, found);
  }
  return found;
}

/** A delivered field as it is written anew: `bytes[start, end)`, in quotes of its own when wrapped. */
interface Field {
  start: number;
  end: number;
  isWrapped: boolean;
}

/** Finds the field that RFC 4180 makes of a delivered field's text: quoted only where it must be. */
function readField(bytes: Uint8Array, start: number, end: number, field: Field): void {
  field.start = start;
  field.end = end;
  field.isWrapped = false;
  if (start === end) return;
  if (bytes[start] !== quote) {
    field.isWrapped = hasComma(bytes, start, end);
    return;
  }
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at];
    if (byte === quote || byte === comma || byte === lineFeed || byte === carriageReturn) return;
  }
  field.start++;
  field.end--;
}

function isSameField(
  bytes: Uint8Array,
  { start, end, isWrapped }: Field,
  other: Uint8Array,
  otherStart: number,
  otherEnd: number,
): boolean {
  const from = otherStart + Number(isWrapped);
  if (end - start + 2 * Number(isWrapped) !== otherEnd - otherStart) return false;
  if (isWrapped && other[otherStart] !== quote) return false;
  for (let at = start, own = from; at < end; at++, own++) if (bytes[at] !== other[own]) return false;
  return true;
}

function putFieldOf(out: Uint8Array, at: number, bytes: Uint8Array, field: Field): number {
  if (!field.isWrapped) return putBytes(out, at, bytes, field.start, field.end);
  out[at] = quote;
  const to = putBytes(out, at + 1, bytes, field.start, field.end);
  out[to] = quote;
  return to + 1;
}
