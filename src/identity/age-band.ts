import { dayNumber, isRealDate, partsOf } from "./calendar.js";

/** Ages in whole years from `from` to the next band's; `key` sorts as the ages do. */
export interface AgeBand {
  readonly key: string;
  readonly from: number;
}

/**
 * The bands by which people are counted, youngest first. The first three ends are the programme's: from 5 and from 12
 * years (children's campaigns of April 2022 and October 2021), from 18 (adults).
 */
export const ageBands: readonly AgeBand[] = [
  { key: "00-04", from: 0 },
  { key: "05-11", from: 5 },
  { key: "12-17", from: 12 },
  { key: "18-29", from: 18 },
  { key: "30-39", from: 30 },
  { key: "40-49", from: 40 },
  { key: "50-64", from: 50 },
  { key: "65-79", from: 65 },
  { key: "80+", from: 80 },
];

/**
 * Makes the function that gives the position in `ageBands` of somebody born on a day (days since 1970-01-01), as old as
 * they are on `asOfDay`; -1 when that lies before their birth.
 */
export function createAgeBands(asOfDay: number): (birthDay: number) => number {
  const { year, month, day } = partsOf(asOfDay);
  const latestBirths = ageBands.map(({ from }) => {
    const birthYear = year - from;
    // On 29 February, those born by 28 February of a common year have had their birthday.
    return isRealDate(birthYear, month, day)
      ? dayNumber(birthYear, month, day)
      : dayNumber(birthYear, 3, 1) - 1;
  });
  return (birthDay) => {
    let band = -1;
    while (band + 1 < latestBirths.length && birthDay <= (latestBirths[band + 1] as number)) band++;
    return band;
  };
}
