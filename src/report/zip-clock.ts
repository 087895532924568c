/** 1 January 1980, the first day a zip can name. */
const zipEpoch = 0x0021_0000;

const endSignature = 0x0605_4b50;
const endBytes = 22;
const entrySignature = 0x0201_4b50;
const entryBytes = 46;

/**
 * Sets the time of every entry of a zip archive to the beginning of 1980, in place: archives of equal contents then have
 * equal bytes, whenever they were packed. For archives without a comment and without ZIP64, such as a small workbook.
 * Throws when the bytes are no such archive.
 */
export function stopZipClock(archive: Buffer): void {
  const end = archive.length - endBytes;
  if (end < 0 || archive.readUInt32LE(end) !== endSignature) throw new Error("this is no plain zip archive");
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < entries; entry++) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new Error("this is no plain zip archive");
    archive.writeUInt32LE(zipEpoch, at + 12);
    const header = archive.readUInt32LE(at + 42);
    archive.writeUInt32LE(zipEpoch, header + 10);
    at +=
      entryBytes +
      archive.readUInt16LE(at + 28) +
      archive.readUInt16LE(at + 30) +
      archive.readUInt16LE(at + 32);
  }
}
