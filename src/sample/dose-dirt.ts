import { countDays, formatDmy, padNumber, readDay, toExcelSerial } from "./calendar.js";
import type { Draft } from "./draft.js";
import { createDraw, type Random } from "./random.js";
import type { VaccineSource } from "./vaccines.js";

/** One way a dose is delivered wrong, or oddly. */
interface DoseDirt {
  readonly name: string;
  readonly weight: number;
  /** A wide row has no dose number and no record id to spoil. */
  readonly longOnly?: boolean;
  /** Returns the code the record now deserves, `draft.code` when none of its own; null when it cannot be. */
  apply(draft: Draft, random: Random, vaccines: VaccineSource): string | null;
}

const programmeStart = countDays(2021, 3, 8);

function blank(name: string, code: string, clear: (draft: Draft) => void): DoseDirt {
  return {
    name,
    weight: 10,
    apply(draft) {
      clear(draft);
      return code;
    },
  };
}

function write(
  name: string,
  code: string,
  texts: readonly string[],
  set: (draft: Draft, text: string) => void,
): DoseDirt {
  return {
    name,
    weight: 10,
    apply(draft, random) {
      set(draft, random.pick(texts));
      return code;
    },
  };
}

function setDate(draft: Draft, text: string): void {
  draft.dateText = text;
}

const impossibleDates = ["31/02/2022", "30/02/2022", "31/04/2022", "00/07/2021", "2021-13-05", "chưa rõ"];
const unknownVaccines = ["Nanocovax", "Vắc xin cúm", "Quinvaxem", "Covid"];
const impossibleDoses = ["0", "9", "12", "-1", "mũi nhắc", "1,5"];

const faults: readonly DoseDirt[] = [
  blank("vaccine-blank", "E23", (draft) => {
    draft.vaccine = "";
  }),
  blank("date-blank", "E24", (draft) => {
    draft.dateText = "";
  }),
  blank("facility-blank", "E25", (draft) => {
    draft.facilityCode = "";
    draft.facilityName = "";
  }),
  write("date-impossible", "E30", impossibleDates, setDate),
  {
    name: "date-before-programme",
    weight: 10,
    apply(draft, random) {
      const day = programmeStart - 1 - random.below(60);
      if (draft.person.birthDay > day - 365) return null;
      draft.dateText = formatDmy(random.chance(0.5) ? day : day - 365);
      return "E31";
    },
  },
  {
    name: "date-before-approval",
    weight: 10,
    apply(draft, random, vaccines) {
      const vaccine = vaccines.find(random.pick(["comirnaty", "spikevax", "vero_cell"]));
      const day = programmeStart + random.below(vaccine.approvalDay - programmeStart - 14);
      if (draft.person.birthDay > day - 365) return null;
      draft.vaccine = random.pick(vaccine.spellings);
      draft.dateText = formatDmy(day);
      return "E31";
    },
  },
  {
    name: "date-future",
    weight: 10,
    apply(draft, random) {
      const text = formatDmy(draft.day);
      draft.dateText = `${text.slice(0, 6)}20${random.pick(["91", "92", "93"])}`;
      return text.startsWith("29/02") ? null : "E32";
    },
  },
  write("vaccine-unknown", "E34", unknownVaccines, (draft, text) => {
    draft.vaccine = text;
  }),
  {
    ...blank("dose-no-blank", "E35", (draft) => {
      draft.doseText = "";
    }),
    longOnly: true,
  },
  {
    ...write("dose-no-impossible", "E35", impossibleDoses, (draft, text) => {
      draft.doseText = text;
    }),
    longOnly: true,
  },
];

/** Odd ways that change nothing: the record keeps its code. */
const oddities: readonly DoseDirt[] = [
  {
    name: "date-form",
    weight: 10,
    apply(draft, random) {
      const { year, month, day } = readDay(draft.day);
      const [mm, dd] = [padNumber(month, 2), padNumber(day, 2)];
      draft.dateText = random.pick([
        `${day}/${month}/${year}`,
        `${dd}/${mm}/${String(year).slice(2)}`,
        `${dd}-${mm}-${year}`,
        `${dd}/${mm}/${year} 00:00:00`,
        `${year}${mm}${dd}`,
        String(toExcelSerial(draft.day)),
      ]);
      return draft.code;
    },
  },
  {
    name: "lot-blank",
    weight: 10,
    apply(draft) {
      draft.lot = "";
      return draft.code;
    },
  },
  {
    name: "dose-no-form",
    weight: 6,
    longOnly: true,
    apply(draft, random) {
      draft.doseText = random.pick([`0${draft.doseNo}`, `${draft.doseNo}.0`, `Mũi ${draft.doseNo}`]);
      return draft.code;
    },
  },
  {
    name: "record-id-blank",
    weight: 3,
    longOnly: true,
    apply(draft) {
      draft.recordId = "";
      return draft.code;
    },
  },
];

/** The names of every kind of dose dirt. */
export const doseDirtNames: readonly string[] = [...faults, ...oddities].map((kind) => kind.name);

function drawOf(kinds: readonly DoseDirt[]): (random: Random) => DoseDirt {
  return createDraw(
    kinds,
    kinds.map((kind) => kind.weight),
  );
}

const drawFault = drawOf(faults);
const drawOddity = drawOf(oddities);

/** Spoils the dose of a record that would otherwise be cleaned, for good or (`isFault` false) only in its looks. */
export function spoilDose(
  draft: Draft,
  isFault: boolean,
  isLong: boolean,
  random: Random,
  vaccines: VaccineSource,
): void {
  for (let attempt = 0; attempt < 6; attempt++) {
    const kind = (isFault ? drawFault : drawOddity)(random);
    if (kind.longOnly === true && !isLong) continue;
    const code = kind.apply(draft, random, vaccines);
    if (code === null) {
      draft.dateText = null;
      continue;
    }
    draft.dirt.push(kind.name);
    draft.code = code;
    return;
  }
}
