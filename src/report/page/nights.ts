import type { Language } from "../figures.js";
import { countSets, type Percentage, percentOf, type SetCounts } from "../percentages.js";
import type { ReportInput } from "../report-input.js";
import type { PastRun } from "../run-history.js";
import { drawTrend } from "./charts.js";
import { type Html, html } from "./html.js";
import { type Section, writeFigure } from "./section.js";
import { writeTable } from "./tables.js";
import { writeCount, writeDay, writePercent } from "./wording.js";

/** A line needs two ends. */
const fewestNights = 2;

type NightInput = Pick<ReportInput, "metrics" | "history">;

/** The number night by night. */
export function describeTrend(input: NightInput): Section {
  const nights = listNights(input);
  return {
    id: "trend",
    title: { vi: "Qua các lượt chạy", en: "Night by night" },
    content: [
      ...(nights.length < fewestNights
        ? []
        : [
            writeFigure(
              { vi: "Tỷ lệ sạch theo lượt chạy, tính bằng mũi", en: "Cleanliness by night, in doses" },
              (language) => drawNights(input, language) ?? html``,
            ),
          ]),
      writeTable({
        caption: { vi: "Cũ nhất trước; dòng cuối là lượt này", en: "Oldest first; the last row is this run" },
        columns: [
          { name: { vi: "Tính đến ngày", en: "As of" } },
          { name: { vi: "Mũi", en: "Doses" }, isNumber: true },
          { name: { vi: "Sạch", en: "Cleaned" }, isNumber: true },
          { name: { vi: "Lỗi", en: "Errors" }, isNumber: true },
          { name: { vi: "Ngoại lệ", en: "Exceptions" }, isNumber: true },
          { name: { vi: "Tỷ lệ sạch", en: "Cleanliness" }, isNumber: true },
          { name: { vi: "Tỷ lệ sạch (người)", en: "Cleanliness (people)" }, isNumber: true },
        ],
        rows: nights.map(({ asOf: day, doses, people }) => ({
          cells: [
            writeDay(day),
            writeCount(doses.records),
            writeCount(doses.cleaned),
            writeCount(doses.errors),
            writeCount(doses.exceptions),
            writePercent(share(doses)),
            writePercent(share(people)),
          ].map((content) => ({ content })),
        })),
      }),
    ],
  };
}

/** Cleanliness night by night; null for a first night, of which there is no line to draw. */
export function drawNights(input: NightInput, language: Language): Html | null {
  const nights = listNights(input);
  if (nights.length < fewestNights) return null;
  const shares = nights.map(({ asOf, doses }) => ({ day: asOf, percent: share(doses).percent }));
  return drawTrend(shares, language);
}

/** Earlier nights and this one, oldest first. */
function listNights({ metrics, history }: NightInput): PastRun[] {
  const { id, asOf } = metrics.run;
  return [...history.runs, { id, asOf, doses: countSets(metrics.doses), people: countSets(metrics.people) }];
}

function share({ cleaned, records, exceptions }: SetCounts): Percentage {
  return percentOf(cleaned, records - exceptions);
}
