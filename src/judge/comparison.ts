/** How a record compares with one person of the register, packed into 16 bits of the assessment table. */

/** Levels by field; the number stored is the position. Append only. */
export const nameLevels = [
  "not-compared",
  "equal",
  "marks-lost",
  "repaired",
  "marks-differ",
  "different",
] as const;
export const birthDateLevels = [
  "not-compared",
  "equal",
  "year-only",
  "record-year-only",
  "swapped",
  "first-of-january",
  "different",
] as const;
export const sexLevels = ["not-compared", "equal", "different"] as const;

/** How the person was found: not at all, by the number as delivered, or by a number that a repair gives. */
export const personStates = ["none", "found", "repaired"] as const;

export type NameLevel = (typeof nameLevels)[number];
export type BirthDateLevel = (typeof birthDateLevels)[number];
export type SexLevel = (typeof sexLevels)[number];
export type PersonState = (typeof personStates)[number];

/** One record's comparison; each member is a position in the list of its field. */
export interface Comparison {
  name: number;
  birthDate: number;
  sex: number;
  person: number;
}

/** Packs a comparison into 16 bits. */
export function packComparison({ name, birthDate, sex, person }: Comparison): number {
  return name | (birthDate << 3) | (sex << 6) | (person << 8);
}

/** The reverse of `packComparison`. */
export function unpackComparison(packed: number): Comparison {
  return {
    name: packed & 7,
    birthDate: (packed >> 3) & 7,
    sex: (packed >> 6) & 3,
    person: (packed >> 8) & 3,
  };
}

/**
 * Whether name, birth date and sex agree as the default policy asks (dispatch 9438/BYT-CNTT: name, sex, birth date
 * and number): it chooses, before any policy is known, among several people that a number may mean.
 */
export function isProof({ name, birthDate, sex }: Comparison): boolean {
  if (sex !== 1 || birthDate < 1 || birthDate > 2) return false;
  return name === 1 || name === 3 || (name === 2 && birthDate === 1);
}

/** Whether a name level says that the names are two: not equal, no mark missing, no repair between them. */
export function isDifferentName(name: number): boolean {
  return name > 3;
}

/** Whether a birth date level says that the dates are two; a year in the register that agrees is one date. */
export function isDifferentBirthDate(birthDate: number): boolean {
  return birthDate > 2;
}

/** Whether a sex level says that the sexes are two. */
export function isDifferentSex(sex: number): boolean {
  return sex === 2;
}

/** Fields of the three that were compared and do not agree; the same count for every policy. */
export function countDifferences({ name, birthDate, sex }: Comparison): number {
  return (
    Number(isDifferentName(name)) + Number(isDifferentBirthDate(birthDate)) + Number(isDifferentSex(sex))
  );
}
