import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { exitCodes, LamsachError } from "../errors.js";

/** The secret that files are sealed with and pseudonyms are made with. It is never written anywhere but by `writeKeyFile`. */
export interface FileKey {
  /** 16 hexadecimal digits that tell keys apart and say nothing about them. */
  readonly id: string;
  /** Shows nothing when it is logged or turned into JSON, and may be sent to threads. */
  readonly secret: KeyObject;
}

/** The environment variable that holds a key when no key file is named. */
export const keyVariable = "LAMSACH_KEY";

const keyBytes = 32;
/** 32 random bytes have fewer different ones less than once in 10^12 keys; a repeated word or zeros always do. */
const leastDifferentBytes = 16;
/** A key's text and line break; anything longer is another file. */
const mostTextBytes = 128;

/**
 * Reads a key file: 64 hexadecimal digits, or base64, of 32 random bytes. Throws LamsachError (exit 2) when it holds
 * anything else, is a link or no regular file, or when others than its owner may read it; (exit 4) when it cannot be read.
 */
export function readKeyFile(file: string): FileKey {
  return readKeyText(readPrivateText(file), file);
}

/** Reads a key's text; `where` names the place it came from. Throws LamsachError (exit 2) as `readKeyFile`. */
export function readKeyText(text: string, where: string): FileKey {
  const bytes = decodeKey(text.trim());
  if (bytes === null) {
    throw refuse(where, "this is no key", "64 hexadecimal digits, or base64, of 32 random bytes");
  }
  if (new Set(bytes).size < leastDifferentBytes) {
    throw refuse(where, "the key is not random", "32 bytes from a random generator");
  }
  const secret = createSecretKey(bytes);
  bytes.fill(0);
  return { id: deriveBytes(secret, "lamsach key id", 8).toString("hex"), secret };
}

/** The key itself; a LamsachError (exit 2) that says what needs one when there is none. */
export function requireKey(key: FileKey | null, where: string, need: string): FileKey {
  if (key !== null) return key;
  throw new LamsachError(
    exitCodes.usage,
    `${where}: ${need}, and there is no key; expected one in --key-file or ${keyVariable}. \`lamsach key new <file>\` makes one.`,
  );
}

/** Makes a new key in a file (0600) that is not there yet. Throws LamsachError: exit 2 when it is, 4 when it cannot be written. */
export function writeKeyFile(file: string): FileKey {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const text = randomBytes(keyBytes).toString("hex");
  try {
    const handle = openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      writeSync(handle, `${text}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "EEXIST") {
      throw new LamsachError(
        exitCodes.usage,
        `${file}: there is a file already; expected a new name. A key that is overwritten is lost, and all that it sealed.`,
      );
    }
    throw new LamsachError(
      exitCodes.environment,
      `${file}: the key cannot be written (${code}); expected a writable folder. Name another place.`,
    );
  }
  return readKeyText(text, file);
}

/** A secret of its own for one purpose, from which neither the key nor the secret of another purpose can be told. */
function deriveBytes(secret: KeyObject, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "", purpose, length));
}

/** The HMAC key for pseudonyms. */
export function derivePseudonymSecret({ secret }: FileKey): KeyObject {
  return createSecretKey(deriveBytes(secret, "lamsach pseudonym", keyBytes));
}

function decodeKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, "base64");
  return null;
}

function readPrivateText(file: string): string {
  // A FIFO would wait for ever.
  const handle = openKeyFile(file);
  try {
    const facts = fstatSync(handle);
    if (!facts.isFile()) throw refuse(file, "this is no regular file", "a key file");
    if ((facts.mode & 0o077) !== 0) {
      throw new LamsachError(
        exitCodes.usage,
        `${file}: others may read this key; expected a file for its owner alone (0600). Run: chmod 600 ${file}`,
      );
    }
    const bytes = Buffer.alloc(mostTextBytes);
    const text = bytes.toString("latin1", 0, readSync(handle, bytes));
    bytes.fill(0);
    return text;
  } finally {
    closeSync(handle);
  }
}

function openKeyFile(file: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    return openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    if (code === "ELOOP") throw refuse(file, "this is a symbolic link", "the key file itself");
    if (code === "ENOENT") throw refuse(file, "there is no such file", "a key file");
    throw new LamsachError(
      exitCodes.environment,
      `${file}: the key cannot be read (${code}); expected a file of your own. Check its permissions.`,
    );
  }
}

function refuse(where: string, problem: string, expected: string): LamsachError {
  return new LamsachError(
    exitCodes.usage,
    `${where}: ${problem}; expected ${expected}. \`lamsach key new <file>\` makes one.`,
  );
}
