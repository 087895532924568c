import { join } from "node:path";
import { createDraw, type Random } from "./random.js";
import { isTitleSyllable, placeToneUsually } from "./syllables.js";
import { readLines, readTableFile } from "./table-file.js";

/** Draws names as people have them; every name is in the standard form (Title Case, NFC, usual tone placement). */
export interface NameSource {
  drawSurname(random: Random): string;
  drawFullName(surname: string, sex: 0 | 1, random: Random): string;
  /** A name of the Central Highlands peoples. */
  drawEthnicName(sex: 0 | 1, random: Random): string;
  drawForeignName(random: Random): string;
}

const ethnicMale = ["Y", "K'", "Ksor", "Siu", "Rơ Châm", "Kpă", "A"];
const ethnicFemale = ["H'", "Ka", "Ksor H'", "Siu H'", "Rơ Châm H'"];
const ethnicGiven = [
  "Hen", "Brôi", "Moan", "Blin", "Nhung", "Krong", "Bhiên", "Wing", "Đam", "Yang", "Thom", "Lem", "Brel", "Đin",
]; // biome-ignore format: one list
const ethnicLast = ["", " Niê", " Êban", " Mlô", " Kbuôr", " Ayun", " Byă"];
const foreignNames = [
  "Kim Min Jun",
  "Tanaka Hiroshi",
  "Anna Keller",
  "Pierre Martin",
  "John Miller",
  "Li Wei",
];

function readSyllables(token: string): string | null {
  const syllables = token.replace(/Ð/g, "Đ").normalize("NFC").split(/\s+/);
  return syllables.every(isTitleSyllable) ? syllables.map(placeToneUsually).join(" ") : null;
}

/** Reads the counts of `names_*.csv` and the lists of `names_*_given.txt`. */
export function readNameSource(namesDir: string): NameSource {
  const surname = readCounts(join(namesDir, "names_surname_freq.csv"), "surname");
  const middle = readCounts(join(namesDir, "names_middle_first_freq.csv"), "middle_token", new Set(["Thị"]));
  const given = readCounts(join(namesDir, "names_given_freq.csv"), "given_token");
  const lists = (["male", "female"] as const).map((kind) =>
    readLines(join(namesDir, `names_${kind}_given.txt`)).flatMap((name) => readSyllables(name) ?? []),
  );
  const femaleLast = (lists[1] as string[]).map((name) => name.split(" ").at(-1) as string);

  function drawFullName(family: string, sex: 0 | 1, random: Random): string {
    const roll = random.below(100);
    if (roll < 40) return `${family} ${random.pick(lists[sex] as string[])}`;
    if (sex === 0) return `${family} ${middle(random)} ${given(random)}`;
    if (roll < 80) return `${family} Thị ${random.pick(femaleLast)}`;
    return `${family} ${middle(random)} ${random.pick(femaleLast)}`;
  }
  function drawEthnicName(sex: 0 | 1, random: Random): string {
    const first = random.pick(sex === 0 ? ethnicMale : ethnicFemale);
    const glue = first.endsWith("'") ? "" : " ";
    return `${first}${glue}${random.pick(ethnicGiven)}${random.pick(ethnicLast)}`;
  }
  return {
    drawSurname: surname,
    drawFullName,
    drawEthnicName,
    drawForeignName: (random) => random.pick(foreignNames),
  };
}

function readCounts(path: string, column: string, without?: ReadonlySet<string>): (random: Random) => string {
  const tokens: string[] = [];
  const weights: number[] = [];
  for (const row of readTableFile(path)) {
    const count = Number(row.count_uit_students_2016);
    const token = readSyllables(row[column] ?? "");
    if (token === null || token.length < 2 || !(count > 0) || without?.has(token)) continue;
    tokens.push(token);
    weights.push(count);
  }
  return createDraw(tokens, weights);
}
