import { readMojibake, readOldFonts } from "./old-fonts.js";
import { fold } from "./text.js";

const tones = /[\u0300\u0301\u0303\u0309\u0323]/g;
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?!\s)\p{Cc}/gu;
const plainName = /^\p{Lu}\p{Ll}*(?: \p{Lu}\p{Ll}*)*$/u;

/** NFC, no invisible characters, single spaces, no stray punctuation, Title Case, tones in their usual place. */
export function standardName(cell: string): string {
  let name = cell;
  if (!plainName.test(name)) {
    name = name
      .replace(invisible, "")
      .normalize("NFC")
      .replace(/[ÐƉ]/gu, "Đ")
      .replace(/ɖ/gu, "đ")
      .replace(/[’‘ʼ`´]/gu, "'")
      .replace(/(?!['-])[\p{P}\p{S}]+/gu, " ")
      .replace(/(?<![\p{L}\p{M}])['-]|['-](?!\p{L})/gu, " ")
      .replace(/\s+/gu, " ")
      .trim()
      .replace(
        /[^ '-]+/gu,
        (syllable) => syllable.slice(0, 1).toUpperCase() + syllable.slice(1).toLowerCase(),
      );
  }
  return name.replace(lateTone, moveTone);
}

// hoà, hoè, thuý: the tone belongs on the letter before; quý stays.
const lateTone = /o[àáảãạèéẻẽẹ](?!\p{L})|(?<!q)u[ỳýỷỹỵ](?!\p{L})/giu;

function moveTone(pair: string): string {
  const [first = "", last = "", tone = ""] = pair.normalize("NFD");
  return (first + tone + last).normalize("NFC");
}

/** Letters without case with their quality marks, each syllable's tone behind it; and the same without any mark. */
export function nameKeys(standard: string): { marked: string; folded: string } {
  const syllables = standard.toLowerCase().normalize("NFD").split(" ");
  const marked = syllables.map(
    (syllable) => syllable.replace(tones, "") + (syllable.match(tones) ?? []).join(""),
  );
  return { marked: marked.join(" "), folded: fold(standard) };
}

export type NameLevel = "equal" | "marks-lost" | "repaired" | "different";

/** Compares a record's standard name, or what a damaged delivery of it stands for, with the register's. */
export function compareNames(cell: string, standard: string, register: string): NameLevel {
  if (standard.toUpperCase() === register) return "equal";
  const wanted = nameKeys(standardName(register));
  const given = nameKeys(standard);
  if (given.marked === wanted.marked) return "equal";
  if (isRepaired(cell, standard, wanted.marked)) return "repaired";
  if (given.folded !== wanted.folded) return "different";
  const left = given.marked.split(/[ '-]/);
  const right = wanted.marked.split(/[ '-]/);
  const isLost = left.every((syllable, at) => syllable === right[at] || syllable === fold(syllable));
  return isLost ? "marks-lost" : "different";
}

function isRepaired(cell: string, standard: string, wanted: string): boolean {
  const texts = /\d/.test(standard) ? [standard.replace(/\d+/g, "")] : [];
  if (/[^\0-\x7f]/.test(cell)) texts.push(...readMojibake(cell), ...readOldFonts(cell));
  return texts.some((text) => nameKeys(standardName(text)).marked === wanted);
}
