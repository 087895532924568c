import { answerAt, askKernel, kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";
import {
  allowedMarks,
  foreignBase,
  foreignCode,
  letterCode,
  letterIsUpper,
  letterKind,
  letterTone,
} from "./letters.js";

/** What `hashName` says of a name; reuse one object, it is filled in. */
export interface NameHash {
  /** 32 bits of the name without case, with quality marks, and with each syllable's tone wherever it is placed. */
  marked: number;
  /** 32 bits of the same name without any mark. */
  folded: number;
  /** Bits of `nameFlags`. */
  flags: number;
}

/** How the bytes differ from the standard form of a name (`readName`). */
export const nameFlags = {
  /** Not Title Case by syllable. */
  case: 1,
  /** Combining marks where NFC has one letter. */
  unicodeForm: 2,
  /** Leading, trailing or doubled spaces. */
  spaces: 4,
  /** Tone on the other letter of an open oa, oe or uy. */
  tonePlacement: 8,
  /** Anything the byte reader leaves to `readName`: digits, punctuation, other spaces, invisible or foreign characters. The hashes hold only for the standard form. */
  other: 16,
  /** At least one letter carries a mark. */
  marks: 32,
  /** No letter at all. */
  empty: 64,
  /** At least one syllable carries no mark. */
  bareSyllable: 128,
} as const;

/**
 * Hashes the name in the UTF-8 `bytes` from `start` to `end` (exclusive) without making a string. Two names have the
 * same hashes when `nameKey` calls them the same name; total, never throws.
 */
export function hashName(bytes: Uint8Array, start: number, end: number, out: NameHash): void {
  askKernel("hashName", bytes, start, end);
  out.marked = kernelWords[answerAt] as number;
  out.folded = kernelWords[answerAt + 1] as number;
  out.flags = kernelWords[answerAt + 2] as number;
}

// The kernel reads names letter by letter, by these tables.
for (const [name, table] of Object.entries({
  allowedMarks,
  foreignBase,
  foreignCode,
  letterCode,
  letterIsUpper,
  letterKind,
  letterTone,
}))
  kernelBytes.set(
    new Uint8Array(table.buffer, table.byteOffset, table.byteLength),
    kernelLayout[name as keyof typeof kernelLayout],
  );
