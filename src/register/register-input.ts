import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { type Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { exitCodes, LamsachError } from "../errors.js";
import { openNamelessFile, writeFully } from "../storage/nameless-file.js";

const maxExpansionRatio = 200;
const freeExpansionBytes = 64 << 20;

/** An input whose CSV bytes can be read at any offset, by all threads. Whoever opened it closes its file. */
export interface RegisterInput {
  /** Base name. */
  readonly name: string;
  /** Descriptor of the file itself, or of a nameless copy. */
  readonly file: number;
  readonly byteLength: number;
}

/**
 * Opens one register file: UTF-8 CSV, or gzip when the name ends in .gz. What cannot be read at any offset (gzip, a
 * pipe) is copied into a nameless file in `directory`, and so is UTF-16 with a BOM. Throws LamsachError 3 when it cannot
 * be read.
 */
export async function openRegisterInput(path: string, directory: string): Promise<RegisterInput> {
  const name = basename(path);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw explainReadFailure(name, error);
  }
  if (fstatSync(file).isFile() && !path.endsWith(".gz")) return decodeInput({ name, file }, directory);
  const source = createReadStream("", { fd: file, highWaterMark: 1 << 18 });
  const steps = path.endsWith(".gz")
    ? [createGunzip({ chunkSize: 1 << 18 }), guardExpansion(name, () => source.bytesRead)]
    : [];
  return decodeInput({ name, file: await copyAside(name, source, steps, directory) }, directory);
}

/** UTF-16 little-endian, which its BOM tells, is decoded; everything else is taken for UTF-8. */
async function decodeInput(
  { name, file }: Pick<RegisterInput, "name" | "file">,
  directory: string,
): Promise<RegisterInput> {
  const mark = Buffer.alloc(2);
  if (readSync(file, mark, 0, 2, 0) < 2 || mark.readUInt16BE() !== 0xfffe) {
    return { name, file, byteLength: fstatSync(file).size };
  }
  const decoder = new TextDecoder("utf-16le");
  const decode = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  const source = createReadStream("", { fd: file, start: 0, highWaterMark: 1 << 18 });
  const decoded = await copyAside(name, source, [decode], directory);
  return { name, file: decoded, byteLength: fstatSync(decoded).size };
}

/** Copies a stream, through `steps`, into a nameless file; the stream closes its own. */
async function copyAside(
  name: string,
  source: Readable,
  steps: readonly Transform[],
  directory: string,
): Promise<number> {
  const file = openNamelessFile(directory);
  let bytes = 0;
  let writeFailure: unknown;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        writeFully(file, chunk, chunk.length, bytes);
        bytes += chunk.length;
        done();
      } catch (error) {
        writeFailure = error;
        done(error as Error);
      }
    },
  });
  try {
    await pipeline([source, ...steps, sink]);
    return file;
  } catch (error) {
    closeSync(file);
    // A full disk is no fault of the file.
    throw writeFailure ?? explainReadFailure(name, error);
  }
}

/** A gzip file that expands out of all proportion would fill the disk. */
function guardExpansion(name: string, bytesRead: () => number): Transform {
  let expanded = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      expanded += chunk.length;
      if (expanded > freeExpansionBytes + maxExpansionRatio * bytesRead()) {
        done(
          new LamsachError(
            exitCodes.input,
            `${name}: the gzip data expands more than ${maxExpansionRatio} times; expected a compressed CSV. Check where the file comes from.`,
          ),
        );
      } else {
        done(null, chunk);
      }
    },
  });
}

const fileFaults: Readonly<Record<string, string>> = {
  ENOENT: "the file does not exist",
  EISDIR: "this is a directory",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  Z_DATA_ERROR: "the gzip data is damaged",
  Z_BUF_ERROR: "the gzip data ends too early",
};

/** The system's own messages hold paths, so only their codes are used. */
function explainReadFailure(name: string, error: unknown): unknown {
  if (error instanceof LamsachError) return error;
  const { code = "" } = error as { code?: string };
  if (code === "") return error;
  return new LamsachError(
    exitCodes.input,
    `${name}: ${fileFaults[code] ?? `it cannot be read (${code})`}; expected a CSV or gzip-compressed CSV file. Check the path and copy the file again.`,
  );
}
