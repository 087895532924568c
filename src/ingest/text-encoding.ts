import { fstatSync, readSync } from "node:fs";
import { O_RDONLY, withOpenFile } from "../storage/open-file.js";
import { RefusedFile } from "./refused-file.js";

/** How a text file is encoded, and the bytes of its byte order mark. */
export interface DetectedEncoding {
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be" | "windows-1258";
  readonly bomBytes: number;
}

const sampleBytes = 65_536;
const samples = 16;

/**
 * The byte order mark decides; else NULs in every other byte (UTF-16); else UTF-8 unless the samples hold windows-1258
 * letters that UTF-8 cannot. Some bad bytes in a UTF-8 file do not change what the file is. Throws RefusedFile for UTF-32.
 */
export function detectEncoding(path: string): DetectedEncoding {
  const parts = readSamples(path);
  const head = parts[0] as Buffer;
  if (startsWith(head, [0xff, 0xfe, 0, 0]) || startsWith(head, [0, 0, 0xfe, 0xff])) {
    throw new RefusedFile(
      "the text is UTF-32; expected UTF-8. Save it as UTF-8 and deliver it again",
      "Văn bản dùng bảng mã UTF-32; cần UTF-8. Hãy lưu lại bằng UTF-8 rồi gửi lại.",
    );
  }
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: "utf-8", bomBytes: 3 };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: "utf-16le", bomBytes: 2 };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: "utf-16be", bomBytes: 2 };
  return { encoding: guessUtf16(head) ?? guessByteEncoding(parts), bomBytes: 0 };
}

function startsWith(bytes: Buffer, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}

/** The beginning of the file, and parts spread evenly over the rest; all of a small file. */
function readSamples(path: string): Buffer[] {
  return withOpenFile(path, O_RDONLY, (file) => {
    const { size } = fstatSync(file);
    const step = Math.max(sampleBytes, Math.floor(size / samples));
    const parts: Buffer[] = [];
    for (let at = 0; at < Math.max(size, 1); at += step) {
      const buffer = Buffer.alloc(Math.min(sampleBytes, size - at));
      parts.push(buffer.subarray(0, readSync(file, buffer, 0, buffer.length, at)));
    }
    return parts;
  });
}

/** Text of Latin letters in UTF-16 has a NUL in nearly every second byte. */
function guessUtf16(head: Buffer): "utf-16le" | "utf-16be" | null {
  const nuls = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) nuls[i & 1] = (nuls[i & 1] as number) + 1;
  const [even = 0, odd = 0] = nuls;
  const many = head.length / 8;
  if (odd > many && even * 10 < odd) return "utf-16le";
  if (even > many && odd * 10 < even) return "utf-16be";
  return null;
}

/** Letters of Vietnamese in windows-1258: those with a mark of their own, the five tone marks, and typographic punctuation. */
const vietnameseBytes = new Set(
  Buffer.from(
    "c0c1c2c3c8c9cacccdd0d2d3d4d5d9daddde" + "e0e1e2e3e8e9eaecedf0f2f3f4f5f9fafd" + "859192939496" + "97a0",
    "hex",
  ),
);

function guessByteEncoding(parts: readonly Buffer[]): "utf-8" | "windows-1258" {
  let sequences = 0;
  let strays = 0;
  let vietnamese = 0;
  for (const part of parts) {
    // A part may begin and end within a sequence.
    let i = 0;
    while (part !== parts[0] && i < 3 && ((part[i] ?? 0) & 0xc0) === 0x80) i++;
    for (; i < part.length; i++) {
      const byte = part[i] as number;
      if (byte < 0x80) continue;
      const length = sequenceLength(byte);
      let extra = 0;
      while (extra < length - 1 && ((part[i + 1 + extra] ?? 0) & 0xc0) === 0x80) extra++;
      if (length > 1 && extra === length - 1) {
        sequences++;
        i += extra;
      } else if (length < 2 || i + length <= part.length) {
        strays++;
        if (vietnameseBytes.has(byte)) vietnamese++;
      }
    }
  }
  return strays > sequences && vietnamese * 10 >= strays * 9 ? "windows-1258" : "utf-8";
}

function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}
