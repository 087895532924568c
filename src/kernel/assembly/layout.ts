/** The kernel's memory. Addresses are bytes; the host (`src/kernel/kernel.ts`) reads them from what `index.ts` exports. */

/** Letter tables, filled in by the host from `src/identity/letters.ts`. */
export const letterTableSize: i32 = 0x2000;
export const letterKind: usize = 0x10000;
export const letterCode: usize = letterKind + 0x2000;
export const letterTone: usize = letterCode + 0x2000;
export const letterIsUpper: usize = letterTone + 0x2000;
export const allowedMarks: usize = letterIsUpper + 0x2000;
export const foreignCode: usize = allowedMarks + 32;
export const foreignBase: usize = foreignCode + 0x4000;

/** A chunk has at most so many rows. */
export const maxRows: i32 = 256;

/** What is asked for: column numbers, -1 for a column that the file has not. */
export const columnNumbers: usize = 0x30000;
/** What was read of a chunk's rows. */
export const personWords: usize = 0x31000;
export const personWordsPerRow: i32 = 20;
export const doseWords: usize = personWords + 256 * 20 * 4;
export const doseWordsPerRow: i32 = 5;
/** Dose slots: 0 of a long row, 1 to 9 of a wide one (`src/ingest/header-names.ts` knows no other headings). */
export const doseSlots: i32 = 10;

/** The chunk: where its rows begin, which of them have fields, where their fields end, and its text. */
export const rowStarts: usize = 0x43000;
export const rowFaults: usize = rowStarts + 256 * 4;
export const fieldEnds: usize = 0x44000;
export const fieldEndBytes: usize = 0x3c000;
export const chunkText: usize = 0x80000;
export const chunkBytes: usize = 0x100000;
/** So many bytes behind what it is given may be read and written: texts are compared 8 bytes a step, and copied 16. */
export const slack: usize = 64;

/** A key that is put together from several cells. */
export const scratch: usize = chunkText + chunkBytes + slack;
export const scratchBytes: usize = 0x2000;

/** Text whose special bytes are listed, and their offsets: at most one for each byte, and one more of the host's. */
export const scannedText: usize = 0x190000;
export const scannedBytes: usize = 0x10000;
export const specialOffsets: usize = scannedText + scannedBytes;

/** Records found in the scanned text: each has two fields or more, of a byte or more with its delimiter. */
export const recordsEnd: usize = 0x1e1000;
export const recordStarts: usize = 0x1e2000;
export const recordEnds: usize = recordStarts + 2 * scannedBytes;
export const recordFieldEnds: usize = recordEnds + 2 * scannedBytes;

/** Records that are put together (`put-records.ts`): what is known of a shard's publishing, and of each record. */
export const putWords: usize = 0x262000;
export const putWordCount: i32 = 64;
export const recordsToPut: usize = 0x263000;
export const maxRecordsToPut: i32 = 256;
export const recordToPutWords: i32 = 12;
export const verdictToPutWords: i32 = 10;
export const vaccineToPutWords: i32 = 3;

/** Remembered texts: see `memo.ts`. */
export const memos: usize = 0x270000;
export const largeMemoBytes: usize = 0x900000;
export const smallMemoBytes: usize = 0x60000;

/** An answer, and the text that the host asks about, when it is short. */
export const askedText: usize = memos + 2 * largeMemoBytes + 4 * smallMemoBytes;
export const askedTextBytes: i32 = 0x1000;

/** From here on memory is the host's to share out. */
export const freeMemory: usize = askedText + 0x1000;
