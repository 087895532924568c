import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { exitCodes, LamsachError } from "../errors.js";
import type { FileKey } from "./file-key.js";

/*
 * Sealed files (docs/encryption.md has every byte): a header, frames, and an end. Each file has a key of its own, from
 * the master key and the header. A frame is sealed for the byte it begins at, so that none can be moved, left out or put
 * into another file; the end cannot be cut off.
 */

/** What it takes to add to one sealed file. */
export interface FileSeal {
  readonly header: Uint8Array;
  readonly key: KeyObject;
}

/** What a sealed file's name ends in, after the name of what it holds. */
export const sealedSuffix = ".sealed";

const magic = Buffer.from("lmsSEAL\u0001", "latin1");
const keyIdBytes = 8;
const saltBytes = 32;
export const sealedHeaderBytes = magic.length + keyIdBytes + saltBytes;

/** Most content bytes of a frame. */
export const frameBytes = 1 << 16;
const lengthBytes = 4;
const tagBytes = 16;
/** What a frame has beside its content. */
export const frameOverhead = lengthBytes + tagBytes;
const nonceBytes = 12;
const cipherName = "aes-256-gcm";
/** Last word of the nonce. */
const contentFrame = 0;
const endFrame = 1;

/** A seal for a new file. */
export function createSeal(key: FileKey): FileSeal {
  const header = Buffer.concat([magic, Buffer.from(key.id, "hex"), randomBytes(saltBytes)]);
  return { header, key: deriveFileKey(key, header) };
}

/** How many bytes `content` bytes take in frames. */
function sealedLength(content: number): number {
  return content + Math.ceil(content / frameBytes) * frameOverhead;
}

/** The frames of `content`, to be written at `offset` of the sealed file and nowhere else; only once for each offset. */
export function sealFrames({ key }: FileSeal, offset: number, content: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(sealedLength(content.length));
  let at = 0;
  for (let from = 0; from < content.length; from += frameBytes) {
    at = putFrame(key, sealed, at, offset, contentFrame, content.subarray(from, from + frameBytes));
  }
  return sealed;
}

/** The end of a sealed file, to be written at `offset`, where its frames end. */
export function sealEnd({ key }: FileSeal, offset: number): Buffer {
  const sealed = Buffer.allocUnsafe(frameOverhead);
  putFrame(key, sealed, 0, offset, endFrame, new Uint8Array(0));
  return sealed;
}

/** A whole sealed file. */
export function sealWhole(key: FileKey, content: Uint8Array): Buffer {
  const seal = createSeal(key);
  const frames = sealFrames(seal, sealedHeaderBytes, content);
  const end = sealEnd(seal, sealedHeaderBytes + frames.length);
  return Buffer.concat([seal.header, frames, end]);
}

/** Whether bytes begin as a sealed file does, of any version. */
export function isSealed(bytes: Uint8Array): boolean {
  const name = magic.length - 1;
  return bytes.length >= magic.length && magic.compare(bytes, 0, name, 0, name) === 0;
}

/** The key of a sealed file from its header. Throws LamsachError: 3 when it is no header, 2 when the file has another key. */
export function openSeal(key: FileKey, header: Uint8Array, where: string): KeyObject {
  if (header.length < sealedHeaderBytes || !isSealed(header)) {
    throw refuseSealed(where, "this is no sealed file", "one that lamsach sealed", "Check the path.");
  }
  if (header[magic.length - 1] !== magic.at(-1)) {
    throw refuseSealed(
      where,
      "the file is sealed in another format",
      "format 1",
      "Use the lamsach that made it.",
    );
  }
  const id = Buffer.from(header.subarray(magic.length, magic.length + keyIdBytes)).toString("hex");
  if (id !== key.id) {
    throw new LamsachError(
      exitCodes.usage,
      `${where}: the file is sealed with the key ${id}, and the key given is ${key.id}; expected the same. Give the key it was sealed with.`,
    );
  }
  return deriveFileKey(key, header);
}

/** Content bytes of the frame that begins with these four bytes: 0 for the end. Null when no frame is so long. */
export function readFrameLength(bytes: Uint8Array, at: number): number | null {
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readUInt32LE(at);
  return length <= frameBytes ? length : null;
}

/** The content of the whole frame `sealed`, which began at `offset` of its file; null when it is not what was sealed there. */
export function openFrame(key: KeyObject, sealed: Uint8Array, offset: number): Buffer | null {
  const end = sealed.length - tagBytes;
  const kind = end === lengthBytes ? endFrame : contentFrame;
  const decipher = createDecipheriv(cipherName, key, makeNonce(offset, kind), { authTagLength: tagBytes });
  decipher.setAAD(sealed.subarray(0, lengthBytes));
  decipher.setAuthTag(sealed.subarray(end));
  const content = decipher.update(sealed.subarray(lengthBytes, end));
  try {
    decipher.final();
    return content;
  } catch {
    return null;
  }
}

/** A sealed file that is not as it was sealed; the sentence for whoever asked for it. */
export function refuseSealed(where: string, problem: string, expected: string, todo: string): LamsachError {
  return new LamsachError(exitCodes.input, `${where}: ${problem}; expected ${expected}. ${todo}`);
}

function putFrame(
  key: KeyObject,
  sealed: Buffer,
  at: number,
  offset: number,
  kind: number,
  content: Uint8Array,
): number {
  sealed.writeUInt32LE(content.length, at);
  const cipher = createCipheriv(cipherName, key, makeNonce(offset + at, kind), { authTagLength: tagBytes });
  cipher.setAAD(sealed.subarray(at, at + lengthBytes));
  const contentAt = at + lengthBytes;
  sealed.set(cipher.update(content), contentAt);
  cipher.final();
  sealed.set(cipher.getAuthTag(), contentAt + content.length);
  return contentAt + content.length + tagBytes;
}

function makeNonce(offset: number, kind: number): Buffer {
  const nonce = Buffer.alloc(nonceBytes);
  nonce.writeBigUInt64BE(BigInt(offset));
  nonce.writeUInt32BE(kind, 8);
  return nonce;
}

function deriveFileKey({ secret }: FileKey, header: Uint8Array): KeyObject {
  const salt = header.subarray(sealedHeaderBytes - saltBytes, sealedHeaderBytes);
  const info = Buffer.concat([Buffer.from("lamsach sealed file"), header.subarray(0, sealedHeaderBytes)]);
  return createSecretKey(Buffer.from(hkdfSync("sha256", secret, salt, info, 32)));
}
