import type { CitizenIdReading } from "../identity/citizen-id.js";
import type { FindingId } from "../judge/findings.js";
import type { RegisterReader } from "../register/open-register.js";
import {
  findSlot,
  type RegisterIndex,
  slotFoldedHash,
  slotMarkedHash,
  slotStatus,
} from "../register/register-index.js";
import { levelOfOtherMarks } from "./compare-names.js";
import { digitsOf, type Subject } from "./subject.js";

/** What `slotStatus` says of a person. */
export const statuses = { active: 0, deceased: 1, cancelled: 2, replaced: 3 } as const;

/** What a batch's subjects need of the register's rows; gathered, then fetched in one go. */
export interface Needs {
  /** Slots of replaced persons, whose live one is asked for. */
  readonly replaced: Set<number>;
  /** Slots whose names are compared as text. */
  readonly named: Set<number>;
  readonly oldNumbers: Set<string>;
}

/** Nothing is needed yet. */
export function createNeeds(): Needs {
  return { replaced: new Set(), named: new Set(), oldNumbers: new Set() };
}

/** Adds what `identifyByRows` needs of rows; false when it needs none. */
export function listNeeds(subject: Subject, index: RegisterIndex, needs: Needs): boolean {
  let isNeeded = false;
  for (const { number, kind } of candidatesOf(subject)) {
    if (kind === "old-number") {
      needs.oldNumbers.add(number);
      isNeeded = true;
      continue;
    }
    const slot = findSlotOf(index, number);
    if (slot < 0) continue;
    const isReplaced = slotStatus(index, slot) === statuses.replaced;
    if (!isReplaced && !asksName(subject, index, slot)) continue;
    (isReplaced ? needs.replaced : needs.named).add(slot);
    isNeeded = true;
  }
  return isNeeded;
}

/** Only the text tells whether a mark is lost or another one. */
function asksName(subject: Subject, index: RegisterIndex, slot: number): boolean {
  const { marked, folded } = subject.name;
  if (folded !== slotFoldedHash(index, slot) || marked === slotMarkedHash(index, slot)) return false;
  return levelOfOtherMarks(subject) < 0;
}

/** Asks the register for what is needed, in one read transaction of each kind. */
export function fetchRows({ replaced, named, oldNumbers }: Needs, reader: RegisterReader): FetchedRows {
  return {
    liveSlots: reader.liveSlots([...replaced]),
    names: reader.fullNames([...named]),
    oldNumbers: reader.slotsByOldNumber([...oldNumbers]),
  };
}

/** What was fetched for a batch. */
export interface FetchedRows {
  /** Of replaced persons: the live one, or null. */
  readonly liveSlots: ReadonlyMap<number, number | null>;
  readonly names: ReadonlyMap<number, string>;
  readonly oldNumbers: ReadonlyMap<string, readonly number[]>;
}

/** For a subject that was not seen to need any; what it wants all the same, the reader is asked for. */
export const noRows: FetchedRows = { liveSlots: new Map(), names: new Map(), oldNumbers: new Map() };

/** The numbers that a subject's may mean: its own, or those that the ID rules offer. */
export function candidatesOf(
  subject: Subject,
): readonly { number: string; kind: "citizen-id" | "old-number"; repairs: readonly FindingId[] }[] {
  if (subject.low6 >= 0) return [{ number: digitsOf(subject), kind: "citizen-id", repairs: [] }];
  return (subject.reading as CitizenIdReading).candidates;
}

/** Slot of a 12-digit number, -1 when the register does not hold it. */
export function findSlotOf(index: RegisterIndex, number: string): number {
  return findSlot(index, Number(number.slice(0, 6)), Number(number.slice(6)));
}
