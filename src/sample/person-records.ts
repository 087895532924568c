import { spoilDose } from "./dose-dirt.js";
import { drawFacility, drawLot } from "./dose-plan.js";
import { type Dose, type Draft, type Identity, isCleaned } from "./draft.js";
import { drawIdentity, type Mix, makeUpperIdentity, type Soil } from "./identity-dirt.js";
import type { SamplePerson } from "./people.js";
import { type Placed, settleRecords } from "./settlement.js";
import type { VaccineSource } from "./vaccines.js";

/** A further delivery of one of a person's records. */
export interface Copy {
  readonly draft: Draft;
  /** Delivered with another file than the person's own records. */
  readonly isElsewhere: boolean;
  /** The record that is delivered again cell by cell; null when the copy says something else. */
  readonly twinOf: Draft | null;
}

/** What is delivered about one person. */
export interface PersonRecords {
  readonly drafts: readonly Draft[];
  readonly copies: readonly Copy[];
}

/** Where records come from and what may be done to them. */
export interface RecordSources {
  readonly soil: Soil;
  readonly vaccines: VaccineSource;
  readonly mix: Mix;
  nextRecordId(day: number): string;
}

/** Where a person's records go: position in input order, of their own file and of the one that copies may go to. */
export interface Destination {
  readonly isLong: boolean;
  readonly isOneByte: boolean;
  readonly file: number;
  readonly elsewhere: number;
}

type Event = "delivered-twice" | "content-differs" | "same-day" | "order-swapped" | "dose-no-repeated";

/** The name of a dose before birth. */
export const birthMistakeName = "date-before-birth";

/** The names of what happens across a person's records. */
export const eventNames: readonly Event[] = [
  "delivered-twice",
  "content-differs",
  "same-day",
  "order-swapped",
  "dose-no-repeated",
];

const eventShare: Readonly<Record<Mix, number>> = { real: 0.012, clean: 0, worst: 0.09 };
const faultShare: Readonly<Record<Mix, number>> = { real: 0.017, clean: 0, worst: 0.12 };
const oddShare: Readonly<Record<Mix, number>> = { real: 0.02, clean: 0, worst: 0.05 };

/** Makes the records of a person's doses, clean or dirty as the mix has it, with the code each of them deserves. */
export function makeRecords(
  person: SamplePerson,
  doses: readonly Dose[],
  to: Destination,
  sources: RecordSources,
): PersonRecords {
  const { soil, mix } = sources;
  const event = drawEvent(doses.length, to, sources);
  if (event !== null && person.citizenId !== "") return makeEvent(event, person, doses, to, sources);
  // Mostly one station keeps a person's fields, and what is wrong with them is wrong in every dose.
  const isShared = !to.isLong || soil.random.chance(mix === "worst" ? 0.5 : 0.7);
  const shared = isShared ? drawIdentity(person, mix, soil, to.isOneByte) : null;
  const drafts = doses.map((dose) => {
    const identity = shared ?? drawIdentity(person, mix, soil, to.isOneByte);
    return makeDraft(person, identity, dose, to, sources);
  });
  for (const draft of drafts) spoilDraft(draft, to, sources);
  return { drafts, copies: [] };
}

/** Records of doses from before the person's birth (E33), otherwise clean. */
export function makeMistake(
  person: SamplePerson,
  doses: readonly Dose[],
  to: Destination,
  sources: RecordSources,
): PersonRecords {
  const identity = drawIdentity(person, "clean", sources.soil, to.isOneByte);
  const drafts = doses.map((dose) => {
    const draft = makeDraft(person, identity, dose, to, sources);
    draft.code = "E33";
    draft.dirt.push(birthMistakeName);
    return draft;
  });
  return { drafts, copies: [] };
}

function spoilDraft(
  draft: Draft,
  { isLong }: Destination,
  { soil: { random }, mix, vaccines }: RecordSources,
): void {
  const mustSpoil = mix === "worst" && draft.identity.dirt.length === 0;
  if (isCleaned(draft) && (mustSpoil || random.chance(faultShare[mix]))) {
    spoilDose(draft, true, isLong, random, vaccines);
  } else if (random.chance(oddShare[mix])) {
    spoilDose(draft, false, isLong, random, vaccines);
  }
}

function makeDraft(
  person: SamplePerson,
  identity: Identity,
  dose: Dose,
  { isLong }: Destination,
  sources: RecordSources,
): Draft {
  const { random } = sources.soil;
  const { code, name } = dose.facility;
  // A wide row has no column for the name alone.
  const form = random.below(20);
  const spelling = random.chance(0.6) ? 0 : random.below(dose.vaccine.spellings.length);
  return {
    person,
    identity,
    recordId: sources.nextRecordId(dose.day),
    day: dose.day,
    dateText: null,
    doseNo: dose.no,
    doseText: null,
    vaccine: dose.vaccine.spellings[spelling] as string,
    lot: dose.lot,
    facilityCode: form === 0 ? `${code}-${name}` : form === 1 && isLong ? "" : code,
    facilityName: form === 0 ? "" : name,
    dirt: [],
    code: identity.code,
  };
}

function drawEvent(count: number, to: Destination, { soil: { random }, mix }: RecordSources): Event | null {
  if (count === 0 || !random.chance(eventShare[mix])) return null;
  const event = random.pick(eventNames);
  if (event === "order-swapped") return count > 1 ? event : null;
  if (!to.isLong) return event === "same-day" && to.elsewhere >= 0 ? event : null;
  return event === "dose-no-repeated" && count < 2 ? null : event;
}

/** Clean records (in the worst mix: with names in capitals) to which one thing happens. */
function makeEvent(
  event: Event,
  person: SamplePerson,
  doses: readonly Dose[],
  to: Destination,
  sources: RecordSources,
): PersonRecords {
  const { soil, mix } = sources;
  const { random } = soil;
  const identity =
    mix === "worst" ? makeUpperIdentity(person, soil) : drawIdentity(person, "clean", soil, to.isOneByte);
  const drafts = doses.map((dose) => makeDraft(person, identity, dose, to, sources));
  const at = random.below(drafts.length);
  const chosen = drafts[at] as Draft;
  if (event === "order-swapped" || event === "dose-no-repeated") {
    const first = drafts[Math.min(at, drafts.length - 2)] as Draft;
    const second = drafts[Math.min(at, drafts.length - 2) + 1] as Draft;
    const firstNo = first.doseNo;
    if (event === "order-swapped") first.doseNo = second.doseNo;
    second.doseNo = firstNo;
    for (const draft of [first, second]) draft.dirt.push(event);
  }
  const copies = makeCopies(event, chosen, to, sources);
  settle(drafts, copies, to);
  return { drafts, copies };
}

function makeCopies(event: Event, chosen: Draft, to: Destination, sources: RecordSources): Copy[] {
  const { random } = sources.soil;
  if (event === "delivered-twice") {
    const draft = { ...chosen, dirt: [event], code: "E40" };
    return [{ draft, isElsewhere: false, twinOf: chosen }];
  }
  if (event === "content-differs") {
    chosen.dirt.push(event);
    chosen.code = "E42";
    const draft = { ...chosen, dirt: [event], lot: `${drawLot(chosen.day, random)}A` };
    return [{ draft, isElsewhere: false, twinOf: null }];
  }
  if (event !== "same-day") return [];
  const isElsewhere = to.elsewhere >= 0 && (!to.isLong || random.chance(0.4));
  const facility = drawFacility(chosen.person, random);
  chosen.dirt.push(event);
  const draft: Draft = {
    ...chosen,
    recordId: sources.nextRecordId(chosen.day),
    facilityCode: facility.code,
    facilityName: `${facility.name} (điểm tiêm số 2)`,
    dirt: [event],
  };
  return [{ draft, isElsewhere, twinOf: null }];
}

function settle(drafts: readonly Draft[], copies: readonly Copy[], to: Destination): void {
  const own: Placed[] = drafts.map((draft, position) => ({ draft, file: to.file, position }));
  const further: Placed[] = copies.map(({ draft, isElsewhere }, index) => ({
    draft,
    file: isElsewhere ? to.elsewhere : to.file,
    position: drafts.length + index,
  }));
  settleRecords([...own, ...further]);
}
