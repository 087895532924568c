import type { PublishedRecord } from "./published.js";

/** Records or people by code. */
export type Counts = ReadonlyMap<string, number>;

/** What is counted at one key. */
export interface Recount {
  readonly doses: Counts;
  readonly people: Counts;
}

/**
 * Counts the records of the sets and their people by key and code: a person counts once at each key where they have a
 * record, by the worst of their codes there. `people` names each record's person.
 */
export function countByKey(
  records: readonly PublishedRecord[],
  people: readonly string[],
  keyOf: (record: number) => string,
): Map<string, Recount> {
  const doses = new Map<string, Map<string, number>>();
  const worst = new Map<string, Map<string, string>>();
  for (const [at, { code }] of records.entries()) {
    const key = keyOf(at);
    add(inside(doses, key), code);
    const byPerson = inside(worst, key);
    const person = people[at] as string;
    const before = byPerson.get(person);
    if (before === undefined || badness(code) > badness(before)) byPerson.set(person, code);
  }
  return new Map(
    [...doses].map(([key, counts]) => {
      const ofPeople = new Map<string, number>();
      for (const code of inside(worst, key).values()) add(ofPeople, code);
      return [key, { doses: counts, people: ofPeople }];
    }),
  );
}

/** The order of the shipped policy: errors before exceptions before cleaned, then what is judged first. */
const order = "E1 E40 E42 X1 X2 E20 E21 E22 X3 E".split(" ");

const badnessByCode = new Map<string, number>();

function badness(code: string): number {
  let known = badnessByCode.get(code);
  if (known === undefined) {
    const set = "CXE".indexOf(code.charAt(0));
    const place = order.findIndex((prefix) => code.startsWith(prefix));
    const number = Number(code.slice(1));
    known = set * 10_000 + (set === 0 ? number : 9_900 - 100 * place - number);
    badnessByCode.set(code, known);
  }
  return known;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function inside<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let found = maps.get(key);
  if (found === undefined) {
    found = new Map();
    maps.set(key, found);
  }
  return found;
}
