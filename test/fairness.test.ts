import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { expectCode, repository, runLamsach } from "./support/command-line.js";
import { openGates, type Settings, writePipeline } from "./support/pipeline-file.js";
import { readOutcome } from "./support/sample.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();

interface Person {
  readonly id: string;
  readonly birth: string;
  readonly sex: string;
  readonly province: string;
  readonly vaccine: string;
}

/** Everybody is right unless a test says otherwise: 60 people, each third one's birth registered abroad. */
const people: readonly Person[] = Array.from({ length: 60 }, (_, n) => {
  const isMan = n % 2 === 0;
  const year = 1950 + n;
  const place = n % 3 === 0 ? "116" : "079";
  const century = (year < 2000 ? 0 : 2) + (isMan ? 0 : 1);
  return {
    id: `${place}${century}${String(year % 100).padStart(2, "0")}${String(100_000 + n)}`,
    birth: `${year}-02-03`,
    sex: isMan ? "Nam" : "Nữ",
    province: n % 5 === 0 ? "01" : "79",
    vaccine: "AstraZeneca",
  };
});

const isBornAbroad = ({ id }: Person): boolean => id.startsWith("116");
const nameOf = (person: Person): string => `Nguyễn Văn ${"ABCDEGHIKL"[people.indexOf(person) % 10]}`;

type Row = Readonly<Record<string, string>>;

const registerHeader = "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code";

/** Delivers people as `change` makes them, with a register of those who are `registered`; rows of the summary. */
async function run(
  name: string,
  change: (person: Person) => Person,
  registered: (person: Person) => boolean,
  settings: Settings = {},
): Promise<readonly Row[]> {
  const folder = (file: string): string => path.join(work, `${name}-${file}`);
  const lines = people.map((person, n) => {
    const { id, birth, sex, province, vaccine } = change(person);
    return `R${n},${nameOf(person)},${birth},${sex},${id},${province},1,${vaccine},2021-09-01,79001`;
  });
  const header =
    "record_id,full_name,birth_date,sex,citizen_id,province_code,dose_no,vaccine,vaccination_date,facility_code";
  writeFileSync(folder("export.csv"), [header, ...lines, ""].join("\n"));
  const population = people
    .filter(registered)
    .map(
      (person) =>
        `${person.id},${nameOf(person)},${person.birth},${person.sex === "Nam" ? "M" : "F"},,active,,79`,
    );
  writeFileSync(folder("population.csv"), [registerHeader, ...population, ""].join("\n"));
  const build = ["register", "build", folder("population.csv"), "--out", folder("population.db")];
  expectCode(await runLamsach(build, { cwd: work }), 0);
  const pipeline = writePipeline(folder("pipeline.yaml"), openGates, settings);
  const args = ["run", pipeline, "--register", folder("population.db"), "--input", folder("export.csv")];
  const options = ["--out", folder("out"), "--as-of", "2023-06-13", "--workers", "1", "--json"];
  const { dir } = readOutcome(expectCode(await runLamsach([...args, ...options], { cwd: work }), 0));
  return parse(readFileSync(path.join(dir, "report/summary.csv")), { columns: true });
}

/** Cleaned and records by key, of one dimension in doses. */
function sharesOf(rows: readonly Row[], dimension: string): Record<string, string> {
  return Object.fromEntries(
    rows
      .filter((row) => row.unit === "doses" && row.dimension === dimension)
      .map((row) => [row.key, `${row.cleaned} of ${row.records}`]),
  );
}

describe("the dimensions of people", () => {
  it("show that nobody is failed when nobody is", async () => {
    const rows = await run(
      "nobody",
      (person) => person,
      () => true,
    );
    expect(sharesOf(rows, "abroad")).toEqual({ no: "40 of 40", yes: "20 of 20" });
    expect(sharesOf(rows, "sex")).toEqual({ F: "30 of 30", M: "30 of 30" });
    expect(sharesOf(rows, "region")).toEqual({ "red-river-delta": "12 of 12", southeast: "48 of 48" });
    expect(sharesOf(rows, "age")).toEqual({
      "12-17": "4 of 4",
      "18-29": "12 of 12",
      "30-39": "10 of 10",
      "40-49": "10 of 10",
      "50-64": "15 of 15",
      "65-79": "9 of 9",
    });
  });

  it("show a group whose every record is in error", async () => {
    const blank = (person: Person): Person => (isBornAbroad(person) ? { ...person, vaccine: "" } : person);
    const rows = await run("blank", blank, () => true);
    expect(sharesOf(rows, "abroad")).toEqual({ no: "40 of 40", yes: "0 of 20" });
    const abroad = rows.find((row) => row.dimension === "abroad" && row.key === "yes");
    expect(abroad).toMatchObject({ errors: "20", cleanliness_percent: "0" });
  });

  it("show a group that the register does not know and a table of countries has forgotten", async () => {
    const [header, first] = readFileSync(path.join(repository, "pipelines/tables/country_codes.csv"), "utf8")
      .split("\n")
      .slice(0, 2);
    const countries = path.join(work, "one-country.csv");
    writeFileSync(countries, `${header}\n${first}\n`);
    const rows = await run(
      "forgotten",
      (person) => person,
      (person) => !isBornAbroad(person),
      { rules: { tables: { countries } } },
    );
    expect(sharesOf(rows, "abroad")).toEqual({ no: "40 of 40", yes: "0 of 20" });
    const forgotten = rows.find((row) => row.dimension === "code" && row.key === "X22");
    expect(forgotten?.records).toBe("20");
  });

  it("show an age band and a sex that only the number tells", async () => {
    const old = (person: Person): boolean => person.birth < "1959";
    const bare = (person: Person): Person => (old(person) ? { ...person, birth: "", sex: "" } : person);
    const rows = await run("bare", bare, () => true);
    expect(sharesOf(rows, "age")).toMatchObject({ "65-79": "0 of 9", "50-64": "15 of 15" });
    expect(sharesOf(rows, "sex")).toEqual({ F: "26 of 30", M: "25 of 30" });
  });
});
