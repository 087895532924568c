import { inflateRawSync } from "node:zlib";

/** The contents of every entry of a zip archive without ZIP64, one after the other; nothing of what is no archive. */
export function unzipAll(archive: Buffer): Buffer {
  const end = archive.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end < 0) return Buffer.alloc(0);
  const contents: Buffer[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const isPacked = archive.readUInt16LE(at + 10) !== 0;
    const size = archive.readUInt32LE(at + 20);
    const header = archive.readUInt32LE(at + 42);
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const bytes = archive.subarray(start, start + size);
    contents.push(isPacked ? inflateRawSync(bytes) : bytes);
    at += 46 + archive.readUInt16LE(at + 28) + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return Buffer.concat(contents);
}
