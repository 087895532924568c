import { padNumber } from "./calendar.js";
import { mixBits, type Random } from "./random.js";

/** Gives out citizen numbers and old 9-digit numbers, each at most once, in memory that does not grow. */
export interface NumberIssuer {
  /** A number nobody has yet: place (3), century and sex, year (2), random (6); Decree 137/2015 art. 13. */
  issue(placeCode: number, sex: 0 | 1, year: number): string;
  /** A number of the same layout that is never issued. */
  withhold(placeCode: number, sex: 0 | 1, year: number): string;
  /** Whether a number can never be issued; only for numbers of places that are issued from. */
  isWithheld(citizenId: string): boolean;
  /** A 9-digit number nobody has yet. */
  issueOld(): string;
  /** A 9-digit number that is never issued. */
  withholdOld(): string;
}

// Numbers with one prefix come from a permutation of 0..999,999: positions below the limit are issued in turn, those
// above never are, so "is it in the register" needs no list of a hundred million numbers.
const modulus = 1_000_000;
const issueLimit = 900_000;
const stride = 387_633;
const strideInverse = invert(stride, modulus);

const oldModulus = 1_000_000_000;
const oldIssueLimit = 900_000_000;
const oldStride = 7_368_787;

function invert(value: number, base: number): number {
  let [low, high, left, right] = [value % base, base, 1, 0];
  while (low > 1) {
    const quotient = Math.floor(high / low);
    [low, high, left, right] = [high - quotient * low, low, right - quotient * left, left];
  }
  return ((left % base) + base) % base;
}

const forbidden = /^(\d)\1*$|^1234567890?1?2?$|^012345678912$/;

/** Starts issuing; the numbers follow from the seed and the order of the calls. */
export function createNumberIssuer(seed: number): NumberIssuer {
  const issued = new Uint32Array(modulus);
  const withheld = new Uint32Array(modulus);
  let oldIssued = 0;
  let oldWithheld = 0;

  function offsetOf(prefix: number): number {
    return mixBits(prefix ^ mixBits(seed)) % modulus;
  }
  function write(prefix: number, position: number): string {
    return padNumber(prefix, 6) + padNumber((position * stride + offsetOf(prefix)) % modulus, 6);
  }
  function prefixOf(placeCode: number, sex: 0 | 1, year: number): number {
    return placeCode * 1000 + ((Math.floor(year / 100) - 19) * 2 + sex) * 100 + (year % 100);
  }
  function issue(placeCode: number, sex: 0 | 1, year: number): string {
    const prefix = prefixOf(placeCode, sex, year);
    const position = issued[prefix] as number;
    // Unreachable below some 5 billion people: 900,000 of one place, year and sex.
    if (position >= issueLimit)
      throw new RangeError("sample: no citizen number is left for a place and year");
    issued[prefix] = position + 1;
    const number = write(prefix, position);
    return forbidden.test(number) ? issue(placeCode, sex, year) : number;
  }
  function withhold(placeCode: number, sex: 0 | 1, year: number): string {
    const prefix = prefixOf(placeCode, sex, year);
    const position = withheld[prefix] as number;
    withheld[prefix] = (position + 1) % (modulus - issueLimit);
    const number = write(prefix, modulus - 1 - position);
    return forbidden.test(number) ? withhold(placeCode, sex, year) : number;
  }
  function isWithheld(citizenId: string): boolean {
    const prefix = Number(citizenId.slice(0, 6));
    const tail = (Number(citizenId.slice(6)) - offsetOf(prefix) + modulus) % modulus;
    return (tail * strideInverse) % modulus >= issueLimit;
  }
  function writeOld(position: number): string {
    return padNumber((position * oldStride + (mixBits(seed) % oldModulus)) % oldModulus, 9);
  }
  function issueOld(): string {
    const number = writeOld(oldIssued++);
    return forbidden.test(number) ? issueOld() : number;
  }
  function withholdOld(): string {
    const number = writeOld(oldIssueLimit + (oldWithheld++ % (oldModulus - oldIssueLimit)));
    return forbidden.test(number) ? withholdOld() : number;
  }
  return { issue, withhold, isWithheld, issueOld, withholdOld };
}

/** The number with one of its last six digits mistyped so that nobody has the result; null when there is no such digit. */
export function mistypeDigit(citizenId: string, numbers: NumberIssuer, random: Random): string | null {
  const start = random.below(54);
  for (let step = 0; step < 54; step++) {
    const choice = (start + step) % 54;
    const at = 6 + Math.floor(choice / 9);
    const digit = (Number(citizenId.charAt(at)) + 1 + (choice % 9)) % 10;
    const typed = citizenId.slice(0, at) + digit + citizenId.slice(at + 1);
    if (numbers.isWithheld(typed)) return typed;
  }
  return null;
}

/** The number with two neighbouring digits of its last six exchanged so that nobody has the result; null when none fits. */
export function swapDigits(citizenId: string, numbers: NumberIssuer): string | null {
  for (let at = 6; at < 11; at++) {
    if (citizenId.charAt(at) === citizenId.charAt(at + 1)) continue;
    const typed =
      citizenId.slice(0, at) + citizenId.charAt(at + 1) + citizenId.charAt(at) + citizenId.slice(at + 2);
    if (numbers.isWithheld(typed)) return typed;
  }
  return null;
}
