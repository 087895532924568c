/**
 * Lists the bytes that structure delimited text, reads its plain cells, hashes names, and puts published records together; the host is `src/kernel/kernel.ts`. What is not plain is said
 * to be so, for the rules in TypeScript to read. `npm run kernel` compiles this folder into `src/kernel/kernel-wasm.ts`.
 */
export { placeFieldEnds } from "./cell";
export {
  allowedMarks,
  askedText,
  askedTextBytes,
  chunkBytes,
  chunkText,
  columnNumbers,
  doseSlots,
  doseWords,
  doseWordsPerRow,
  fieldEndBytes,
  fieldEnds,
  foreignBase,
  foreignCode,
  freeMemory,
  letterCode,
  letterIsUpper,
  letterKind,
  letterTone,
  maxRecordsToPut,
  maxRows,
  memos,
  personWords,
  personWordsPerRow,
  putWordCount,
  putWords,
  recordEnds,
  recordFieldEnds,
  recordStarts,
  recordsEnd,
  recordsToPut,
  recordToPutWords,
  rowFaults,
  rowStarts,
  scannedBytes,
  scannedText,
  scratch,
  scratchBytes,
  slack,
  specialOffsets,
  vaccineToPutWords,
  verdictToPutWords,
} from "./layout";
export { forgetTexts } from "./memos";
export { hashName } from "./name-hash";
export { beginRecords, putRecords, recordUnderWay } from "./put-records";
export { addText, findText, hashBytes, readDoses, readPeople } from "./rows";
export { listSpecialBytes, scanRecords } from "./special-bytes";
