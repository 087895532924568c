import { formatCount } from "../figures.js";
import {
  fewestRuns,
  leastUsual,
  mostListed,
  type SenderDimension,
  senderDimensions,
} from "../late-deliveries.js";
import type { LateDelivery, RunHistory, SilentProvince } from "../run-history.js";
import { showLabel } from "../visible-text.js";
import type { Html } from "./html.js";
import { writeValue } from "./places.js";
import { type Section, writeParagraph } from "./section.js";
import { writeTable } from "./tables.js";
import { type Both, writeBoth, writeCount } from "./wording.js";

/** Who sent nothing, or far less than as a rule. What it says rests on the nights that were compared, not on those listed. */
export function describeTimeliness({ compared, late, neverSent }: RunHistory): Section {
  return {
    id: "timeliness",
    title: { vi: "Nơi gửi thiếu", en: "Who sent nothing, or too little" },
    content: [
      late.length === 0 ? writeParagraph(sayNoneLate(compared)) : writeLate(late),
      ...nameNeverSent(compared, neverSent),
      writeParagraph(sayLimits(compared)),
    ],
  };
}

type Compared = RunHistory["compared"];

const levelNames: Readonly<Record<SenderDimension, Both>> = {
  province: { vi: "tỉnh", en: "province" },
  facility: { vi: "cơ sở", en: "facility" },
};

/** The all-clear, for the levels alone of which there are nights enough. */
function sayNoneLate(compared: Compared): Both {
  const levels = senderDimensions.filter((dimension) => compared[dimension] >= fewestRuns);
  if (levels.length === 0) {
    return {
      vi: `Không thấy nơi nào gửi thiếu; chỉ xét được khi đã so sánh được với ${fewestRuns} lượt chạy trước.`,
      en: `No place is seen to have sent too little; that can be told only from ${fewestRuns} earlier nights on that can be compared.`,
    };
  }
  return {
    vi: `${levels.map((level) => `${levels[0] === level ? "Mọi" : "mọi"} ${levelNames[level].vi}`).join(" và ")} đều gửi gần như thường lệ.`,
    en: `Every ${levels.map((level) => levelNames[level].en).join(" and ")} sent about as much as it does as a rule.`,
  };
}

function writeLate(late: readonly LateDelivery[]): Html {
  return writeTable({
    id: "late-table",
    isSortable: true,
    caption: {
      vi: "Không gửi, hoặc gửi dưới một nửa thường lệ; thiếu nhiều nhất trước",
      en: "Nothing, or under half of what is usual; most missing first",
    },
    columns: [
      { name: { vi: "Nơi gửi", en: "Who" } },
      { name: { vi: "Cấp", en: "Level" } },
      { name: { vi: "Lần này", en: "This time" }, isNumber: true },
      { name: { vi: "Thường lệ", en: "As a rule" }, isNumber: true },
    ],
    rows: late.map(({ dimension, key, label, records, usual }) => ({
      cells: [
        { content: writeValue(dimension, { key, label }) },
        { content: writeBoth(levelNames[dimension]) },
        { content: writeCount(records), value: records },
        { content: writeCount(Math.round(usual)), value: usual },
      ],
    })),
  });
}

/** More names than this are no news but the kind of run: one of a few provinces. */
const mostNamed = 20;

function nameNeverSent({ province }: Compared, neverSent: readonly SilentProvince[]): Html[] {
  if (neverSent.length === 0) return [];
  const count = neverSent.length;
  const list = neverSent.map(({ key, label }) => showLabel(label || key)).join(", ");
  const inFile = { vi: "xem report/history.json", en: "see report/history.json" };
  const before =
    province === 0
      ? { vi: "", en: "" }
      : {
          vi: `, kể cả trong ${province} lượt trước được so sánh`,
          en: `, nor in the ${province} earlier nights that were compared`,
        };
  const names = count > mostNamed ? inFile : { vi: list, en: list };
  return [
    writeParagraph({
      vi: `${formatCount(count, "vi")} tỉnh chưa từng gửi${before.vi}: ${names.vi}.`,
      en: `${formatCount(count, "en")} ${count === 1 ? "province" : "provinces"} never sent anything${before.en}: ${names.en}.`,
    }),
  ];
}

function sayLimits({ province, facility }: Compared): Both {
  return {
    vi: `So với trung vị của các lượt trước được so sánh (tỉnh: ${province} lượt, cơ sở: ${facility} lượt), cần ít nhất ${fewestRuns} lượt; không xét nơi thường gửi dưới ${leastUsual} bản ghi; mỗi cấp nêu nhiều nhất ${mostListed} nơi.`,
    en: `Held against the median of the earlier nights that could be compared (provinces: ${province}, facilities: ${facility}), at least ${fewestRuns}; places that send under ${leastUsual} records as a rule are not looked at; of each level at most ${mostListed} are listed.`,
  };
}
