/** What Windows-1252 has from 0x80 to 0x9f. */
const windows1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
// Windows-1258 where it differs from Windows-1252.
const windows1258: Record<string, number> = {
  ...{ Ă: 195, "\u0300": 204, Đ: 208, "\u0309": 210, Ơ: 213, Ư: 221, "\u0303": 222, ă: 227 },
  ...{ "\u0301": 236, đ: 240, "\u0323": 242, ơ: 245, ư: 253, "₫": 254 },
};
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The text's bytes in Windows-1252 or Windows-1258; null when it has none. */
function encode(text: string, isVietnamese: boolean): number[] | null {
  const bytes: number[] = [];
  for (const character of isVietnamese ? text.normalize("NFD") : text) {
    const code = character.charCodeAt(0);
    const special = windows1252.indexOf(character);
    const byte =
      (isVietnamese ? windows1258[character] : undefined) ??
      (special >= 0 ? 128 + special : code < 256 ? code : undefined);
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  return bytes;
}

/** UTF-8 that was read as Windows-1252 (`NguyÃªn`). */
export function readMojibake(cell: string): string[] {
  const texts: string[] = [];
  for (const isVietnamese of [false, true]) {
    const bytes = encode(cell, isVietnamese);
    if (bytes === null) continue;
    // C3 A0 is à; its no-break space has often become a space or was trimmed away.
    for (const [at, byte] of bytes.entries())
      if (byte === 0xc3 && (bytes[at + 1] ?? 32) === 32) bytes[at + 1] = 0xa0;
    try {
      texts.push(utf8.decode(Uint8Array.from(bytes)));
    } catch {
      // not UTF-8: nothing to offer
    }
  }
  return texts;
}

const tcvn3 = new Map<number, string>();
for (const [first, letters] of [
  [0xa1, "ĂÂÊÔƠƯĐăâêôơưđ"],
  [0xb5, "àảãáạ"],
  [0xbb, "ằẳẵắ"],
  [0xc6, "ặầẩẫấậè"],
  [0xce, "ẻẽéẹềểễếệìỉ"],
  [0xdc, "ĩíịò"],
  [0xe1, "ỏõóọồổỗốộờởỡớợù"],
  [0xf1, "ủũúụừửữứựỳỷỹýỵ"],
] as const)
  for (const [at, letter] of [...letters].entries()) tcvn3.set(first + at, letter);

const vniLetters: Record<string, string> = {
  ...{ ô: "ơ", ö: "ư", ñ: "đ", í: "í", ì: "ì", æ: "ỉ", ó: "ĩ", ò: "ị", î: "ỵ" },
};
const vniMarks: Record<string, string> = { â: "\u0302", ê: "\u0306" };
const vniTones = ["\u0301", "\u0300", "\u0309", "\u0303", "\u0323"];
for (const [letters, mark] of [
  ["ùøûõï", ""],
  ["áàåãä", "\u0302"],
  ["éèúüë", "\u0306"],
] as const)
  for (const [at, letter] of [...letters].entries()) vniMarks[letter] = mark + (vniTones[at] ?? "");

/** Text typed for the TCVN3 (ABC) or VNI fonts. */
export function readOldFonts(cell: string): string[] {
  const texts: string[] = [];
  for (const isVietnamese of [false, true]) {
    const bytes = encode(cell, isVietnamese);
    if (bytes === null) continue;
    texts.push(
      bytes.map((byte) => (byte < 128 ? String.fromCharCode(byte) : (tcvn3.get(byte) ?? "?"))).join(""),
    );
    const delivered = bytes.map((byte) => String.fromCharCode(byte).toLowerCase());
    texts.push(delivered.map((letter) => vniMarks[letter] ?? vniLetters[letter] ?? letter).join(""));
  }
  return texts;
}
