import { type AssessmentHeader, notAnAssessment } from "./assessment.js";

/** A place as delivered: codes of province, district and ward, or names where there is no code. */
export type Place = readonly [string, string, string];
/** A facility: key (code, or name where there is no code) and the first name seen. */
export type Facility = readonly [string, string];

/** A place or a facility as bytes: the UTF-8 length of each text (4 bytes) and the text. */
export function encodeEntry(texts: Place | Facility): Uint8Array {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(lengthBytes);
      const bytes = Buffer.from(text);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** The encoded places and facilities that a shard's records have, by their numbers in it, as the bytes of a header. */
export function encodeLists(lists: {
  readonly places: readonly Uint8Array[];
  readonly facilities: readonly Uint8Array[];
}): Uint8Array {
  const all = [lists.places, lists.facilities];
  const size = all.flat().reduce((sum, { length }) => sum + length, 2 * lengthBytes);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entries of all) {
    view.setUint32(at, entries.length, true);
    at += lengthBytes;
    // A run has thousands of short entries in each of its shards: a loop is quicker than a copy for each.
    for (const entry of entries)
      for (let from = 0; from < entry.length; from++) bytes[at++] = entry[from] as number;
  }
  return bytes;
}

/** Entries one behind the other: entry n is `bytes[starts[n], starts[n + 1])`. */
export interface ListedEntries {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
}

/** The lists of a header. Throws `LamsachError` (environment) naming `path`, the table's file, when they are damaged. */
export function readLists(
  { lists }: Pick<AssessmentHeader, "lists">,
  path: string,
): { readonly places: ListedEntries; readonly facilities: ListedEntries } {
  const view = new DataView(lists.buffer, lists.byteOffset, lists.length);
  const places = listEntries(lists, view, 0, placeTexts, path);
  const facilities = listEntries(lists, view, places.starts.at(-1) as number, facilityTexts, path);
  if (facilities.starts.at(-1) !== lists.length) throw notAnAssessment(path);
  return { places, facilities };
}

/** The list whose count stands at `from`. */
function listEntries(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  texts: number,
  path: string,
): ListedEntries {
  let at = from;
  const take = (): number => {
    if (at + lengthBytes > bytes.length) throw notAnAssessment(path);
    at += lengthBytes;
    return view.getUint32(at - lengthBytes, true);
  };
  const count = take();
  if (count * texts * lengthBytes > bytes.length) throw notAnAssessment(path);
  const starts = new Uint32Array(count + 1);
  for (let entry = 0; entry < count; entry++) {
    starts[entry] = at;
    for (let text = 0; text < texts; text++) {
      const length = take();
      at += length;
    }
  }
  if (at > bytes.length) throw notAnAssessment(path);
  starts[count] = at;
  return { bytes, starts };
}

/** The texts of an entry, as `encodeEntry` was given them. */
export function decodeEntry<Entry extends Place | Facility>(
  { bytes, starts }: ListedEntries,
  entry: number,
): Entry {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = starts[entry + 1] as number;
  const texts: string[] = [];
  for (let at = starts[entry] as number; at < end; ) {
    const from = at + lengthBytes;
    at = from + buffer.readUInt32LE(at);
    texts.push(buffer.toString("utf8", from, at));
  }
  return texts as readonly string[] as Entry;
}

const lengthBytes = 4;
const placeTexts = 3;
const facilityTexts = 2;
