import { nameFlags } from "../identity/name-hash.js";
import { answerAt, askKernel, kernelWords } from "../kernel/kernel.js";
import { noDay } from "./assessment.js";
import type { Subject } from "./subject.js";

/** A 64-bit key in two unsigned words; reused. */
export interface Hash64 {
  high: number;
  low: number;
}

/** Hash of a byte text; never 0, 0. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, out: Hash64): void {
  askKernel("hashBytes", bytes, start, end);
  out.high = (kernelWords[answerAt] as number) >>> 0;
  out.low = (kernelWords[answerAt + 1] as number) >>> 0;
}

/**
 * The key a record's person is counted by: the live person of the register (`slot`), or else the number delivered, or
 * else name, birth date and sex. 0, 0 when the row tells none of them: then the record is a person of its own.
 */
export function setPersonKey(subject: Subject, slot: number, isNumberTheirs: boolean, out: Hash64): void {
  if (slot >= 0) {
    out.high = 0x80000000;
    out.low = slot;
    return;
  }
  if (subject.low6 >= 0 && isNumberTheirs) {
    const number = subject.high6 * 1_000_000 + subject.low6;
    out.high = 0x40000000 + Math.floor(number / 0x1_0000_0000);
    out.low = number % 0x1_0000_0000;
    return;
  }
  if (subject.birthDay === noDay || subject.name.flags & nameFlags.empty) {
    out.high = out.low = 0;
    return;
  }
  const mixed = Math.imul(subject.name.folded ^ Math.imul(subject.birthDay, 0x9e3779b1), 0x85ebca6b);
  out.high = ((finish(mixed ^ subject.sex) & 0x1fffffff) | 0x20000000) >>> 0;
  out.low = finish(Math.imul(subject.name.folded, 0xc2b2ae35) ^ subject.birthDay) >>> 0;
}

function finish(hash: number): number {
  let next = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  next = Math.imul(next ^ (next >>> 13), 0xc2b2ae35);
  return next ^ (next >>> 16);
}
