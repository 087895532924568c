import { Transform } from "node:stream";
import iconv from "iconv-lite";
import { exitCodes, LamsachError } from "../errors.js";
import { copyPrivately } from "../storage/private-copy.js";

/** Stands for what cannot be decoded: never part of UTF-8, so the scanner sets the row apart. */
const undecodable = 0xff;

/** Writes `source` from byte `from` on to `target` as UTF-8; all but UTF-16 composed (NFC). What cannot be decoded becomes a byte 0xFF. Throws LamsachError(2) for an encoding nobody knows. */
export async function transcodeFile(
  source: string,
  target: string,
  encoding: string,
  from: number,
): Promise<void> {
  const decoder = createDecoder(encoding);
  const decode = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, decoder.write(chunk));
    },
    flush(done) {
      done(null, decoder.end());
    },
  });
  await copyPrivately(source, target, [decode], from);
}

/** Bytes in, UTF-8 out, piece by piece. */
interface Decoder {
  write(chunk: Buffer): Buffer;
  end(): Buffer;
}

function createDecoder(encoding: string): Decoder {
  const name = encoding.toLowerCase();
  if (name === "utf-16le") return createUtf16Decoder(0);
  if (name === "utf-16be") return createUtf16Decoder(1);
  if (/^windows-125\d$/.test(name)) {
    const decoder = new TextDecoder(name);
    return composeText((chunk) => decoder.decode(chunk, { stream: true }));
  }
  if (!iconv.encodingExists(name)) {
    throw new LamsachError(
      exitCodes.usage,
      `sources: the encoding "${encoding}" is unknown; expected one such as utf-8, utf-16le, windows-1258, tcvn, viscii. Correct it in the pipeline file`,
    );
  }
  const decoder = iconv.getDecoder(name);
  return composeText((chunk) => decoder.write(chunk));
}

/** NFC over pieces: only what comes before an ASCII character is finished, for a mark may still follow the rest. */
function composeText(decode: (chunk: Buffer) => string): Decoder {
  let rest = "";
  const encode = (text: string): Buffer => {
    const parts = text.normalize("NFC").split("\ufffd");
    const mark = Buffer.of(undecodable);
    return Buffer.concat(
      parts.flatMap((part, i) => (i === 0 ? [Buffer.from(part)] : [mark, Buffer.from(part)])),
    );
  };
  return {
    write(chunk) {
      rest += decode(chunk);
      let end = rest.length - 1;
      while (end > 0 && rest.charCodeAt(end) > 0x7f) end--;
      const finished = rest.slice(0, Math.max(end, 0));
      rest = rest.slice(finished.length);
      return encode(finished);
    },
    end: () => encode(rest),
  };
}

/** UTF-16 by hand: unlike TextDecoder it tells a broken pair from a delivered U+FFFD. `high` is the offset of the high byte's partner. */
function createUtf16Decoder(lowOffset: 0 | 1): Decoder {
  let rest = Buffer.alloc(0);
  return {
    write(chunk) {
      const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
      const { written, read } = encodeUtf16(bytes, lowOffset, false);
      rest = Buffer.from(bytes.subarray(read));
      return written;
    },
    end: () => encodeUtf16(rest, lowOffset, true).written,
  };
}

function encodeUtf16(bytes: Buffer, lowOffset: 0 | 1, isLast: boolean): { written: Buffer; read: number } {
  const out = Buffer.allocUnsafe(Math.ceil(bytes.length / 2) * 3 + 1);
  const unitAt = (at: number): number =>
    (bytes[at + lowOffset] as number) | ((bytes[at + 1 - lowOffset] as number) << 8);
  let o = 0;
  let i = 0;
  for (; i + 1 < bytes.length; i += 2) {
    const unit = unitAt(i);
    if (unit < 0x80) {
      out[o++] = unit;
    } else if (unit < 0x800) {
      out[o++] = 0xc0 | (unit >> 6);
      out[o++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      out[o++] = 0xe0 | (unit >> 12);
      out[o++] = 0x80 | ((unit >> 6) & 0x3f);
      out[o++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xdc00 && i + 3 >= bytes.length && !isLast) {
      break; // its other half is still to come
    } else {
      const next = unit < 0xdc00 && i + 3 < bytes.length ? unitAt(i + 2) : 0;
      if (next < 0xdc00 || next > 0xdfff) {
        out[o++] = undecodable;
        continue;
      }
      const point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
      out[o++] = 0xf0 | (point >> 18);
      out[o++] = 0x80 | ((point >> 12) & 0x3f);
      out[o++] = 0x80 | ((point >> 6) & 0x3f);
      out[o++] = 0x80 | (point & 0x3f);
      i += 2;
    }
  }
  if (isLast && i < bytes.length) {
    out[o++] = undecodable;
    i = bytes.length;
  }
  return { written: out.subarray(0, o), read: i };
}
