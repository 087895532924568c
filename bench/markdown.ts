import type { Spread } from "./medians.js";

/** A table whose columns are as wide as their widest cell, as the linter wants them. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  const lines = [header, rule, ...rows].map((cells) =>
    widths.map((width, column) => (cells[column] ?? "").padEnd(width)),
  );
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** `median (least-most)`. */
export function formatSpread({ median, min, max }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}-${max.toFixed(digits)})`;
}

/** Three cells of a table. */
export function formatSpreadCells({ median, min, max }: Spread): string[] {
  return [median, min, max].map((value) => value.toFixed(2));
}

/** A whole number with commas between thousands. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A rate to three digits, with commas between thousands: the others are noise. */
export function formatRate(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString("en");
}

/** Megabytes of 10^6 bytes, without the unit. */
export function formatMegabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString("en", { maximumFractionDigits: bytes < 10e6 ? 1 : 0 });
}

/** A share rounded down, so that 100 % is all of them. */
export function formatShare(part: number, whole: number): string {
  return `${(Math.floor((100_000 * part) / whole) / 1000).toFixed(3)} %`;
}
