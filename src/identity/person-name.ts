import { repairEncoding } from "./legacy-encoding.js";
import { remember } from "./remembered.js";
import { placeTone, splitTone, stripMarks } from "./syllable.js";
import { invisibleCharacter, textTraits, traitsOf } from "./text-traits.js";

/** How a delivered name differs from its standard form. */
export type NameFinding =
  | "name.blank"
  | "name.case"
  | "name.unicode-form"
  | "name.spaces"
  | "name.punctuation"
  | "name.tone-placement"
  | "name.invisible-characters";

export type NameRepair = "name.tcvn3" | "name.vni" | "name.mojibake" | "name.digits";

/** What the comparison, not the reading, adds to a name that authenticates. */
export type NameComparisonFinding = "name.marks-lost" | "name.different";

/** A delivered name, read. */
export interface NameReading {
  /** Standard form of the delivered text; "" when nothing is left. */
  readonly standard: string;
  readonly findings: readonly NameFinding[];
  /** Names (standard form) that the text may stand for; they count only when the register proves one. */
  readonly repairs: readonly { readonly name: string; readonly finding: NameRepair }[];
}

export type NameLevel = "equal" | "marks-lost" | "marks-differ" | "different";

const invisible = new RegExp(invisibleCharacter, "gu");
const spaces = /[\s\x85]+/gu;
const apostrophes = /[’‘ʼ`´]/gu;
/** An apostrophe or hyphen that is not between two letters. */
const strayJoiner = /(?<![\p{L}\p{M}])['-]|['-](?!\p{L})/gu;
const punctuation = /(?!['-])[\p{P}\p{S}]+/gu;

/**
 * Reads a name into its standard form: NFC, no invisible characters, single spaces, no stray punctuation, Title Case by
 * syllable, tone placed the usual way. Reading the standard form again changes nothing. Total.
 */
export function readName(text: string): NameReading {
  const { standard, findings } = standardise(text);
  if (standard === "") return { standard, findings: ["name.blank"], repairs: [] };
  const repairs: { name: string; finding: NameRepair }[] = [];
  // Decomposed text stands for the same damaged bytes as composed text.
  for (const repair of repairEncoding(text.normalize("NFC"))) {
    const name = standardise(repair.text).standard;
    if (name !== "" && name !== standard) repairs.push({ name, finding: `name.${repair.damage}` });
  }
  if (/\p{Nd}/u.test(standard)) {
    const name = standardise(standard.replace(/\p{Nd}+/gu, "")).standard;
    if (name !== "") repairs.push({ name, finding: "name.digits" });
  }
  return { standard, findings, repairs };
}

/** The standard form alone, as `readName` gives it. */
export function standardName(text: string): string {
  return standardise(text).standard;
}

/** Whether the words between a name's spaces are plain: its standard form is theirs, with single spaces between. */
export function isPlainName(text: string): boolean {
  return plainName.test(text);
}

/** What two spellings of one name share: letters without case and each syllable's tone wherever it stands; and the same without any mark. */
export function nameKey(text: string): { marked: string; folded: string } {
  const lower = (plainName.test(text) ? text : standardise(text).standard).toLowerCase().normalize("NFC");
  // Syllables are what spaces, apostrophes and hyphens separate: a tone never leaves its own.
  return { marked: mapSyllables(lower, toneLast), folded: mapSyllables(lower, markless) };
}

const toneLast = remember((syllable) => {
  const { letters, tones } = splitTone(syllable);
  return letters + tones;
});
const markless = remember(stripMarks);

/** Latin letters in NFC: each is its own NFC, and none changes with what stands beside it. Ð and Ɖ are left out (`cleanName`). */
const latin =
  "[A-Za-z\\u00c0-\\u00cf\\u00d1-\\u00d6\\u00d8-\\u00ef\\u00f1-\\u00f6\\u00f8-\\u0188\\u018a-\\u024f\\u1e00-\\u1eff]+";
/** Single spaces, joiners inside: nothing is left to normalise but case and tone placement. */
const plainName = new RegExp(`^${latin}(?:[ '-]${latin})*$`);
const spacedName = new RegExp(`^${latin}(?: ${latin})*$`);

/**
 * Compares a record's name with the register's. `marks-lost`: every syllable that differs carries no mark at all in the
 * record; a different mark is a different name (`marks-differ`). A blank name is `different` from every name.
 */
export function compareNames(record: string, register: string): NameLevel {
  if (spacedName.test(record) && spacedName.test(register)) return compareSpacedNames(record, register);
  const left = nameKey(record);
  const right = nameKey(register);
  if (left.folded === "" || left.folded !== right.folded) return "different";
  if (left.marked === right.marked) return "equal";
  const wanted = right.marked.split(/[ '-]/);
  const isMarksLost = left.marked
    .split(/[ '-]/)
    .every((syllable, index) => syllable === wanted[index] || syllable === markless(syllable));
  return isMarksLost ? "marks-lost" : "marks-differ";
}

/** The same for the usual names, of letters and single spaces, syllable by syllable. */
function compareSpacedNames(record: string, register: string): NameLevel {
  let level: NameLevel = "equal";
  let from = 0;
  let wantedFrom = 0;
  while (from < record.length && wantedFrom < register.length) {
    const end = endOfSyllable(record, from);
    const wantedEnd = endOfSyllable(register, wantedFrom);
    const syllable = readSpelling(record.slice(from, end));
    const wanted = readSpelling(register.slice(wantedFrom, wantedEnd));
    from = end + 1;
    wantedFrom = wantedEnd + 1;
    if (syllable.toneLast === wanted.toneLast) continue;
    if (syllable.folded !== wanted.folded) return "different";
    if (syllable.isMarked) level = "marks-differ";
    else if (level === "equal") level = "marks-lost";
  }
  return from < record.length || wantedFrom < register.length ? "different" : level;
}

function endOfSyllable(name: string, from: number): number {
  const end = name.indexOf(" ", from);
  return end < 0 ? name.length : end;
}

/** What `compareSpacedNames` asks about a syllable, whatever its case. */
const readSpelling = remember((syllable) => {
  const lower = syllable.toLowerCase();
  const folded = markless(lower);
  return { toneLast: toneLast(lower), folded, isMarked: folded !== lower };
});

function standardise(text: string): { standard: string; findings: NameFinding[] } {
  const findings: NameFinding[] = [];
  const name = plainName.test(text) ? text : cleanName(text, findings);
  let hasMoved = false;
  let hasOtherCase = false;
  const standard = mapSyllables(name, (syllable) => {
    const reading = standardiseSyllable(syllable);
    hasMoved ||= reading.hasMoved;
    hasOtherCase ||= reading.hasOtherCase;
    return reading.standard;
  });
  if (hasMoved) findings.push("name.tone-placement");
  if (hasOtherCase) findings.push("name.case");
  return { standard, findings };
}

const standardiseSyllable = remember((syllable) => {
  const placed = placeTone(syllable);
  const standard = capitalise(placed).normalize("NFC");
  return { standard, hasMoved: placed !== syllable, hasOtherCase: standard !== placed };
});

/** The name without what no name has; adds what was there to the findings. A step is taken where a character may need it. */
function cleanName(text: string, findings: NameFinding[]): string {
  let name = text;
  let traits = traitsOf(name);
  const apply = (next: string, finding: NameFinding): void => {
    if (next === name) return;
    findings.push(finding);
    name = next;
    traits = traitsOf(name);
  };
  if (traits & textTraits.invisible) apply(name.replace(invisible, ""), "name.invisible-characters");
  if (traits & (textTraits.composing | textTraits.foreignStroke)) {
    // Icelandic Ð and African Ɖ look like Đ and come from other keyboards and fonts.
    apply(name.normalize("NFC").replace(/[ÐƉ]/g, "Đ").replace(/[ðɖ]/g, "đ"), "name.unicode-form");
  }
  if (traits & textTraits.otherSpace || hasLooseSpace(name))
    apply(name.replace(spaces, " ").trim(), "name.spaces");
  if (traits & textTraits.punctuation) apply(stripPunctuation(name), "name.punctuation");
  return name;
}

function hasLooseSpace(name: string): boolean {
  return name.startsWith(" ") || name.endsWith(" ") || name.includes("  ");
}

/** Punctuation between two letters separates them; an apostrophe or hyphen inside a name joins them and stays. */
function stripPunctuation(name: string): string {
  return name
    .replace(apostrophes, "'")
    .replace(punctuation, " ")
    .replace(strayJoiner, " ")
    .replace(spaces, " ")
    .trim()
    .normalize("NFC");
}

/** The name with each of its syllables, between spaces, apostrophes and hyphens, changed. */
function mapSyllables(name: string, change: (syllable: string) => string): string {
  let result = "";
  let start = 0;
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    if (unit !== space && unit !== apostrophe && unit !== hyphen) continue;
    if (at > start) result += change(name.slice(start, at));
    result += name.charAt(at);
    start = at + 1;
  }
  return start < name.length ? result + change(name.slice(start)) : result;
}

const space = 0x20;
const apostrophe = 0x27;
const hyphen = 0x2d;

/** First letter upper case, the others lower case; a letter whose other case is several characters stays. */
function capitalise(syllable: string): string {
  let first = true;
  let result = "";
  for (const character of syllable) {
    const changed = first ? character.toUpperCase() : character.toLowerCase();
    result += [...changed].length === 1 ? changed : character;
    if (/\p{L}/u.test(character)) first = false;
  }
  return result;
}
