import { isPlausiblePhone } from "../identity/phone.js";
import { provinceKey } from "../identity/province-name.js";
import { remember } from "../identity/remembered.js";
import { fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { Source } from "../ingest/source.js";
import { addFinding } from "../judge/findings.js";
import { Cell } from "./cell.js";
import { type PlainRows, plainMemos } from "./plain-rows.js";
import type { AssessRules } from "./rules.js";
import type { ShardDictionary } from "./shard-dictionary.js";
import type { Place } from "./shard-lists.js";

/** The place of a row; reused. */
export interface PlaceReading {
  readonly words: Uint32Array;
  /** Position in the shard's list of places. */
  place: number;
}

/** Stands for every code or name that is in no table. */
export const unknownPlace = "?";

/** Makes the function that reads where the person of the row lives that `plain` has moved to, and the columns that only ever warn. */
export function createPlaceReader(
  source: Source,
  { tables }: AssessRules,
  plain: PlainRows,
  places: ShardDictionary<Place>,
): (batch: Batch, row: number, reading: PlaceReading) => void {
  const { columns } = source;
  const cell = new Cell();
  const provinces = new Set(tables.provinces.map(({ gsoCode }) => gsoCode));
  const districts = new Set([...tables.wards.values()].map(({ districtCode }) => districtCode));
  const provinceByName = new Map(
    tables.provinces.flatMap(({ gsoCode, name, fullName }) => [
      [provinceKey(name), gsoCode],
      [provinceKey(fullName), gsoCode],
    ]),
  );
  const findProvince = remember((name) => provinceByName.get(provinceKey(name)) ?? null);
  const placeColumns = [
    columns.province_code,
    columns.province,
    columns.district_code,
    columns.district,
    columns.ward_code,
    columns.ward,
  ];

  return (batch, row, reading) => {
    reading.words.fill(0);
    let value = plain.place;
    if (value < 0) value = plain.find(plainMemos.place);
    if (value < 0) {
      value = describePlace(placeColumns.map((column) => fieldText(batch, row, column).trim()));
      plain.add(plainMemos.place, value);
    }
    if (value & 1) addFinding(reading.words, 0, "place.unknown-province");
    if (value & 2) addFinding(reading.words, 0, "place.unknown-ward");
    reading.place = places.localIdOf(value >>> 2);
    readOthers(batch, row, reading);
  };

  function describePlace([
    provinceCode = "",
    province = "",
    district = "",
    districtName = "",
    ward = "",
    wardName = "",
  ]: string[]): number {
    const byName = findProvince(province);
    // What is in no table may be anything, a citizen ID in the wrong column too: the report must not repeat it.
    const place: Place = [
      provinces.has(provinceCode) ? provinceCode : (byName ?? (provinceCode || province ? unknownPlace : "")),
      districts.has(district) ? district : district || districtName ? unknownPlace : "",
      tables.wards.has(ward) ? ward : ward || wardName ? unknownPlace : "",
    ];
    const id = places.idOf(place.join("\t"), place);
    const isProvinceUnknown = place[0] === unknownPlace;
    const isWardUnknown = ward !== "" && !tables.wards.has(ward);
    return id * 4 + Number(isProvinceUnknown) + 2 * Number(isWardUnknown);
  }

  function readOthers(batch: Batch, row: number, reading: PlaceReading): void {
    if (plain.asksPhone) {
      cell.moveTo(batch, row, columns.phone);
      if (!cell.isBlank && !isPlausiblePhone(cell.text())) addFinding(reading.words, 0, "phone.malformed");
    }
    let value = plain.priorityGroup;
    if (value < 0) value = plain.find(plainMemos.priorityGroup);
    if (value < 0) {
      cell.moveTo(batch, row, columns.priority_group);
      value = cell.isBlank || tables.priorityGroups.has(cell.text().replace(/^0+(?=\d)|\.0+$/g, "")) ? 1 : 0;
      plain.add(plainMemos.priorityGroup, value);
    }
    if (value === 0) addFinding(reading.words, 0, "priority-group.unknown");
  }
}
