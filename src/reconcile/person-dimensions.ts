import { unknownPlace } from "../assess/read-place.js";
import type { Place } from "../assess/shard-lists.js";
import { type Traits, unpackTraits } from "../assess/traits.js";
import { ageBands } from "../identity/age-band.js";
import { regionOf, regions } from "../identity/region.js";
import { notGiven, notKnown, notRecognised } from "../report/absent-labels.js";
import type { Dimension } from "../report/metrics.js";
import type { DimensionValues } from "./dimensions.js";
import { lookUp } from "./look-up.js";

/** Key and label of a value. */
type Described = ReturnType<DimensionValues["describe"]>;

/**
 * Groups of people by something of their packed traits: what the records themselves say, never what the register says
 * of them, so that a group whom a rule keeps out of the register is counted like any other.
 */
export function numberTraits(
  dimension: Dimension,
  traitOf: (traits: Traits) => number,
  describe: (value: number) => Described,
): DimensionValues {
  const byTraits = Uint32Array.from({ length: 256 }, (_, traits) => traitOf(unpackTraits(traits)));
  return {
    dimension,
    valuesOf: ({ columns }) => lookUp(columns.traits, byTraits),
    describe,
  };
}

/** An age band, as old as people are on the run's day; keys sort as the ages do. */
export function describeAge(value: number): Described {
  const band = ageBands[value - 1];
  if (band === undefined) return unknown;
  const next = ageBands[value];
  return {
    key: band.key,
    label: next === undefined ? `Từ ${band.from} tuổi` : `${band.from}–${next.from - 1} tuổi`,
  };
}

/** A sex by the letter that cleaned records carry. */
export function describeSex(value: number): Described {
  return [unknown, { key: "M", label: "Nam" }, { key: "F", label: "Nữ" }][value] ?? unknown;
}

/** Where a birth was registered, by the first three digits of the citizen ID. */
export function describeBirthplace(value: number): Described {
  const vietNam = { key: "no", label: "Đăng ký khai sinh tại Việt Nam" };
  return [unknown, vietNam, { key: "yes", label: "Đăng ký khai sinh ở nước ngoài" }][value] ?? unknown;
}

/** The socio-economic region of a record's province; 0 no province, 1 one that is in no table, then the regions. */
export function numberRegions(places: readonly Place[]): DimensionValues {
  const byPlace = Uint32Array.from(places, ([province]) => (province === "" ? 0 : 2 + regionOf(province)));
  return {
    dimension: "region",
    valuesOf: ({ columns }) => lookUp(columns.place, byPlace),
    describe: (value) => {
      if (value === 0) return { key: "", label: notGiven };
      const region = regions[value - 2];
      if (region === undefined) return { key: unknownPlace, label: notRecognised };
      return { key: region.key, label: region.name };
    },
  };
}

const unknown: Described = { key: "", label: notKnown };
