/** How a workbook's cell format shows a number. */
export type NumberFormat = { readonly kind: "date" } | { readonly kind: "number"; readonly zeros: number };

const plainNumber: NumberFormat = { kind: "number", zeros: 0 };

/** Built-in formats that show a day (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 are dates of East Asian languages). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);
}

/** The meaning of a number format by its id and, for the workbook's own, its code (`dd/mm/yyyy`, `000000000000`). */
export function readNumberFormat(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return isBuiltInDate(id) ? { kind: "date" } : plainNumber;
  if (/^0{2,}$/.test(code)) return { kind: "number", zeros: code.length };
  // Texts in quotes, escaped characters, colours and locales say nothing; only y and d make a day.
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "").split(";")[0] ?? "";
  return /[yd]/i.test(bare) && !/general/i.test(bare) ? { kind: "date" } : plainNumber;
}

/** Days from the workbook's day 0 to that of the 1900 system. */
const days1904 = 1462;
const dayMs = 86_400_000;
/** 9999-12-31, the last day a workbook knows. */
const lastSerial = 2_958_465;

/**
 * A number cell as the text a person would have typed: dates `yyyy-mm-dd` (a time of day is dropped), whole numbers as
 * their digits, never an exponent; leading zeros that the format shows. What is no number is given back as it is.
 */
export function readNumberCell(stored: string, format: NumberFormat, is1904: boolean): string {
  const value = Number(stored);
  if (stored.trim() === "" || !Number.isFinite(value)) return stored;
  if (format.kind === "date") return readSerialDay(value, is1904) ?? writeNumber(stored, value);
  const text = writeNumber(stored, value);
  return /^\d+$/.test(text) ? text.padStart(format.zeros, "0") : text;
}

/** null for times of day and numbers that are no day. 1900 has a 29 February in workbooks: day 60, which is no date. */
function readSerialDay(value: number, is1904: boolean): string | null {
  const serial = Math.floor(value) + (is1904 ? days1904 : 0);
  if (serial < 1 || serial > lastSerial || serial === 60) return null;
  const base = serial < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  return new Date(base + serial * dayMs).toISOString().slice(0, 10);
}

function writeNumber(stored: string, value: number): string {
  if (/^-?\d+$/.test(stored)) return stored;
  if (Number.isInteger(value)) return BigInt(value).toString();
  const short = String(value);
  return short.includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : short;
}

/** `_x000D_` in a workbook's text stands for the character with that code (ECMA-376 part 1, 22.9.2.19). */
export function unescapeCellText(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9a-f]{4})_/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
