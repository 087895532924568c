import { birthFaults, birthMissing, birthNoise } from "./birth-dirt.js";
import { type Identity, makeIdentity } from "./draft.js";
import { idAbsences, idFaults, idNoise, personSwaps } from "./id-dirt.js";
import { nameFaults, nameMissing, nameNoise } from "./name-dirt.js";
import type { NumberIssuer } from "./numbers.js";
import type { SamplePerson } from "./people.js";
import type { PlaceSource } from "./places.js";
import { createDraw, type Random } from "./random.js";

/** What a kind of dirt may draw from. */
export interface Soil {
  readonly random: Random;
  readonly numbers: NumberIssuer;
  readonly places: PlaceSource;
  /** Live people met before, whose numbers others may carry by mistake. */
  readonly pool: readonly SamplePerson[];
  /** A made-up name for a surname. */
  drawName(sex: 0 | 1): string;
}

/** One way a person's fields are delivered wrong. */
export interface IdentityDirt {
  readonly name: string;
  /** Records per thousand of the real mix, where every person could have it. */
  readonly weight: number;
  /** Not to be written in a one-byte encoding. */
  readonly unicodeOnly?: boolean;
  /** Dirties the identity and returns the code it now deserves; null (and nothing changed) when it cannot be. */
  apply(identity: Identity, person: SamplePerson, soil: Soil): string | null;
}

/** How clean the people of a set are. */
export type Mix = "real" | "clean" | "worst";

const sexNoise: readonly IdentityDirt[] = [
  {
    name: "sex-blank",
    weight: 11,
    apply(identity) {
      identity.sexText = "";
      return "C3";
    },
  },
  {
    name: "sex-unreadable",
    weight: 3,
    apply(identity, _person, { random }) {
      identity.sexText = random.pick(["?", "khác", "không rõ"]);
      return "C3";
    },
  },
];

const sexFaults: readonly IdentityDirt[] = [
  {
    name: "sex-wrong",
    weight: 15,
    apply(identity) {
      identity.sex = (1 - identity.sex) as 0 | 1;
      return "X33";
    },
  },
];

const noise = [...nameNoise, ...birthNoise, ...sexNoise, ...idNoise];
const wrong = [...nameFaults, ...birthFaults, ...sexFaults, ...personSwaps];
const absent = [...idAbsences, ...idFaults];
const errors = [nameMissing, ...birthMissing];

/** The names of every kind of identity dirt. */
export const identityDirtNames: readonly string[] = [...noise, ...wrong, ...absent, ...errors].map(
  (kind) => kind.name,
);

type Draw = (random: Random) => IdentityDirt;

function drawOf(kinds: readonly IdentityDirt[]): Draw {
  return createDraw(
    kinds,
    kinds.map((kind) => kind.weight),
  );
}

const groups = [drawOf(noise), drawOf(wrong), drawOf(absent), drawOf(errors)] as const;

// Shares of the groups (noise, wrong information, no ID or wrong format, errors); the rest is clean as written.
const shares: Readonly<Record<Mix, readonly number[]>> = {
  real: [0.2, 0.25, 0.052, 0.009],
  clean: [0, 0, 0, 0],
  worst: [0.36, 0.36, 0.2, 0.08],
};

function drawGroup(mix: Mix, random: Random): Draw | null {
  let roll = random.below(1_000_000) / 1_000_000;
  for (const [group, share] of shares[mix].entries()) {
    if (roll < share) return groups[group] as Draw;
    roll -= share;
  }
  return null;
}

/** Draws what an export says about a person: clean, or dirty in one way. */
export function drawIdentity(person: SamplePerson, mix: Mix, soil: Soil, oneByte: boolean): Identity {
  const identity = makeIdentity(person);
  const { random } = soil;
  if (random.chance(0.3)) identity.nationality = "Việt Nam";
  const group = person.citizenId === "" ? (groups[2] as Draw) : drawGroup(mix, random);
  if (group === null) return identity;
  for (let attempt = 0; attempt < 8; attempt++) {
    if (dirty(identity, person, group(random), soil, oneByte)) return identity;
  }
  if (person.citizenId === "" || mix === "worst") {
    dirty(identity, person, lastResort(person), soil, oneByte);
  }
  return identity;
}

function lastResort(person: SamplePerson): IdentityDirt {
  const kind = person.citizenId === "" ? idAbsences[0] : nameNoise[0];
  return kind as IdentityDirt;
}

/** A clean identity whose name is in capitals: dirty, yet sure to be cleaned. */
export function makeUpperIdentity(person: SamplePerson, soil: Soil): Identity {
  const identity = makeIdentity(person);
  dirty(identity, person, nameNoise[0] as IdentityDirt, soil, false);
  return identity;
}

function dirty(
  identity: Identity,
  person: SamplePerson,
  kind: IdentityDirt,
  soil: Soil,
  oneByte: boolean,
): boolean {
  if (oneByte && kind.unicodeOnly === true) return false;
  const code = kind.apply(identity, person, soil);
  if (code === null) return false;
  identity.dirt.push(kind.name);
  identity.code = code;
  return true;
}
