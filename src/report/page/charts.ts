import * as Plot from "@observablehq/plot";
// The one file that linkedom is bundled into: a third of the time that its two hundred modules take to load.
import { parseHTML } from "linkedom/worker";
import { findCode } from "../../judge/code-catalogue.js";
import { formatCount, formatDay, type Language } from "../figures.js";
import { buildFunnel } from "../funnel.js";
import type { DimensionRow, Metrics } from "../metrics.js";
import { countNotClean, countSets } from "../percentages.js";
import { rankByNotClean } from "../ranking.js";
import { showLabel } from "../visible-text.js";
import type { Html } from "./html.js";
import { chartStyle } from "./style.js";
import type { Both } from "./wording.js";

/*
 * Drawings are made while the report is, so the page needs no library: plain SVG whose colours are those of the style
 * sheet around it. The same numbers give the same bytes.
 */

type Mark = Plot.Markish;

/** Provinces, facilities and months that one drawing can show and still be read. */
const shownBars = 20;
/** Days and months that stand side by side under an axis. */
const mostTicks = 8;
const sets = ["cleaned", "errors", "exceptions"] as const;
type SetName = (typeof sets)[number];

/** What a colour stands for, as a drawing's own key says it. */
const keyNames: Readonly<Record<SetName | "left", Both>> = {
  left: { vi: "còn lại", en: "left" },
  cleaned: { vi: "sạch", en: "cleaned" },
  errors: { vi: "lỗi", en: "errors" },
  exceptions: { vi: "ngoại lệ", en: "exceptions" },
};
/** From left to right in a bar. */
const order = ["left", ...sets];

/** What is left after each step of the funnel, and what left at it. */
export function drawFlow(metrics: Metrics, language: Language): Html {
  const { steps } = buildFunnel(metrics);
  const names = steps.map((step) => step[language]);
  const bars = steps.flatMap((step) => {
    const lost = { errors: 0, exceptions: 0 };
    for (const { code, doses } of step.left) {
      lost[findCode(code)?.set === "exceptions" ? "exceptions" : "errors"] += doses;
    }
    return [
      { name: step[language], set: step.id === "cleaned" ? "cleaned" : "left", count: step.remaining.doses },
      { name: step[language], set: "errors", count: lost.errors },
      { name: step[language], set: "exceptions", count: lost.exceptions },
    ];
  });
  return draw(
    {
      width: 760,
      height: 34 * steps.length + keyHeight,
      marginTop: keyHeight,
      marginBottom: 0,
      marginLeft: 300,
      marginRight: 90,
      x: { axis: null },
      y: { domain: names, label: null, tickSize: 0 },
    },
    [
      Plot.barX(bars, {
        x: "count",
        y: "name",
        fill: colourOf,
        insetTop: 3,
        insetBottom: 3,
        order,
      }),
      Plot.text(steps, {
        x: metrics.doses.records,
        y: (step: (typeof steps)[number]) => step[language],
        text: (step: (typeof steps)[number]) => formatCount(step.remaining.doses, language),
        textAnchor: "start",
        dx: 8,
        fill: "currentColor",
      }),
    ],
    {
      label: { vi: "Số mũi còn lại sau mỗi bước", en: "Doses left after each step" },
      language,
      key: ["left", ...sets],
    },
  );
}

/** The provinces with the most doses that are not clean. */
export function drawProvinces(rows: readonly DimensionRow[], language: Language): Html {
  const shown = rankByNotClean(rows).slice(0, shownBars);
  const nameOf = ({ key, label }: DimensionRow): string =>
    shorten(showLabel(label || key).replace(/^(Tỉnh|Thành phố) /, ""));
  const bars = shown.flatMap((row) => {
    const { errors, exceptions } = countSets(row.doses);
    return [
      { name: nameOf(row), set: "errors", count: errors },
      { name: nameOf(row), set: "exceptions", count: exceptions },
    ];
  });
  return draw(
    {
      width: 760,
      height: 22 * shown.length + keyHeight,
      marginTop: keyHeight,
      marginBottom: 0,
      marginLeft: 170,
      marginRight: 80,
      x: { axis: null },
      y: { domain: shown.map(nameOf), label: null, tickSize: 0 },
    },
    [
      Plot.barX(bars, {
        x: "count",
        y: "name",
        fill: colourOf,
        insetTop: 2,
        insetBottom: 2,
        order,
      }),
      Plot.text(shown, {
        x: (row: DimensionRow) => countNotClean(row.doses),
        y: nameOf,
        text: (row: DimensionRow) => formatCount(countNotClean(row.doses), language),
        textAnchor: "start",
        dx: 6,
        fill: "currentColor",
      }),
    ],
    {
      label: { vi: "Mũi chưa sạch theo tỉnh", en: "Doses not clean by province" },
      language,
      key: ["errors", "exceptions"],
    },
  );
}

/**
 * Which months one axis can hold: from the first to the last with a clean dose, which no mistyped year is; and the doses
 * of all other rows. `rows` in the order of their keys. Without a clean dose, all months.
 */
export function chooseMonths(rows: readonly DimensionRow[]): {
  readonly months: readonly DimensionRow[];
  readonly outside: number;
} {
  const dated = rows.filter(({ key }) => key !== "");
  const clean = dated.filter(({ doses }) => countSets(doses).cleaned > 0);
  const [first, last] = [clean[0]?.key ?? "", clean.at(-1)?.key ?? "~"];
  const months = dated.filter(({ key }) => key >= first && key <= last);
  const count = (some: readonly DimensionRow[]): number =>
    some.reduce((sum, { doses }) => sum + doses.records, 0);
  return { months, outside: count(rows) - count(months) };
}

/** The three sets by month of vaccination. */
export function drawMonths(rows: readonly DimensionRow[], language: Language): Html {
  const { months } = chooseMonths(rows);
  const every = Math.max(1, Math.ceil(months.length / mostTicks));
  const bars = months.flatMap(({ key, doses }) => {
    const counted = countSets(doses);
    return sets.map((set) => ({ month: key, set, count: counted[set] }));
  });
  return draw(
    {
      width: 760,
      height: 240 + keyHeight,
      marginTop: keyHeight + 10,
      marginLeft: 80,
      x: {
        domain: months.map(({ key }) => key),
        label: null,
        ticks: months.filter((_, at) => at % every === 0).map(({ key }) => key),
        tickSize: 0,
      },
      y: { label: null, ticks: 4, tickFormat: (count: number) => formatCount(count, language), grid: true },
    },
    [
      Plot.barY(bars, { x: "month", y: "count", fill: colourOf, order }),
      Plot.ruleY([0], { stroke: "currentColor" }),
    ],
    { label: { vi: "Mũi theo tháng", en: "Doses by month" }, language, key: sets },
  );
}

/** Cleanliness night by night, in percent. */
export function drawTrend(
  nights: readonly { readonly day: string; readonly percent: number | null }[],
  language: Language,
): Html {
  const points = nights.flatMap(({ day, percent }, night) =>
    percent === null ? [] : [{ night, day, percent }],
  );
  const every = Math.max(1, Math.ceil(points.length / mostTicks));
  return draw(
    {
      width: 760,
      height: 220,
      marginLeft: 60,
      marginRight: 60,
      x: {
        type: "point",
        domain: points.map(({ night }) => night),
        label: null,
        ticks: points.filter((_, at) => at % every === 0).map(({ night }) => night),
        tickFormat: (night: number) => formatDay(nights[night]?.day ?? "", language),
      },
      y: {
        label: null,
        ticks: 4,
        nice: true,
        zero: false,
        tickFormat: (percent: number) => `${String(percent).replace(".", language === "vi" ? "," : ".")} %`,
        grid: true,
      },
    },
    [
      Plot.lineY(points, { x: "night", y: "percent", stroke: "var(--cleaned)", strokeWidth: 2 }),
      Plot.dot(points, { x: "night", y: "percent", fill: "var(--cleaned)" }),
    ],
    { label: { vi: "Tỷ lệ sạch theo lượt chạy", en: "Cleanliness by night" }, language, key: [] },
  );
}

/** A drawing as a file of its own, for slides: with the colours that the page would give it. */
export function standAlone({ markup }: Html): string {
  const start = markup.indexOf(">");
  return `${markup.slice(0, start)} xmlns="http://www.w3.org/2000/svg"><style>${chartStyle}</style>${markup.slice(start + 1)}\n`;
}

const svgSpace = "http://www.w3.org/2000/svg";

function colourOf({ set }: { readonly set: string }): string {
  return `var(--${set})`;
}

function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

/** What stands on a drawing beside its marks. */
interface Legend {
  /** What the picture shows, for those who do not see it. */
  readonly label: Both;
  readonly language: Language;
  /** The colours that its key explains, in their order. */
  readonly key: readonly (SetName | "left")[];
}

/** Room above the marks for a key; its entries stand side by side. */
const keyHeight = 30;
const keyWidth = 110;

function draw(options: Plot.PlotOptions, marks: readonly Mark[], { label, language, key }: Legend): Html {
  const { document } = parseHTML("<html><body></body></html>");
  const svg = Plot.plot({
    ...options,
    document,
    color: { type: "identity" },
    marks: [...marks],
    style: null as never,
  });
  svg.querySelector("style")?.remove();
  // The drawing is one picture; what Plot calls its parts is for no reader.
  for (const part of svg.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  svg.setAttribute("class", "chart");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label[language]);
  svg.setAttribute("font-size", "12");
  for (const [at, name] of key.entries()) {
    const x = (options.marginLeft ?? 0) + at * keyWidth;
    const swatch = document.createElementNS(svgSpace, "rect");
    for (const [attribute, value] of Object.entries({ x, y: 4, width: 12, height: 12 }))
      swatch.setAttribute(attribute, String(value));
    swatch.setAttribute("fill", colourOf({ set: name }));
    const text = document.createElementNS(svgSpace, "text");
    for (const [attribute, value] of Object.entries({
      x: x + 18,
      y: 14,
      fill: "currentColor",
      "text-anchor": "start",
    }))
      text.setAttribute(attribute, String(value));
    text.textContent = keyNames[name][language];
    svg.append(swatch, text);
  }
  return { markup: svg.outerHTML };
}
