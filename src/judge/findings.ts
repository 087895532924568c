/**
 * Every finding lamsach can make, in the order of its bit in the assessment table. Append only: stored assessments
 * and outputs of earlier runs use these positions and names.
 */
export const findingIds = [
  // the row
  "row.structure",
  "row.undecodable",
  "row.too-large",
  "row.control-characters",
  "record.delivered-twice",
  "record.conflicting-content",
  // the citizen ID as delivered
  "citizen-id.blank",
  "citizen-id.placeholder",
  "citizen-id.old-number",
  "citizen-id.passport",
  "citizen-id.length",
  "citizen-id.characters",
  "citizen-id.unknown-place",
  "citizen-id.other-number",
  "citizen-id.spreadsheet-damage",
  "citizen-id.two-candidates",
  // repairs of the citizen ID
  "citizen-id.separators",
  "citizen-id.float-suffix",
  "citizen-id.scientific",
  "citizen-id.leading-zeros",
  "citizen-id.look-alikes",
  "citizen-id.old-number-linked",
  "citizen-id.replaced",
  // what the ID's own digits say
  "citizen-id.sex-digit",
  "citizen-id.year-digits",
  "citizen-id.guardian",
  // the name
  "name.blank",
  "name.case",
  "name.unicode-form",
  "name.spaces",
  "name.punctuation",
  "name.tone-placement",
  "name.invisible-characters",
  "name.marks-lost",
  "name.digits",
  "name.tcvn3",
  "name.vni",
  "name.mojibake",
  "name.different",
  // the birth date
  "birth-date.blank",
  "birth-date.impossible",
  "birth-date.year-only",
  "birth-date.first-of-january",
  "birth-date.excel-serial",
  "birth-date.two-digit-year",
  "birth-date.different",
  // the sex
  "sex.blank",
  "sex.unreadable",
  "sex.filled-from-id",
  "sex.different",
  // the register
  "register.number-unknown",
  "register.number-cancelled",
  "register.several-different",
  "register.ambiguous",
  "register.not-consulted",
  "register.deceased",
  // the dose
  "vaccine.blank",
  "vaccine.unknown",
  "vaccine.age",
  "vaccine.approval-unconfirmed",
  "vaccination-date.blank",
  "vaccination-date.impossible",
  "vaccination-date.before-programme",
  "vaccination-date.before-approval",
  "vaccination-date.future",
  "vaccination-date.before-birth",
  "vaccination-date.excel-serial",
  "vaccination-date.two-digit-year",
  "dose-no.blank",
  "dose-no.impossible",
  "facility.blank",
  "facility.unknown-form",
  "lot.blank",
  // across a person's doses
  "dose.same-day",
  "dose.order",
  "dose.interval-short",
  "dose.gap",
  // other columns
  "phone.malformed",
  "place.unknown-province",
  "place.unknown-ward",
  "priority-group.unknown",
  // what one mistake does to many rows
  "row.shifted",
  "birth-date.day-month-swapped",
  "vaccination-date.day-month-swapped",
] as const;

export type FindingId = (typeof findingIds)[number];

/** 32-bit words that hold one record's findings. */
export const findingWords = Math.ceil(findingIds.length / 32);

const bitByFinding = new Map<FindingId, number>(findingIds.map((id, bit) => [id, bit]));

/** Bit position of a finding in the assessment table. */
export function findingBit(id: FindingId): number {
  return bitByFinding.get(id) as number;
}

/** Sets a finding among a record's `findingWords` words from `at`. */
export function addFinding(words: Uint32Array, at: number, id: FindingId): void {
  addFindingBit(words, at, findingBit(id));
}

/** `addFinding` by the finding's bit position. */
export function addFindingBit(words: Uint32Array, at: number, bit: number): void {
  words[at + (bit >> 5)] = (words[at + (bit >> 5)] as number) | (1 << (bit & 31));
}
