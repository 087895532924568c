import { describe, expect, it } from "vitest";
import { ageBands } from "../../identity/age-band.js";
import { regions } from "../../identity/region.js";
import { describeAge, describeBirthplace, describeSex } from "../../reconcile/person-dimensions.js";
import { nameValue } from "./value-names.js";

describe("nameValue(dimension, { key, label })", () => {
  it.each([
    ["age", "00-04", "0–4 tuổi", "0–4 years"],
    ["age", "80+", "Từ 80 tuổi", "80 years and over"],
    ["age", "", "(không rõ)", "(not known)"],
    ["sex", "M", "Nam", "Male"],
    ["dose", "2", "Mũi 2", "Dose 2"],
    ["dose", "", "(không ghi)", "(not given)"],
    ["vaccine", "", "(không ghi hoặc không nhận ra)", "(not given or not recognised)"],
    ["region", "?", "(không nhận ra)", "(not recognised)"],
    ["abroad", "yes", "Đăng ký khai sinh ở nước ngoài", "Birth registered abroad"],
    [
      "ward",
      "01//",
      "(không ghi), (không ghi), Thành phố Hà Nội",
      "(not given), (not given), Thành phố Hà Nội",
    ],
    ["province", "79", "Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"],
    // A facility may be coded like a group.
    ["facility", "M", "Trạm M", "Trạm M"],
    ["month", "2021-07", "2021-07", "2021-07"],
  ])("names %s %s in English, and keeps names of places", (dimension, key, label, en) => {
    expect(nameValue(dimension, { key, label })).toEqual({ vi: label, en });
  });

  it("has a name for every group that a run can tell apart", () => {
    const values = [
      ...ageBands.map((_, at) => ["age", describeAge(at + 1)] as const),
      ...[0, 1, 2].flatMap((at) => [
        ["sex", describeSex(at)] as const,
        ["abroad", describeBirthplace(at)] as const,
      ]),
      ...regions.map(({ key, name }) => ["region", { key, label: name }] as const),
    ];
    const same = values.filter(([dimension, value]) => nameValue(dimension, value).en === value.label);
    expect(same).toEqual([]);
  });
});
