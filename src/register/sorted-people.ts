import { blockBits, peoplePerBlock, textSeparator, writeRestWords } from "./person-block.js";
import { contentHeadBytes, padTo4 } from "./person-spool.js";
import { wordsPerPerson } from "./register-index.js";

/** The people of a run of slots as they are stored, and what is counted of them. */
export interface StoredPeople {
  readonly firstBlock: number;
  /** Texts of the blocks, one after the other; the first and the last may be a piece of a block. */
  readonly names: Uint8Array;
  readonly rests: Uint8Array;
  /** Where each block ends in `names` and in `rests`. */
  readonly nameEnds: Uint32Array;
  readonly restEnds: Uint32Array;
  readonly counts: PeopleCounts;
  /** Keys (`readLegacyKey`) and slots of the people with an old number, slots ascending. */
  readonly legacyKeys: Int32Array;
  readonly legacySlots: Int32Array;
  /** Slots of replaced people, ascending, and the number each points to. */
  readonly replacedSlots: Int32Array;
  readonly replacedTargets: Float64Array;
}

/** Counts of people; `statuses` by position in `personStatuses`. */
export interface PeopleCounts {
  readonly statuses: readonly number[];
  readonly yearOnly: number;
  readonly withLegacyId: number;
  readonly byProvince: ReadonlyMap<string, number>;
}

/**
 * Lays the people of a sorted partition's `content` out as stored, from `firstSlot` on, and puts their index words in
 * their place in `words`.
 */
export function storePeople(
  content: Buffer,
  people: number,
  firstSlot: number,
  words: Int32Array,
): StoredPeople {
  const values = new Int32Array(content.buffer, content.byteOffset, content.length >> 2);
  const names = new Uint8Array(content.length);
  const rests = new Uint8Array(content.length);
  const firstBlock = firstSlot >> blockBits;
  const blocks = people === 0 ? 0 : ((firstSlot + people - 1) >> blockBits) - firstBlock + 1;
  const nameEnds = new Uint32Array(blocks);
  const restEnds = new Uint32Array(blocks);
  const tally = new PeopleTally(people);
  let nameEnd = 0;
  let restEnd = 0;
  let at = 0;
  for (let slot = firstSlot; slot < firstSlot + people; slot++) {
    const value = at >> 2;
    const w0 = values[value] as number;
    const w1 = values[value + 1] as number;
    const word = slot * wordsPerPerson;
    words[word] = w0;
    words[word + 1] = w1;
    words[word + 2] = values[value + 2] as number;
    words[word + 3] = values[value + 3] as number;
    const start = at + contentHeadBytes;
    const end = start + (values[value + 4] as number);

    let from = start;
    for (let byte = content[from] as number; byte !== textSeparator; byte = content[++from] as number)
      names[nameEnd++] = byte;
    const mark = (slot & (peoplePerBlock - 1)) + 1;
    names[nameEnd++] = mark;
    // The birth date is in the words.
    from += 2 + (((w1 >>> 25) & 1) === 1 ? 4 : 10);

    restEnd = writeRestWords(rests, restEnd, w0, w1);
    tally.add(slot, w1, content, from);
    while (from < end) rests[restEnd++] = content[from++] as number;
    rests[restEnd++] = mark;

    nameEnds[(slot >> blockBits) - firstBlock] = nameEnd;
    restEnds[(slot >> blockBits) - firstBlock] = restEnd;
    at = start + padTo4(end - start);
  }
  return {
    firstBlock,
    // Copies: a view would take all of its memory along to another thread.
    names: names.slice(0, nameEnd),
    rests: rests.slice(0, restEnd),
    nameEnds,
    restEnds,
    ...tally.finish(),
  };
}

/** Counts people and gathers the old and the replacing numbers, from the bytes. */
class PeopleTally {
  readonly #statuses = [0, 0, 0, 0];
  #yearOnly = 0;
  #withLegacyId = 0;
  readonly #legacyKeys: Int32Array;
  readonly #legacySlots: Int32Array;
  #legacies = 0;
  readonly #replacedSlots: number[] = [];
  readonly #replacedTargets: number[] = [];
  /** Codes of up to three bytes as numbers, so that no string is made for each person. */
  readonly #shortProvinces = new Map<number, { readonly text: string; people: number }>();
  readonly #longProvinces = new Map<string, number>();

  constructor(people: number) {
    this.#legacyKeys = new Int32Array(people);
    this.#legacySlots = new Int32Array(people);
  }

  /** `from` is where the legacy number begins; other texts follow. */
  add(slot: number, w1: number, content: Buffer, from: number): void {
    const status = (w1 >>> 27) & 3;
    this.#statuses[status] = (this.#statuses[status] as number) + 1;
    this.#yearOnly += (w1 >>> 25) & 1;
    const legacyEnd = findSeparator(content, from);
    if (legacyEnd > from) {
      this.#withLegacyId++;
      const digits = legacyEnd - from;
      const value = digits === 8 || digits === 9 ? readDigits(content, from, legacyEnd) : -1;
      if (value >= 0) {
        this.#legacyKeys[this.#legacies] = (digits === 9 ? 1_000_000_000 : 100_000_000) + value;
        this.#legacySlots[this.#legacies++] = slot;
      }
    }
    const replacedEnd = findSeparator(content, legacyEnd + 1);
    if (status === 3) {
      this.#replacedSlots.push(slot);
      this.#replacedTargets.push(readDigits(content, legacyEnd + 1, replacedEnd));
    }
    this.#addProvince(content, replacedEnd + 1);
  }

  finish(): Omit<StoredPeople, "firstBlock" | "names" | "rests" | "nameEnds" | "restEnds"> {
    const byProvince = new Map(this.#longProvinces);
    for (const { text, people } of this.#shortProvinces.values()) byProvince.set(text, people);
    return {
      counts: {
        statuses: this.#statuses,
        yearOnly: this.#yearOnly,
        withLegacyId: this.#withLegacyId,
        byProvince,
      },
      legacyKeys: this.#legacyKeys.slice(0, this.#legacies),
      legacySlots: this.#legacySlots.slice(0, this.#legacies),
      replacedSlots: Int32Array.from(this.#replacedSlots),
      replacedTargets: Float64Array.from(this.#replacedTargets),
    };
  }

  #addProvince(content: Buffer, from: number): void {
    let key = 1;
    let at = from;
    for (; content[at] !== textSeparator; at++) key = key * 256 + (content[at] as number);
    if (at - from > 3) {
      const text = content.toString("utf8", from, at);
      this.#longProvinces.set(text, (this.#longProvinces.get(text) ?? 0) + 1);
      return;
    }
    const known = this.#shortProvinces.get(key);
    if (known === undefined)
      this.#shortProvinces.set(key, { text: content.toString("utf8", from, at), people: 1 });
    else known.people++;
  }
}

function findSeparator(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== textSeparator) at++;
  return at;
}

/** The number that ASCII digits write, -1 when a byte is none. */
function readDigits(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
