import { repairEncoding } from "./legacy-encoding.js";
import { remember } from "./remembered.js";
import { placeTone, splitTone, stripMarks } from "./syllable.js";

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

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\x85])\p{Cc}/gu;
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

/** What two spellings of one name share: letters without case and each syllable's tone wherever it stands; and the same without any mark. */
export function nameKey(text: string): { marked: string; folded: string } {
  const lower = (isPlain(text) ? text : standardise(text).standard).toLowerCase().normalize("NFC");
  // Syllables are what spaces, apostrophes and hyphens separate: a tone never leaves its own.
  return { marked: mapSyllables(lower, toneLast), folded: mapSyllables(lower, markless) };
}

const toneLast = remember((syllable) => {
  const { letters, tones } = splitTone(syllable);
  return letters + tones;
});
const markless = remember(stripMarks);

/** Latin letters in NFC, single spaces, joiners inside: nothing is left to normalise but case and tone placement. */
function isPlain(text: string): boolean {
  return plainName.test(text) && !foreignStroke.test(text) && text.normalize("NFC") === text;
}

const plainName =
  /^[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+(?:[ '-][A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+)*$/;
const foreignStroke = /[ÐƉðɖ]/;

/**
 * Compares a record's name with the register's. `marks-lost`: every syllable that differs carries no mark at all in the
 * record; a different mark is a different name (`marks-differ`). A blank name is `different` from every name.
 */
export function compareNames(record: string, register: string): NameLevel {
  const quick = compareSpacedNames(record, register);
  if (quick !== null) return quick;
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

/** The same for the usual names, of letters and single spaces, syllable by syllable; null for any other. */
function compareSpacedNames(record: string, register: string): NameLevel | null {
  if (!isSpaced(record) || !isSpaced(register)) return null;
  const left = record.toLowerCase().split(" ");
  const right = register.toLowerCase().split(" ");
  if (left.length !== right.length) return "different";
  let level: NameLevel = "equal";
  for (const [index, syllable] of left.entries()) {
    const wanted = right[index] as string;
    if (syllable === wanted || toneLast(syllable) === toneLast(wanted)) continue;
    const folded = markless(syllable);
    if (folded !== markless(wanted)) return "different";
    if (syllable !== folded) level = "marks-differ";
    else if (level === "equal") level = "marks-lost";
  }
  return level;
}

function isSpaced(text: string): boolean {
  return spacedName.test(text) && !foreignStroke.test(text) && text.normalize("NFC") === text;
}

const spacedName =
  /^[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+(?: [A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+)*$/;

function standardise(text: string): { standard: string; findings: NameFinding[] } {
  const findings: NameFinding[] = [];
  let name = text;
  const apply = (next: string, finding: NameFinding): void => {
    if (next !== name) findings.push(finding);
    name = next;
  };
  if (isPlain(text)) {
    apply(mapSyllables(name, placeToneOnce), "name.tone-placement");
    apply(mapSyllables(name, capitaliseOnce).normalize("NFC"), "name.case");
    return { standard: name, findings };
  }
  apply(name.replace(invisible, ""), "name.invisible-characters");
  // Icelandic Ð and African Ɖ look like Đ and come from other keyboards and fonts.
  apply(name.normalize("NFC").replace(/[ÐƉ]/g, "Đ").replace(/[ðɖ]/g, "đ"), "name.unicode-form");
  apply(name.replace(spaces, " ").trim(), "name.spaces");
  apply(stripPunctuation(name), "name.punctuation");
  apply(mapSyllables(name, placeToneOnce), "name.tone-placement");
  apply(mapSyllables(name, capitaliseOnce).normalize("NFC"), "name.case");
  return { standard: name, findings };
}

const placeToneOnce = remember(placeTone);
const capitaliseOnce = remember(capitalise);

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

function mapSyllables(name: string, change: (syllable: string) => string): string {
  return name.replace(/[^ '-]+/gu, change);
}

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
