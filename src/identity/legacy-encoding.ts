import { isUtf8 } from "node:buffer";
import { letterKind, letterKinds } from "./letters.js";
import { remember } from "./remembered.js";
import { isSpeltAsVietnamese } from "./syllable.js";
import { isAscii } from "./text-traits.js";

/** The way a Vietnamese text was damaged on its way through other encodings. */
export type EncodingDamage = "tcvn3" | "vni" | "mojibake";

/** The texts (NFC) a damaged text may stand for, at most one per damage; empty for a text that reads as Vietnamese or is ASCII. */
export function repairEncoding(text: string): { text: string; damage: EncodingDamage }[] {
  if (isAscii(text)) return [];
  const isSpelt = isSpeltAsVietnamese(text);
  const isForeign = hasForeignCharacter(text);
  // UTF-8 that was read as something else shows foreign characters: no code page has a Vietnamese letter below C0.
  if (isSpelt && !isForeign) return [];
  const readings = readBytes(text);
  const mojibake = findFirst(readings, decodeUtf8);
  if (mojibake !== null) return [{ text: mojibake, damage: "mojibake" }];
  // Font encodings leave no trace but the spelling: the text must not be Vietnamese, and what comes out should be. Names
  // of other peoples are typed with the same fonts: a text with foreign characters need only give letters.
  if (isSpelt) return [];
  const repairs = decodeFonts(readings, isSpeltAsVietnamese);
  if (repairs.length > 0 || !isForeign) return repairs;
  return decodeFonts(readings, (candidate) => lettersOnly.test(candidate));
}

function hasForeignCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (letterKind[unit] !== letterKinds.vietnamese && letterKind[unit] !== letterKinds.combining)
      return true;
  }
  return false;
}

function decodeFonts(
  readings: readonly (readonly number[])[],
  isAcceptable: (text: string) => boolean,
): { text: string; damage: EncodingDamage }[] {
  const repairs: { text: string; damage: EncodingDamage }[] = [];
  for (const [damage, decode] of fontDecoders) {
    const decoded = findFirst(readings, (bytes) => {
      const candidate = decode(bytes);
      return candidate !== null && isAcceptable(candidate) ? candidate : null;
    });
    if (decoded !== null) repairs.push({ text: decoded, damage });
  }
  return repairs;
}

const fontDecoders = [["tcvn3", decodeTcvn3] as const, ["vni", decodeVni] as const];

const lettersOnly = /^[\p{L}\p{M} .,'’-]*$/u;

function findFirst(
  readings: readonly (readonly number[])[],
  decode: (bytes: readonly number[]) => string | null,
): string | null {
  for (const bytes of readings) {
    const decoded = decode(bytes);
    if (decoded !== null) return decoded;
  }
  return null;
}

/** Bytes of a text in TCVN3 (TCVN 5712:1993 VN3, the ABC fonts; capitals with tones have none); null outside it. */
function decodeTcvn3(bytes: readonly number[]): string | null {
  let text = "";
  for (const byte of bytes) {
    const letter = byte < 0x80 ? String.fromCharCode(byte) : letterByTcvn3.get(byte);
    if (letter === undefined) return null;
    text += letter;
  }
  return text;
}

/** Bytes of a text in VNI for Windows (a letter, then its marks as another letter); null outside it. */
function decodeVni(bytes: readonly number[]): string | null {
  let text = "";
  let last = ""; // the letter that a mark may follow
  for (const byte of bytes) {
    const { base, letter, mark } = vniBytes[byte] as VniByte;
    if (base !== undefined) {
      last = base;
      text += letter;
      continue;
    }
    if (mark === undefined || !mark.bases.includes(last) || last === "") return null;
    text += mark.marks;
    last = "";
  }
  return text.normalize("NFC");
}

/** Bytes as UTF-8; null when they are not, or are ASCII only. */
function decodeUtf8(bytes: readonly number[]): string | null {
  if (!hasUtf8Pair(bytes)) return null;
  const text = Buffer.from(bytes);
  return isUtf8(text) ? text.toString("utf8").normalize("NFC") : null;
}

/** What Windows-1252 has from 0x80 to 0x9f; C1 controls where it has nothing. */
const windows1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Where Windows-1258 differs; its tones are combining marks. */
const windows1258: Readonly<Record<number, string>> = {
  195: "Ă",
  204: "\u0300",
  208: "Đ",
  210: "\u0309",
  213: "Ơ",
  221: "Ư",
  222: "\u0303",
  227: "ă",
  236: "\u0301",
  240: "đ",
  242: "\u0323",
  245: "ơ",
  253: "ư",
  254: "₫",
};

/** Above every character of the code pages; the last is U+2122. */
const codePageUnits = 0x2123;

/**
 * The byte of each character by its code unit, -1 for none; Latin-1's C1 controls are accepted too. Tables of our own:
 * some Node versions read "windows-1252" in TextDecoder as Latin-1.
 */
const codePages: readonly Int16Array[] = [{}, windows1258].map((differences) => {
  const byteByUnit = new Int16Array(codePageUnits).fill(-1);
  for (let byte = 0; byte < 256; byte++) {
    const character = (differences as Record<number, string>)[byte] ?? String.fromCharCode(byte);
    byteByUnit[character.charCodeAt(0)] = byte;
  }
  for (const [index, character] of [...windows1252].entries())
    byteByUnit[character.charCodeAt(0)] = 0x80 + index;
  return byteByUnit;
});

/** The bytes that each code page reads as this text; none of a page that has not all its characters. */
function readBytes(text: string): number[][] {
  return codePages.map((codePage) => encode(text, codePage)).filter((bytes) => bytes !== null);
}

function encode(text: string, byteByUnit: Int16Array): number[] | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const byte = byteByUnit[text.charCodeAt(at)] ?? -1;
    if (byte >= 0) {
      bytes.push(byte);
      continue;
    }
    // NFC has joined a letter and a combining mark that were two bytes.
    const parts = decompose(text.charAt(at));
    for (let part = 0; part < parts.length; part++) {
      const partByte = byteByUnit[parts.charCodeAt(part)] ?? -1;
      if (partByte < 0) return null;
      bytes.push(partByte);
    }
  }
  if (hasUtf8Pair(bytes)) restoreLostSpaces(bytes);
  return bytes;
}

/** No code page has a character of two code units, nor a part of one: each half is as unknown as the whole. */
const decompose = remember((character) => character.normalize("NFD"));

function hasUtf8Pair(bytes: readonly number[]): boolean {
  return bytes.some((byte, at) => byte >= 0xc2 && isContinuation(bytes[at + 1]));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0;
}

/** C3 A0 is à, and its NBSP has often become a space or was trimmed away; only beside other UTF-8 (HÃ is a name). */
function restoreLostSpaces(bytes: number[]): void {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0xc3) continue;
    if (at + 1 === bytes.length || bytes[at + 1] === 0x20) bytes[at + 1] = 0xa0;
  }
}

const letterByTcvn3 = new Map(
  [
    [0xa1, "ĂÂÊÔƠƯĐăâêôơưđ"],
    [0xb5, "àảãáạ"],
    [0xbb, "ằẳẵắ"],
    [0xc6, "ặầẩẫấậè"],
    [0xce, "ẻẽéẹềểễếệìỉ"],
    [0xdc, "ĩíịò"],
    [0xe1, "ỏõóọồổỗốộờởỡớợù"],
    [0xf1, "ủũúụừửữứựỳỷỹýỵ"],
  ].flatMap(([first, letters]) =>
    [...(letters as string)].map((letter, index): [number, string] => [(first as number) + index, letter]),
  ),
);

const letterByVni = new Map(
  Object.entries({ ô: "ơ", ö: "ư", ñ: "đ", í: "í", ì: "ì", æ: "ỉ", ó: "ĩ", ò: "ị", î: "ỵ" }),
);

const vniMarks = {
  plain: { letters: "ùøûõï", bases: "aeouyơư", mark: "" },
  circumflex: { letters: "áàåãä", bases: "aeo", mark: "\u0302" },
  breve: { letters: "éèúüë", bases: "a", mark: "\u0306" },
};
const vniTones = ["\u0301", "\u0300", "\u0309", "\u0303", "\u0323"];

const markByVni = new Map<string, { marks: string; bases: string }>([
  ["â", { marks: "\u0302", bases: "aeo" }],
  ["ê", { marks: "\u0306", bases: "a" }],
  ...Object.values(vniMarks).flatMap(({ letters, bases, mark }) =>
    [...letters].map((letter, index): [string, { marks: string; bases: string }] => [
      letter,
      { marks: mark + (vniTones[index] as string), bases },
    ]),
  ),
]);

/** What VNI makes of a byte: a letter, and the same in lower case, or a mark of the letter before it. */
interface VniByte {
  readonly letter: string | undefined;
  readonly base: string | undefined;
  readonly mark: { readonly marks: string; readonly bases: string } | undefined;
}

const vniBytes = Array.from({ length: 256 }, (_, byte): VniByte => {
  const delivered = String.fromCharCode(byte);
  const lower = delivered.toLowerCase();
  const base = byte < 0x80 ? lower : letterByVni.get(lower);
  return {
    base,
    letter: lower === delivered ? base : base?.toUpperCase(),
    mark: base === undefined ? markByVni.get(lower) : undefined,
  };
});
