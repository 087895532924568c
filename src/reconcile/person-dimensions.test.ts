import { describe, expect, it } from "vitest";
import { createColumns } from "../assess/assessment.js";
import type { Place } from "../assess/shard-lists.js";
import { packTraits } from "../assess/traits.js";
import { ageBands } from "../identity/age-band.js";
import { regions } from "../identity/region.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import type { Dimension } from "../report/metrics.js";
import { numberValues } from "./dimensions.js";

const tables = loadTables(loadPipeline("pipelines/covid19-vaccination.yaml"));
const places: Place[] = [
  ["", "", ""],
  ["?", "", ""],
  ["01", "001", ""],
  ["22", "", ""],
  ["96", "", ""],
  ["99", "", ""],
];

/** Key and label of each record's value, for records of these traits and places. */
function describeAll(
  dimension: Dimension,
  traits: readonly number[],
  place: readonly number[] = [],
): unknown[] {
  const columns = createColumns(Math.max(traits.length, place.length));
  columns.traits.set(traits);
  columns.place.set(place);
  const [numbered] = numberValues([dimension], { places, facilities: [], vaccines: [], sourceNames: [] });
  const table = { records: columns.traits.length, columns, places, facilities: [], extents: [] };
  return [...(numbered?.valuesOf(table) ?? [])].map((value) => {
    const { key, label } = numbered?.describe(value, tables) ?? { key: "", label: "" };
    return `${key}: ${label}`;
  });
}

describe("the dimensions of people", () => {
  it("name an age band, whatever the rest", () => {
    const bands = [0, 1, 2, 3, ageBands.length].map((ageBand) =>
      packTraits({ ageBand, sex: 2, birthplace: 2 }),
    );
    expect(describeAll("age", bands)).toEqual([
      ": (không rõ)",
      "00-04: 0–4 tuổi",
      "05-11: 5–11 tuổi",
      "12-17: 12–17 tuổi",
      "80+: Từ 80 tuổi",
    ]);
  });

  it("name a sex", () => {
    const sexes = [0, 1, 2].map((sex) => packTraits({ ageBand: 9, sex, birthplace: 1 }));
    expect(describeAll("sex", sexes)).toEqual([": (không rõ)", "M: Nam", "F: Nữ"]);
  });

  it("name where a birth was registered", () => {
    const births = [0, 1, 2].map((birthplace) => packTraits({ ageBand: 9, sex: 2, birthplace }));
    expect(describeAll("abroad", births)).toEqual([
      ": (không rõ)",
      "no: Đăng ký khai sinh tại Việt Nam",
      "yes: Đăng ký khai sinh ở nước ngoài",
    ]);
  });

  it("name the region of a province, and tell none from one that no table has", () => {
    expect(describeAll("region", [], [0, 1, 2, 3, 4, 5])).toEqual([
      ": (không ghi)",
      "?: (không nhận ra)",
      "red-river-delta: Đồng bằng sông Hồng",
      "red-river-delta: Đồng bằng sông Hồng",
      "mekong-delta: Đồng bằng sông Cửu Long",
      "?: (không nhận ra)",
    ]);
  });

  it("have keys that sort as the ages do, and one key for each region", () => {
    const keys = ageBands.map(({ key }) => key);
    expect([...keys].sort()).toEqual(keys);
    expect(new Set(regions.map(({ key }) => key)).size).toBe(6);
  });
});
