import type { Language } from "./figures.js";
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
  const months = month && sortBy(month, ({ key }) => key);
  const slides = languages.flatMap(([language, suffix]): (readonly [string, Html | null])[] => [
    [`flow${suffix}.svg`, drawFlow(metrics, language)],
    [`months${suffix}.svg`, months ? drawMonths(months, language) : null],
    [`provinces${suffix}.svg`, province ? drawProvinces(province, language) : null],
    [`trend${suffix}.svg`, drawNights({ metrics, history }, language)],
  ]);
  return Object.fromEntries(
    slides.flatMap(([name, drawing]) => (drawing === null ? [] : [[name, standAlone(drawing)]])),
  );
}

/** Each with what it puts behind a file's name. */
const languages = [
  ["vi", ""],
  ["en", "-en"],
] as const satisfies readonly (readonly [Language, string])[];
