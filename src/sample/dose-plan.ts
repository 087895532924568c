import { countDays, padNumber } from "./calendar.js";
import type { Dose } from "./draft.js";
import type { SamplePerson } from "./people.js";
import type { Facility } from "./places.js";
import { createDraw, type Random } from "./random.js";
import type { Vaccine, VaccineSource } from "./vaccines.js";

/** Last day of a dose in the sample; Decision 2491/QĐ-BYT is of 13/06/2023. */
const lastDay = countDays(2023, 5, 31);
const teenStart = countDays(2021, 11, 1);
const childStart = countDays(2022, 4, 20);
const boosterStart = countDays(2021, 12, 10);
const waves = [countDays(2021, 3, 9), countDays(2021, 7, 1), countDays(2021, 8, 10), countDays(2021, 9, 15)];
const lotLetters = ["PV", "CTMAV", "FG", "NJ", "ABX"];

/** How many doses a person is to have, before age and calendar take some away; `mean` is about 2.25 when not said. */
export function createDoseCount(mean: number): (random: Random) => number {
  // Children and people whose calendar ends take doses away; measured on 20,000 people.
  const lost = 1.085;
  const wanted = Math.min(4, Math.max(0, mean * lost));
  const low = Math.floor(wanted);
  if (Math.abs(mean - 2.25) < 0.4) {
    const tilt = (wanted - 2.47) / 2.47;
    const base = [5, 9, 39, 32, 20];
    return createDraw(
      [0, 1, 2, 3, 4],
      base.map((weight, count) => weight * (1 + tilt * (count - 2))),
    );
  }
  return createDraw([low, Math.min(4, low + 1)], [1 - (wanted - low), wanted - low + 1e-12]);
}

/** The doses of a person's life: allowed at that age, after the vaccine's approval, a week beyond its interval apart. */
export function planDoses(
  person: SamplePerson,
  count: number,
  vaccines: VaccineSource,
  random: Random,
): Dose[] {
  const age = (lastDay - person.birthDay) / 365.25;
  if (count === 0 || age < 7) return [];
  const doses: Dose[] = [];
  const isMinor = age < 20;
  const isTeen = isMinor && age >= 14;
  let vaccine = isMinor ? vaccines.find("comirnaty") : vaccines.drawForAdult(random);
  let day = isMinor ? (isTeen ? teenStart : childStart) + random.below(120) : drawFirstDay(vaccine, random);
  const most = isMinor ? (isTeen ? 3 : 2) : 4;
  while (doses.length < Math.min(count, most) && day <= lastDay) {
    doses.push({
      day,
      no: doses.length + 1,
      vaccine,
      facility: drawFacility(person, random),
      lot: drawLot(day, random),
    });
    const earliest = day + vaccine.intervalDays + 7;
    day = earliest + random.below(50);
    if (doses.length >= 2) {
      day = Math.max(earliest + 60, boosterStart) + random.below(150);
      if (!isMinor && random.chance(0.5)) vaccine = drawBooster(vaccines, random);
    }
  }
  return doses;
}

function drawBooster(vaccines: VaccineSource, random: Random): Vaccine {
  return vaccines.find(random.pick(["comirnaty", "comirnaty", "astrazeneca", "spikevax"]));
}

function drawFirstDay(vaccine: Vaccine, random: Random): number {
  const wave = Math.max(vaccine.firstDay, random.pick(waves));
  return wave + random.below(75);
}

/** One of the three places of a district where doses are given. */
export function drawFacility(person: SamplePerson, random: Random): Facility {
  return person.place.facilities[random.below(3)] as Facility;
}

/** A lot number; lots of one fortnight repeat. */
export function drawLot(day: number, random: Random): string {
  const fortnight = Math.floor(day / 14);
  return (lotLetters[fortnight % 5] as string) + padNumber((fortnight * 37 + random.below(6)) % 10_000, 4);
}
