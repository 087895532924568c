import type { SamplePerson } from "./people.js";
import type { Facility } from "./places.js";
import type { Vaccine } from "./vaccines.js";

/** What an export says about a person, and what that is worth. */
export interface Identity {
  name: string;
  birthDay: number;
  /** Written instead of the day in the file's own style. */
  birthText: string | null;
  sex: 0 | 1;
  /** Written instead of the file's own coding. */
  sexText: string | null;
  citizenId: string;
  nationality: string;
  note: string;
  readonly dirt: string[];
  /** The code the four fields deserve, as docs/rules.md fixes it. */
  code: string;
}

/** One dose as it happened. */
export interface Dose {
  readonly day: number;
  readonly no: number;
  readonly vaccine: Vaccine;
  readonly facility: Facility;
  readonly lot: string;
}

/** One record on its way into an export, with its expected code. */
export interface Draft {
  readonly person: SamplePerson;
  readonly identity: Identity;
  recordId: string;
  day: number;
  /** Written instead of the day in the file's own style. */
  dateText: string | null;
  doseNo: number;
  /** Written instead of the dose number. */
  doseText: string | null;
  vaccine: string;
  lot: string;
  facilityCode: string;
  facilityName: string;
  readonly dirt: string[];
  code: string;
}

/** A person's fields as the register would confirm them. */
export function makeIdentity(person: SamplePerson): Identity {
  return {
    name: person.name,
    birthDay: person.birthDay,
    birthText: null,
    sex: person.sex,
    sexText: null,
    citizenId: person.citizenId,
    nationality: "",
    note: "",
    dirt: [],
    code: "C1",
  };
}

/** Whether the record would be cleaned. */
export function isCleaned(draft: Draft): boolean {
  return draft.code.charCodeAt(0) === 67;
}
