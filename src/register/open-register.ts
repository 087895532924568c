import type { Person } from "./person.js";
import { blockBits, peoplePerBlock, readBlockPerson, selectAt } from "./person-block.js";
import { openRegisterFile, readMeta, withRegisterErrors } from "./register-file.js";
import type { RegisterInfo } from "./register-info.js";

/** The register's full rows, read-only; for the few people whom the index cannot settle. Close it when done. */
export interface RegisterReader {
  /** The people of the slots, in one read transaction; a slot outside the register is not in the answer. */
  people(slots: readonly number[]): Map<number, Person>;
  /** The live person at the end of each replaced person's chain, null where there is none, in one read transaction. */
  liveSlots(slots: readonly number[]): Map<number, number | null>;
  /** Full names of the slots, in one read transaction; a slot outside the register is not in the answer. */
  fullNames(slots: readonly number[]): Map<number, string>;
  /** Slots (ascending) of the people with these 9- or 8-digit legacy numbers; a number nobody has is not in the answer. */
  slotsByOldNumber(numbers: readonly string[]): Map<string, readonly number[]>;
  info(): RegisterInfo;
  close(): void;
}

/**
 * Opens a built register for reading. Throws LamsachError 3 when it is missing, no register, cut short, damaged, or
 * built by another version; 4 when it may not be read.
 */
export function openRegister(path: string): RegisterReader {
  const database = openRegisterFile(path);
  try {
    return withRegisterErrors(path, () => {
      const { info } = readMeta(database, path);
      const liveSlotAt = database
        .prepare<[number], number>("SELECT live_slot FROM replacement WHERE slot = ?")
        .pluck();
      // A statement for each place in a block: a mark that is bound costs as much as the look-up.
      const places = Array.from({ length: peoplePerBlock }, (_, place) => place);
      const namesAt = places.map((place) =>
        database
          .prepare<[number], string | null>(`SELECT ${selectAt("names", place)} FROM people WHERE block = ?`)
          .pluck(),
      );
      const peopleAt = places.map((place) =>
        database
          .prepare<[number], [string | null, string | null]>(
            `SELECT ${selectAt("names", place)}, ${selectAt("rest", place)} FROM people WHERE block = ?`,
          )
          .raw(),
      );
      const isSlot = (slot: number): boolean => slot >= 0 && slot < info.people;
      const slotsByNumber = database
        .prepare<[number], number>("SELECT slot FROM legacy WHERE number = ? ORDER BY slot")
        .pluck() as unknown as { all(number: number): number[] };

      const readPeople = database.transaction((slots: readonly number[]) => {
        const people = new Map<number, Person>();
        for (const slot of slots) {
          if (!isSlot(slot) || people.has(slot)) continue;
          const texts = peopleAt[slot & (peoplePerBlock - 1)]?.get(slot >> blockBits);
          const person = texts?.[0] && texts[1] ? readBlockPerson(slot, texts[0], texts[1]) : null;
          if (person === null) throw damaged();
          if (person.status !== "replaced") people.set(slot, person);
          else people.set(slot, { ...person, liveSlot: liveSlotAt.get(slot) ?? null });
        }
        return people;
      });
      const readLiveSlots = database.transaction(
        (slots: readonly number[]) => new Map(slots.map((slot) => [slot, liveSlotAt.get(slot) ?? null])),
      );
      const readNames = database.transaction((slots: readonly number[]) => {
        const names = new Map<number, string>();
        for (const slot of slots) {
          if (!isSlot(slot)) continue;
          const name = namesAt[slot & (peoplePerBlock - 1)]?.get(slot >> blockBits);
          if (!name) throw damaged();
          names.set(slot, name);
        }
        return names;
      });
      const readOldNumbers = database.transaction((numbers: readonly string[]) => {
        const found = new Map<string, readonly number[]>();
        for (const number of numbers) {
          const key = readLegacyKey(number);
          const slots = key < 0 || found.has(number) ? [] : slotsByNumber.all(key);
          if (slots.length > 0) found.set(number, slots);
        }
        return found;
      });
      return {
        people: (slots) => withRegisterErrors(path, () => readPeople(slots)),
        liveSlots: (slots) => withRegisterErrors(path, () => readLiveSlots(slots)),
        fullNames: (slots) => withRegisterErrors(path, () => readNames(slots)),
        slotsByOldNumber: (numbers) => withRegisterErrors(path, () => readOldNumbers(numbers)),
        info: () => info,
        close: () => {
          database.close();
        },
      };
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Key of a 9- or 8-digit legacy number in the table `legacy`: 1 and then its digits; -1 for any other text. */
export function readLegacyKey(text: string): number {
  return /^\d{8,9}$/.test(text) ? Number(`1${text}`) : -1;
}

/** A block without the person it should hold, told as SQLite tells of a damaged page. */
function damaged(): Error {
  return Object.assign(new Error("a block of people is damaged"), { code: "SQLITE_CORRUPT" });
}
