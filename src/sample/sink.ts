import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { createGzip, type Gzip } from "node:zlib";
import iconv from "iconv-lite";
import { exitCodes, LamsachError } from "../errors.js";

/** Letters that are turned into bytes at a time; larger texts fall out of the processor's cache. */
const chunkLetters = 60_000;

/** Stands in a text where the bytes of a letter cut in half go. */
export const brokenLetter = "\ue000";

/** How the text of a file becomes bytes. */
export interface SinkFormat {
  readonly encoding: "utf-8" | "utf-16le" | "windows-1258";
  readonly hasBom: boolean;
  readonly isGzip: boolean;
}

/** A text file being written; holds back at most what was written since the last flush. */
export interface Sink {
  /** 1-based physical line of what is written next. */
  line: number;
  /** Writes a text of so many physical lines; `hasBroken` says that a `brokenLetter` is in it. */
  write(text: string, lines: number, hasBroken?: boolean): void;
  /** Hands what was written to the file; call it every megabyte or so. */
  flush(): Promise<void>;
  /** Flushes and closes; throws LamsachError (exit 4) when the disk refused anything. */
  close(): Promise<void>;
}

/** Opens a text file for writing. */
export function openSink(path: string, { encoding, hasBom, isGzip }: SinkFormat): Sink {
  const target = createWriteStream(path);
  const failure = watchFailure(path, target);
  const stream = isGzip ? zipInto(target) : target;
  let pending = hasBom ? "\ufeff" : "";
  let hasBroken = false;
  let chunks: Buffer[] = [];

  function encodePending(): void {
    if (pending === "") return;
    const bytes = encodeText(pending, encoding);
    chunks.push(hasBroken ? breakLetters(bytes) : bytes);
    pending = "";
    hasBroken = false;
  }

  const sink: Sink = {
    line: 1,
    write(text, lines, isBroken = false) {
      pending += text;
      sink.line += lines;
      if (isBroken) hasBroken = true;
      if (pending.length > chunkLetters) encodePending();
    },
    async flush() {
      failure.raise();
      encodePending();
      if (chunks.length === 0) return;
      let ready = true;
      for (const chunk of chunks) ready = stream.write(chunk);
      chunks = [];
      if (!ready) await Promise.race([once(stream, "drain"), failure.happened]);
      failure.raise();
    },
    async close() {
      await sink.flush();
      const closed = once(target, "close");
      stream.end();
      await Promise.race([closed, failure.happened]);
      failure.raise();
    },
  };
  return sink;
}

interface Failure {
  readonly happened: Promise<void>;
  raise(): void;
}

function watchFailure(path: string, target: WriteStream): Failure {
  let reason: NodeJS.ErrnoException | undefined;
  const happened = new Promise<void>((resolve) => {
    target.on("error", (error: NodeJS.ErrnoException) => {
      reason = error;
      resolve();
    });
  });
  return {
    happened,
    raise() {
      if (reason !== undefined) throw explainWriteFailure(path, reason);
    },
  };
}

/** What to tell about a file or folder that the disk refused (exit 4). */
export function explainWriteFailure(path: string, error: unknown): LamsachError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "unknown";
  return new LamsachError(
    exitCodes.environment,
    `${path}: it cannot be written (${code}); expected a folder with free space that may be written. Choose another --out.`,
  );
}

/** The zip's header names the machine's system in its tenth byte; 255 (unknown) keeps files equal everywhere. */
function zipInto(target: WriteStream): Gzip {
  const gzip = createGzip({ level: 6 });
  let isFirst = true;
  gzip.on("data", (chunk: Buffer) => {
    if (isFirst && chunk.length > 9) chunk[9] = 255;
    isFirst = false;
    if (!target.write(chunk)) {
      gzip.pause();
      target.once("drain", () => gzip.resume());
    }
  });
  gzip.on("end", () => target.end());
  return gzip;
}

function encodeText(text: string, encoding: SinkFormat["encoding"]): Buffer {
  if (encoding === "utf-8") {
    // One pass into a buffer that is surely large enough: Buffer.from measures the text first, which costs as much again.
    const bytes = Buffer.allocUnsafe(text.length * 3);
    return bytes.subarray(0, bytes.write(text, "utf8"));
  }
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  return iconv.encode(splitTones(text), "windows-1258");
}

const qualityMarks = "\u0302\u0306\u031b";

/** Letters of windows-1258: a vowel with its own mark is one letter, its tone follows as another. */
function splitTones(text: string): string {
  return text
    .normalize("NFD")
    .replace(/([A-Za-z])([\u0300-\u036f]+)/g, (_whole, letter: string, marks: string) => {
      const quality = [...marks].filter((mark) => qualityMarks.includes(mark)).join("");
      const tone = [...marks].filter((mark) => !qualityMarks.includes(mark)).join("");
      return (letter + quality).normalize("NFC") + tone;
    });
}

const brokenBytes = Buffer.from(brokenLetter, "utf8");

/** Leaves the first two bytes of a three-byte Vietnamese letter where `brokenLetter` stands. */
function breakLetters(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(brokenBytes); at >= 0; at = bytes.indexOf(brokenBytes, from)) {
    parts.push(bytes.subarray(from, at), Buffer.from([0xe1, 0xbb]));
    from = at + brokenBytes.length;
  }
  parts.push(bytes.subarray(from));
  return Buffer.concat(parts);
}
