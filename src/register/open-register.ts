import { type Person, personStatuses } from "./person.js";
import { openRegisterFile, readMeta, withRegisterErrors } from "./register-file.js";
import type { RegisterInfo } from "./register-info.js";

/** The register's full rows, read-only; for the few people whom the index cannot settle. Close it when done. */
export interface RegisterReader {
  /** The people of the slots, in one read transaction; a slot outside the register is not in the answer. */
  people(slots: readonly number[]): Map<number, Person>;
  /** Full names of the slots, in one read transaction; a slot outside the register is not in the answer. */
  fullNames(slots: readonly number[]): Map<number, string>;
  /** Slots (ascending) of the people with these 9- or 8-digit legacy numbers; a number nobody has is not in the answer. */
  slotsByOldNumber(numbers: readonly string[]): Map<string, readonly number[]>;
  info(): RegisterInfo;
  close(): void;
}

interface PersonRow {
  id: number;
  citizen_id: string;
  full_name: string;
  birth_date: string;
  sex: "M" | "F";
  legacy_id: string | null;
  status: string;
  replaced_by: string | null;
  live_slot: number | null;
  province_code: string;
  district_code: string | null;
  ward_code: string | null;
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
      const personById = database.prepare<[number], PersonRow>("SELECT * FROM person WHERE id = ?");
      const nameById = database
        .prepare<[number], string>("SELECT full_name FROM person WHERE id = ?")
        .pluck();
      const slotsByNumber = database
        .prepare<[number], number>("SELECT slot FROM legacy WHERE number = ? ORDER BY slot")
        .pluck() as unknown as { all(number: number): number[] };

      const readPeople = database.transaction((slots: readonly number[]) => {
        const people = new Map<number, Person>();
        for (const slot of slots) {
          if (people.has(slot)) continue;
          const row = personById.get(slot + 1);
          if (row !== undefined) people.set(slot, toPerson(row));
        }
        return people;
      });
      const readNames = database.transaction((slots: readonly number[]) => {
        const names = new Map<number, string>();
        for (const slot of slots) {
          const name = nameById.get(slot + 1);
          if (name !== undefined) names.set(slot, name);
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

function toPerson(row: PersonRow): Person {
  const status = personStatuses.find((known) => known === row.status);
  if (status === undefined) throw Object.assign(new Error("unknown status"), { code: "SQLITE_CORRUPT" });
  return {
    slot: row.id - 1,
    citizenId: row.citizen_id,
    fullName: row.full_name,
    birthDate: row.birth_date,
    sex: row.sex,
    legacyId: row.legacy_id,
    status,
    replacedBy: row.replaced_by,
    liveSlot: row.live_slot,
    provinceCode: row.province_code,
    districtCode: row.district_code,
    wardCode: row.ward_code,
  };
}
