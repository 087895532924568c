import { putByte, putBytes, putDelivered, putPair, putWhole } from "./bytes";
import { beginChanges, putMadeId } from "./change-log";
import {
  errorsOutput,
  errorTail,
  isOrdinary,
  ownIdColumn,
  sourceField,
  suffixWords,
  verdictTexts,
} from "./put-words";
import { columns, doseSlot, endOf, lineNumber, output, startOf, verdict } from "./record";

const comma: u8 = 0x2c;
const lineFeed: u8 = 0x0a;

/** Record id, file and line, the delivered cells but the record id's own, the verdict. */
export function putLine(hasOwnId: bool): void {
  const own = load<i32>(ownIdColumn);
  const ordinary = load<i32>(isOrdinary) !== 0;
  let at: usize = load<u32>(output);
  if (!hasOwnId) {
    beginChanges(0, 0, lineNumber(), doseSlot());
    at = putMadeId(at, lineNumber(), doseSlot());
  } else at = putAsDelivered(at, own, ordinary);
  at = putWhole(putPair(at, sourceField), lineNumber());
  if (ordinary) at = putOrdinary(at, own);
  else {
    for (let column = 0; column < columns; column++)
      if (column !== own) at = putAsDelivered(putByte(at, comma), column, false);
  }
  at = putBytes(
    at,
    load<u32>(verdictTexts) + load<u32>(verdict, suffixWords),
    load<u32>(verdict, suffixWords + 4),
  );
  store<u32>(output, <u32>at);
}

export function putAsDelivered(to: usize, column: i32, ordinary: bool): usize {
  const start = startOf(column);
  const end = endOf(column);
  return ordinary ? putBytes(to, start, end - start) : putDelivered(to, start, end);
}

/** All cells but the one of column `own`, with a comma before each, as they stand. */
function putOrdinary(to: usize, own: i32): usize {
  const start = startOf(0);
  const end = endOf(columns - 1);
  let at = to;
  if (own !== 0) {
    const length = (own < 0 ? end : startOf(own) - 1) - start;
    at = putBytes(putByte(at, comma), start, length);
    if (own < 0) return at;
  }
  // Begins with the delimiter, or is empty when record_id is the last column.
  return putBytes(at, endOf(own), end - endOf(own));
}

/** The end of a line without standard values. */
export function endLine(): void {
  let at: usize = load<u32>(output);
  if (load<i32>(verdict) === errorsOutput) at = putPair(at, errorTail);
  store<u32>(output, <u32>putByte(at, lineFeed));
}
