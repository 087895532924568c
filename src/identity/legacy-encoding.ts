import { isUtf8 } from "node:buffer";
import { letterKind, letterKinds } from "./letters.js";
import { isSpeltAsVietnamese } from "./syllable.js";

/** The way a Vietnamese text was damaged on its way through other encodings. */
export type EncodingDamage = "tcvn3" | "vni" | "mojibake";

/** The texts (NFC) a damaged text may stand for, at most one per damage; empty for a text that reads as Vietnamese or is ASCII. */
export function repairEncoding(text: string): { text: string; damage: EncodingDamage }[] {
  if (!/[^\x00-\x7f]/.test(text)) return [];
  const readings = codePages.map((codePage) => encode(text, codePage)).filter((bytes) => bytes !== null);
  const mojibake = findFirst(readings, decodeUtf8);
  if (mojibake !== null) return [{ text: mojibake, damage: "mojibake" }];
  // Font encodings leave no trace but the spelling: the text must not be Vietnamese, and what comes out should be. Names
  // of other peoples are typed with the same fonts: a text with foreign characters need only give letters.
  if (isSpeltAsVietnamese(text)) return [];
  const repairs = decodeFonts(readings, isSpeltAsVietnamese);
  if (repairs.length > 0 || !hasForeignCharacter(text)) return repairs;
  return decodeFonts(readings, (candidate) => lettersOnly.test(candidate));
}

function hasForeignCharacter(text: string): boolean {
  return [...text].some((character) => {
    const point = character.codePointAt(0) as number;
    return (
      point > 0x7f &&
      letterKind[point] !== letterKinds.vietnamese &&
      letterKind[point] !== letterKinds.combining
    );
  });
}

function decodeFonts(
  readings: readonly Uint8Array[],
  isAcceptable: (text: string) => boolean,
): { text: string; damage: EncodingDamage }[] {
  const repairs: { text: string; damage: EncodingDamage }[] = [];
  for (const [damage, decode] of [["tcvn3", decodeTcvn3] as const, ["vni", decodeVni] as const]) {
    const decoded = findFirst(readings, (bytes) => {
      const candidate = decode(bytes);
      return candidate !== null && isAcceptable(candidate) ? candidate : null;
    });
    if (decoded !== null) repairs.push({ text: decoded, damage });
  }
  return repairs;
}

const lettersOnly = /^[\p{L}\p{M} .,'’-]*$/u;

function findFirst(
  readings: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => string | null,
): string | null {
  for (const bytes of readings) {
    const decoded = decode(bytes);
    if (decoded !== null) return decoded;
  }
  return null;
}

/** Bytes of a text in TCVN3 (TCVN 5712:1993 VN3, the ABC fonts; capitals with tones have none); null outside it. */
function decodeTcvn3(bytes: Uint8Array): string | null {
  let text = "";
  for (const byte of bytes) {
    const letter = byte < 0x80 ? String.fromCharCode(byte) : letterByTcvn3.get(byte);
    if (letter === undefined) return null;
    text += letter;
  }
  return text;
}

/** Bytes of a text in VNI for Windows (a letter, then its marks as another letter); null outside it. */
function decodeVni(bytes: Uint8Array): string | null {
  let text = "";
  let base = ""; // the letter that a mark may follow
  for (const byte of bytes) {
    const delivered = String.fromCharCode(byte);
    const lower = delivered.toLowerCase();
    const letter = byte < 0x80 ? lower : letterByVni.get(lower);
    if (letter !== undefined) {
      base = letter;
      text += lower === delivered ? letter : letter.toUpperCase();
      continue;
    }
    const mark = markByVni.get(lower);
    if (mark === undefined || !mark.bases.includes(base) || base === "") return null;
    text += mark.marks;
    base = "";
  }
  return text.normalize("NFC");
}

/** Bytes as UTF-8; null when they are not, or are ASCII only. */
function decodeUtf8(bytes: Uint8Array): string | null {
  if (!bytes.some((byte) => byte >= 0xc2) || !isUtf8(bytes)) return null;
  return Buffer.from(bytes).toString("utf8").normalize("NFC");
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

/**
 * The byte of each character; Latin-1's C1 controls are accepted too. Tables of our own: some Node versions read
 * "windows-1252" in TextDecoder as Latin-1.
 */
const codePages: readonly ReadonlyMap<string, number>[] = [{}, windows1258].map((differences) => {
  const byteByCharacter = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) {
    byteByCharacter.set((differences as Record<number, string>)[byte] ?? String.fromCharCode(byte), byte);
  }
  for (const [index, character] of [...windows1252].entries()) byteByCharacter.set(character, 0x80 + index);
  return byteByCharacter;
});

/** The bytes that a code page reads as this text; null when it has no such character. */
function encode(text: string, codePage: ReadonlyMap<string, number>): Uint8Array | null {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = codePage.get(character);
    if (byte !== undefined) {
      bytes.push(byte);
      continue;
    }
    // NFC has joined a letter and a combining mark that were two bytes.
    for (const part of character.normalize("NFD")) {
      const partByte = codePage.get(part);
      if (partByte === undefined) return null;
      bytes.push(partByte);
    }
  }
  if (bytes.some((byte, at) => byte >= 0xc2 && isContinuation(bytes[at + 1]))) restoreLostSpaces(bytes);
  return Uint8Array.from(bytes);
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
