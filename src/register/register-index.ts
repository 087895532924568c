import { mixedBucket, mixHigh, mixLow } from "./number-mix.js";
import { openRegisterFile, readIndexChunks, readMeta, withRegisterErrors } from "./register-file.js";
import { firstBirthDay } from "./register-row.js";

/**
 * The register's hot half: 16 bytes per person in SharedArrayBuffers, so that it is sent to worker threads without a
 * copy. A slot is a person's position in the order of mixed numbers; slot s has the words 4s to 4s + 3:
 * low 32 bits of the number | bits 0-7 the number's high 8 bits, 8-24 birth day since 1850-01-01, 25 year only, 26 sex,
 * 27-28 status | hash of the name with marks | hash of the folded name.
 */
export interface RegisterIndex {
  readonly version: string;
  readonly people: number;
  readonly words: Int32Array;
  /** First slot of each bucket, and one more entry that holds `people`. */
  readonly directory: Uint32Array;
  /** Buckets are the top `bucketBits` bits of the mixed number. */
  readonly bucketBits: number;
}

export const wordsPerPerson = 4;
/** Positions must stay below 2^31 when a slot is multiplied by its words and its bytes are counted in the spool. */
export const maxPeople = 400_000_000;

/**
 * Slot of the person with the number high6 * 1,000,000 + low6 (both 0 to 999,999), -1 when the register does not hold
 * it. Allocates nothing.
 */
export function findSlot(index: RegisterIndex, high6: number, low6: number): number {
  const { words, directory } = index;
  const mixedLow = mixLow(high6, low6);
  const bucket = mixedBucket(mixHigh(high6, low6, mixedLow), mixedLow, index.bucketBits);
  const low32 = (Math.imul(high6, 1_000_000) + low6) | 0;
  const end = directory[bucket + 1] as number;
  for (let slot = directory[bucket] as number; slot < end; slot++) {
    // 2^40 numbers share 2^32 low words: the high 8 bits decide.
    if (words[slot << 2] === low32) {
      const high8 = Math.floor((high6 * 1_000_000 + low6) / 0x1_0000_0000);
      if (((words[(slot << 2) + 1] as number) & 0xff) === high8) return slot;
    }
  }
  return -1;
}

/** The citizen number of a slot, as a number of at most 12 digits. */
export function slotNumber(index: RegisterIndex, slot: number): number {
  const at = slot << 2;
  return ((index.words[at + 1] as number) & 0xff) * 0x1_0000_0000 + ((index.words[at] as number) >>> 0);
}

/** Birth day of a slot in days since 1970-01-01; 1 January of the year when only the year is known. */
export function slotDay(index: RegisterIndex, slot: number): number {
  return (((index.words[(slot << 2) + 1] as number) >>> 8) & 0x1ffff) + firstBirthDay;
}

/** Whether the register knows only the birth year. */
export function isSlotYearOnly(index: RegisterIndex, slot: number): boolean {
  return (((index.words[(slot << 2) + 1] as number) >>> 25) & 1) === 1;
}

/** 0 male, 1 female. */
export function slotSex(index: RegisterIndex, slot: number): 0 | 1 {
  return (((index.words[(slot << 2) + 1] as number) >>> 26) & 1) as 0 | 1;
}

/** Position of the slot's status in `personStatuses`: 0 active, 1 deceased, 2 cancelled, 3 replaced. */
export function slotStatus(index: RegisterIndex, slot: number): 0 | 1 | 2 | 3 {
  return (((index.words[(slot << 2) + 1] as number) >>> 27) & 3) as 0 | 1 | 2 | 3;
}

/** `hashName(...).marked` of the standard name, as a signed 32-bit integer. */
export function slotMarkedHash(index: RegisterIndex, slot: number): number {
  return index.words[(slot << 2) + 2] as number;
}

/** `hashName(...).folded` of the standard name, as a signed 32-bit integer. */
export function slotFoldedHash(index: RegisterIndex, slot: number): number {
  return index.words[(slot << 2) + 3] as number;
}

/** The second word of a person; `number` is the whole citizen number, `birthDay` counts from 1850-01-01. */
export function packSecondWord(
  number: number,
  { birthDay, yearOnly, sex, status }: { birthDay: number; yearOnly: number; sex: number; status: number },
): number {
  return (
    Math.floor(number / 0x1_0000_0000) | (birthDay << 8) | (yearOnly << 25) | (sex << 26) | (status << 27)
  );
}

/** Words of a register of `people` people, all zero, in shared memory. */
export function allocateWords(people: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(people * wordsPerPerson * 4));
}

/** Makes the directory of words that are in the order of mixed numbers: buckets of about four people. */
export function createDirectory(
  words: Int32Array,
  people: number,
): { directory: Uint32Array<SharedArrayBuffer>; bucketBits: number } {
  const bucketBits = Math.max(0, Math.round(Math.log2(people / 4)));
  const buckets = 2 ** bucketBits;
  const directory = new Uint32Array(new SharedArrayBuffer((buckets + 1) * 4));
  for (let slot = 0; slot < people; slot++) {
    const number =
      ((words[slot * 4 + 1] as number) & 0xff) * 0x1_0000_0000 + ((words[slot * 4] as number) >>> 0);
    const high6 = Math.floor(number / 1_000_000);
    const low6 = number % 1_000_000;
    const mixedLow = mixLow(high6, low6);
    const bucket = mixedBucket(mixHigh(high6, low6, mixedLow), mixedLow, bucketBits);
    directory[bucket + 1] = (directory[bucket + 1] as number) + 1;
  }
  for (let bucket = 0; bucket < buckets; bucket++) {
    directory[bucket + 1] = (directory[bucket + 1] as number) + (directory[bucket] as number);
  }
  return { directory, bucketBits };
}

/**
 * Loads the index of a built register into shared memory; every chunk is checked against its CRC-32. Throws
 * LamsachError 3 when the file is missing, damaged, or built by another version; 4 when it may not be read.
 */
export function loadRegisterIndex(path: string): RegisterIndex {
  const database = openRegisterFile(path);
  try {
    return withRegisterErrors(path, () => {
      const { info, bucketBits } = readMeta(database, path);
      const words = allocateWords(info.people);
      const directory = new Uint32Array(new SharedArrayBuffer((2 ** bucketBits + 1) * 4));
      readIndexChunks({ database, path, words, directory });
      return { version: info.version, people: info.people, words, directory, bucketBits };
    });
  } finally {
    database.close();
  }
}
