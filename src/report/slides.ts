import { drawFlow, drawMonths, drawProvinces, standAlone } from "./page/charts.js";
import type { Html } from "./page/html.js";
import { drawNights } from "./page/nights.js";
import { sortBy } from "./ranking.js";
import type { ReportInput } from "./report-input.js";

/**
 * The page's drawings as files of their own, for slides: by their names below `report/`. A drawing that the page has
 * nothing to draw for is not among them. The same input gives the same bytes.
 */
export function drawSlides({
  metrics,
  history,
}: Pick<ReportInput, "metrics" | "history">): Record<string, string> {
  const { province, month } = metrics.dimensions;
  const slides: readonly (readonly [string, Html | null])[] = [
    ["flow-en.svg", drawFlow(metrics, "en")],
    ["flow.svg", drawFlow(metrics, "vi")],
    ["months.svg", month === undefined ? null : drawMonths(sortBy(month, ({ key }) => key))],
    ["provinces.svg", province === undefined ? null : drawProvinces(province)],
    ["trend.svg", drawNights({ metrics, history })],
  ];
  return Object.fromEntries(
    slides.flatMap(([name, drawing]) => (drawing === null ? [] : [[name, standAlone(drawing)]])),
  );
}
