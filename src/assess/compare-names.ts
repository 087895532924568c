import { hashName, nameFlags } from "../identity/name-hash.js";
import { compareNames, readName } from "../identity/person-name.js";
import { isSpeltAsVietnamese } from "../identity/syllable.js";
import { nameLevels } from "../judge/comparison.js";
import { addFinding, type FindingId } from "../judge/findings.js";
import { type RegisterIndex, slotFoldedHash, slotMarkedHash } from "../register/register-index.js";
import type { Subject } from "./subject.js";

/** Positions in `nameLevels` that the index alone can tell. */
export const nameLevel = { equal: 1, marksLost: 2, repaired: 3, marksDiffer: 4, different: 5 } as const;

/** Name level by the index's hashes, or -1 when only the register's text can tell which marks are lost. */
export function compareNameByHash(
  subject: Subject,
  index: RegisterIndex,
  slot: number,
  nameText: () => string,
): number {
  const { marked, folded, flags } = subject.name;
  if (flags & nameFlags.empty) return 0;
  const slotMarked = slotMarkedHash(index, slot);
  const slotFolded = slotFoldedHash(index, slot);
  if (folded === slotFolded) {
    if (marked === slotMarked) return nameLevel.equal;
    return levelOfOtherMarks(subject);
  }
  if (subject.nameReading === null && flags & nameFlags.marks && !isSpeltAsVietnamese(nameText())) {
    // All its letters are Vietnamese, its syllables are not: text typed with an old font, perhaps.
    subject.nameReading = readName(nameText());
  }
  return findNameRepair(subject, slotMarked, slotFolded) === null ? nameLevel.different : nameLevel.repaired;
}

/**
 * Level of a name that is the register's without its marks, and not with them: -1 where only the register's text can
 * tell, that is, where some syllables are bare and others are not.
 */
export function levelOfOtherMarks({ name: { flags }, nameReading }: Subject): number {
  if (!(flags & nameFlags.marks)) return nameLevel.marksLost;
  if (nameReading !== null && nameReading.repairs.length > 0) return -1;
  return flags & (nameFlags.bareSyllable | nameFlags.other) ? -1 : nameLevel.marksDiffer;
}

/** Name level by the register's text where the hashes do not suffice. */
export function compareNameByText(
  subject: Subject,
  index: RegisterIndex,
  slot: number,
  nameAt: (slot: number) => string,
): number {
  const level = compareNameByHash(subject, index, slot, () => subject.nameText);
  if (level >= 0) return level;
  const repair = findNameRepair(subject, slotMarkedHash(index, slot), slotFoldedHash(index, slot));
  if (repair !== null) return nameLevel.repaired;
  return nameLevels.indexOf(compareNames(subject.nameText, nameAt(slot)));
}

const candidateHash = { marked: 0, folded: 0, flags: 0 };

/** The repair of the name (TCVN3, VNI, mojibake, digits) whose hashes are the register's, if any. */
function findNameRepair(subject: Subject, slotMarked: number, slotFolded: number): FindingId | null {
  for (const { name, finding } of subject.nameReading?.repairs ?? []) {
    const bytes = Buffer.from(name);
    hashName(bytes, 0, bytes.length, candidateHash);
    if (candidateHash.marked === slotMarked && candidateHash.folded === slotFolded) return finding;
  }
  return null;
}

/** The repair that gives the register's name. */
export function noteNameRepair(subject: Subject, index: RegisterIndex, slot: number): void {
  const id = findNameRepair(subject, slotMarkedHash(index, slot), slotFoldedHash(index, slot));
  if (id !== null) addFinding(subject.words, 0, id);
}
