import iconv from "iconv-lite";

/**
 * The bytes of a text in which `⟦c2a0⟧` stands for bytes that an editor would not show or keep, and `⟦41*3000⟧` for as
 * many of them.
 */
export function readMarkedBytes(text: string): Buffer {
  const parts = text.split(/⟦((?:[0-9a-f]{2})+)(?:\*(\d+))?⟧/);
  const bytes: Buffer[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    bytes.push(Buffer.from(parts[at] as string));
    const hex = parts[at + 1];
    if (hex !== undefined) bytes.push(Buffer.from(hex.repeat(Number(parts[at + 2] ?? 1)), "hex"));
  }
  return Buffer.concat(bytes);
}

const tones = /[\u0300\u0301\u0303\u0309\u0323]/gu;

/** A text in one of the encodings that deliveries come in; windows-1258 writes a tone behind its letter. */
export function encodeText(text: string, encoding: "utf-16le" | "utf-16be" | "windows-1258"): Buffer {
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  const separate = [...text.normalize("NFC")].map((letter) => {
    const parts = letter.normalize("NFD");
    return parts.replace(tones, "").normalize("NFC") + (parts.match(tones) ?? []).join("");
  });
  return iconv.encode(separate.join(""), "windows1258");
}
