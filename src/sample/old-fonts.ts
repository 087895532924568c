// TCVN3 (ABC) bytes and VNI pairs as Latin-1 text, for Title Case names: capitals with a tone have no TCVN3 code of
// their own, and plain ư is a soft hyphen there, which mail programs and spreadsheets lose.
const tcvn3 = new Map(
  (
    "àµ á¸ ả¶ ã· ạ¹ ă¨ ằ» ắ¾ ẳ¼ ẵ½ ặÆ â© ầÇ ấÊ ẩÈ ẫÉ ậË đ® èÌ éÐ ẻÎ ẽÏ ẹÑ êª ềÒ ếÕ ểÓ ễÔ ệÖ ì× íÝ ỉØ ĩÜ ịÞ " +
    "òß óã ỏá õâ ọä ô« ồå ốè ổæ ỗç ộé ơ¬ ờê ớí ởë ỡì ợî ùï úó ủñ ũò ụô ừõ ứø ửö ữ÷ ựù ỳú ýý ỷû ỹü ỵþ " +
    "Đ§ Ă¡ Â¢ Ê£ Ô¤ Ơ¥ Ư¦"
  )
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(1)]),
);

const vni = new Map(
  (
    "áaù àaø ảaû ãaõ ạaï ăaê ắaé ằaè ẳaú ẵaü ặaë âaâ ấaá ầaà ẩaå ẫaã ậaä đñ éeù èeø ẻeû ẽeõ ẹeï êeâ ếeá ềeà ểeå " +
    "ễeã ệeä íí ìì ỉæ ĩó ịò óoù òoø ỏoû õoõ ọoï ôoâ ốoá ồoà ổoå ỗoã ộoä ơô ớôù ờôø ởôû ỡôõ ợôï úuù ùuø ủuû ũuõ " +
    "ụuï ưö ứöù ừöø ửöû ữöõ ựöï ýyù ỳyø ỷyû ỹyõ ỵî ĐÑ"
  )
    .split(" ")
    .map((pair) => [pair.charAt(0), pair.slice(1)]),
);

// Characters that no Vietnamese name holds: with one of them nobody can take the text for another name.
const foreign = /[µ¶·¸¹»¼½¾¨©ª«¬®¡¢£¤¥¦§×ØÆÇËÏÎÑÐÜÞßÖæçåäëïîñûüþø÷ö]/;

function rewrite(name: string, table: ReadonlyMap<string, string>): string | null {
  let written = "";
  for (const letter of name) {
    const code = table.get(letter);
    if (code === undefined && letter > "\u007f") return null;
    written += code ?? letter;
  }
  return foreign.test(written) ? written : null;
}

/** The name as TCVN3 font text read as Latin-1; null when that would not be recognisable or not whole. */
export function writeTcvn3(name: string): string | null {
  return rewrite(name, tcvn3);
}

/** The name as VNI font text read as Latin-1; null when that would not be recognisable or not whole. */
export function writeVni(name: string): string | null {
  return rewrite(name, vni);
}

const upperHalf = "€\u0000‚ƒ„…†‡ˆ‰Š‹Œ\u0000Ž\u0000\u0000‘’“”•–—˜™š›œ\u0000žŸ";

/** The name's UTF-8 bytes read as Windows-1252; null when a byte has no letter there or would look like a space. */
export function writeMojibake(name: string): string | null {
  let written = "";
  for (const byte of Buffer.from(name, "utf8")) {
    const letter = byte >= 0x80 && byte <= 0x9f ? upperHalf.charAt(byte - 0x80) : String.fromCharCode(byte);
    if (letter === "\u0000" || byte === 0xa0 || byte === 0xad) return null;
    written += letter;
  }
  return written === name ? null : written;
}
