import type { Percentage } from "./percentages.js";

export type Language = "vi" | "en";

/** A whole number with its thousands separated: 1,234,567 in English, 1.234.567 in Vietnamese. */
export function formatCount(count: number, language: Language): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, language === "vi" ? "." : ",");
}

/** A percentage with 2 decimals, rounded down so that 100 means all of it; words when it is not applicable. */
export function formatPercent({ numerator, denominator }: Percentage, language: Language): string {
  if (denominator <= 0) return language === "vi" ? "không áp dụng" : "not applicable";
  const hundredths = String(Math.floor((numerator * 10_000) / denominator)).padStart(3, "0");
  const whole = formatCount(Number(hundredths.slice(0, -2)), language);
  return `${whole}${language === "vi" ? "," : "."}${hundredths.slice(-2)} %`;
}

/** A day `yyyy-mm-dd`: dd/mm/yyyy in Vietnamese, as it is in English. */
export function formatDay(day: string, language: Language): string {
  return language === "vi" ? day.split("-").reverse().join("/") : day;
}

/** `numerator ÷ denominator`, the way the share can be checked by hand. */
export function formatShare({ numerator, denominator }: Percentage, language: Language): string {
  return `${formatCount(numerator, language)} ÷ ${formatCount(denominator, language)}`;
}

/** A gate's limit or value: a share or a number, at most 6 decimals, as the pipeline file writes it. */
export function formatMeasure(value: number | null, language: Language): string {
  if (value === null) return language === "vi" ? "không áp dụng" : "not applicable";
  if (Number.isInteger(value)) return formatCount(value, language);
  const text = String(Math.round(value * 1_000_000) / 1_000_000);
  return language === "vi" ? text.replace(".", ",") : text;
}
