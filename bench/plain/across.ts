import type { Row } from "./row.js";

/** What the script keeps of a record until everything is read. */
export interface Entry {
  row: Row | null;
  line: number;
  codes: string[];
  cleaned: string;
  /** The authenticated person's key in the register. */
  person: number | null;
  /** The standard values that the cleaned file carries. */
  citizenId: string;
  name: string;
  birthDate: string | null;
  sex: string | null;
  day: string | null;
  dose: number;
  vaccine: string;
}

/** E40 and E42: keys delivered more than once, with the same content or with another. */
export function findRepeatedKeys(entries: readonly Entry[]): void {
  const byKey = new Map<string, Entry | Entry[]>();
  for (const entry of entries) {
    const key = entry.row?.record_id;
    if (!key) continue;
    const other = byKey.get(key);
    if (other === undefined) byKey.set(key, entry);
    else if (Array.isArray(other)) other.push(entry);
    else byKey.set(key, [other, entry]);
  }
  for (const group of byKey.values()) {
    if (!Array.isArray(group)) continue;
    const contents = group.map(({ row }) => JSON.stringify(row));
    const isSame = contents.every((content) => content === contents[0]);
    for (const [at, { codes }] of group.entries()) {
      if (!isSame) codes.push("E42");
      else if (at > 0) codes.push("E40");
    }
  }
}

/** E41 and E50: a person's doses on one day, and dose numbers that contradict the days. */
export function checkDoses(entries: readonly Entry[]): void {
  const byPerson = new Map<number, Entry[]>();
  for (const entry of entries) {
    if (entry.person === null || entry.codes.length > 0 || entry.day === null) continue;
    const doses = byPerson.get(entry.person);
    if (doses) doses.push(entry);
    else byPerson.set(entry.person, [entry]);
  }
  for (const doses of byPerson.values()) {
    if (doses.length < 2) continue;
    const days = new Set<string>();
    const kept = doses.filter((entry) => {
      const day = entry.day as string;
      if (days.has(day)) entry.codes.push("E41");
      return !days.has(day) && days.add(day);
    });
    const isContradicted = (a: Entry): boolean =>
      kept.some((b) => a !== b && (a.day as string) < (b.day as string) !== a.dose < b.dose);
    const wrong = kept.filter((a) => isContradicted(a) || kept.some((b) => a !== b && a.dose === b.dose));
    for (const { codes } of wrong) codes.push("E50");
  }
}

const order = ["E1", "E40", "E42", "X1", "X2", "E20", "E21", "E22", "X3", "E"];

/** The first code by the order of judgement, or how the record is cleaned. */
export function judge({ codes, cleaned }: Pick<Entry, "codes" | "cleaned">): string {
  if (codes.length === 0) return cleaned;
  const rank = (code: string): string =>
    `${order.findIndex((prefix) => code.startsWith(prefix))}`.padStart(2, "0") + code;
  return codes.reduce((best, code) => (rank(code) < rank(best) ? code : best));
}
