import { InvalidArgumentError } from "commander";
import { z } from "zod";

/** What every option `--key-file` says of itself. */
export const keyFileText = "the key, 32 random bytes in a file of your own (0600); else LAMSACH_KEY holds it";

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 2 ** 10,
  MB: 2 ** 20,
  GB: 2 ** 30,
  TB: 2 ** 40,
};

/** Bytes of a size like 4KB, 8MB or 2GB (powers of 1024, KiB means the same); refuses 0 and fractions of a byte. */
export function readSize(text: string): number {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,3})?) ?([KMGT]?)I?B?$/i.exec(text.trim()) ?? [];
  const letter = (unit ?? "").toUpperCase();
  const bytes = Number(digits) * (unitBytes[letter === "" ? "" : `${letter}B`] ?? 1);
  if (digits === undefined || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw new InvalidArgumentError("Expected a size like 4KB, 512MB or 2GB.");
  }
  return bytes;
}

/** Bytes of a shard: smaller ones would cost more than they hold. */
export function readShardSize(text: string): number {
  const bytes = readSize(text);
  if (bytes < 4096) throw new InvalidArgumentError("Expected 4KB or more.");
  return bytes;
}

/** Worker threads: 1 to 64. */
export function readWorkers(text: string): number {
  const count = readCount(text);
  if (count > 64) throw new InvalidArgumentError("Expected 64 at most.");
  return count;
}

/** A day of the calendar as yyyy-mm-dd. */
export function readDay(text: string): string {
  if (!z.iso.date().safeParse(text).success) throw new InvalidArgumentError("Expected a day as yyyy-mm-dd.");
  return text;
}

/** A whole number of 1 or more. */
export function readCount(text: string): number {
  const count = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError("Expected a whole number of 1 or more.");
  return count;
}

/** A TCP port; 0 leaves the choice to the system. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("Expected a port from 0 to 65535.");
  return port;
}

/** A whole number from 0 to 2^32 - 1. */
export function readSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= 0xffffffff)) throw new InvalidArgumentError("Expected a whole number from 0 to 4294967295.");
  return seed;
}

/** A place in the audit log, as `lamsach audit verify` prints its head. */
export function readLogPosition(text: string): { sequence: number; sha256: string } {
  const [, sequence, sha256] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || sha256 === undefined) {
    throw new InvalidArgumentError(
      "Expected <sequence>:<sha256>, as `lamsach audit verify` prints its head.",
    );
  }
  return { sequence: Number(sequence), sha256 };
}
