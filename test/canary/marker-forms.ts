import { encodeText } from "../support/marked-bytes.js";

/** What every canary's text holds, and nothing else in the world does: letters that all forms of Unicode treat apart. */
export const textCore = "Qzựkằ";
/** What every canary's number holds. */
export const numberCore = "88774411";
/** Day, month and year of birth of everybody in a canary delivery. */
export const birthCore = ["29", "02", "1988"] as const;
/** Day, month and year of every vaccination. */
export const doseCore = ["28", "02", "2022"] as const;
/** The one text that is shown by design: the name of a facility whose code is proper. */
export const facilityCore = "Kzfùcility";

/** One way in which a canary could get out: which core, in which form, as which bytes. */
export interface MarkerForm {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every form of every core; no two have the same bytes. */
export function listForms(
  cores: readonly (readonly [name: string, texts: readonly string[]])[],
): MarkerForm[] {
  const forms = new Map<string, MarkerForm>();
  for (const [core, texts] of cores) {
    for (const text of texts) {
      for (const [form, bytes] of encode(text)) {
        const key = bytes.toString("latin1");
        if (!forms.has(key)) forms.set(key, { name: `${core} as ${form}`, bytes });
      }
    }
  }
  return [...forms.values()];
}

/** The cores that only data sets may hold, each in all its spellings. */
export const personalCores = [
  ["text", spellings(textCore)],
  [
    "number",
    [numberCore, numberCore.replace(/(?=(?:....)$)/, " "), numberCore.replace(/(?=(?:....)$)/, ".")],
  ],
  ["birth date", dateSpellings(birthCore)],
  ["vaccination date", dateSpellings(doseCore)],
] as const;

/** The core that the report shows as well. */
export const facilityCores = [["facility", spellings(facilityCore)]] as const;

/** Composed, decomposed and without marks; as written, lower and upper case. */
function spellings(text: string): string[] {
  const unmarked = text.normalize("NFD").replace(/\p{M}/gu, "");
  const forms = [text.normalize("NFC"), text.normalize("NFD"), unmarked];
  return forms.flatMap((form) => [form, form.toLowerCase(), form.toUpperCase()]);
}

/** Day first, month first and year first, with each separator and with none. */
function dateSpellings([day, month, year]: readonly [string, string, string]): string[] {
  const orders = [
    [day, month, year],
    [month, day, year],
    [year, month, day],
  ];
  return orders.flatMap((parts) => ["/", "-", ".", ""].map((separator) => parts.join(separator)));
}

function encode(text: string): [form: string, bytes: Buffer][] {
  const utf8 = Buffer.from(text);
  const hex = utf8.toString("hex");
  const url = utf8.toString("latin1").replace(/[^\w.-]/g, (byte) => `%${hexOf(byte.charCodeAt(0), 2)}`);
  const entities = (write: (unit: number) => string): string =>
    [...text].map((letter) => (letter > "~" ? write(letter.codePointAt(0) as number) : letter)).join("");
  const json = text.replace(/[^ -~]/g, (unit) => `\\u${hexOf(unit.charCodeAt(0), 4)}`);
  const ascii: [string, string][] = [
    ["hex", hex],
    ["hex, upper case", hex.toUpperCase()],
    ["URL", url],
    ["URL, upper case", url.replace(/%../g, (byte) => byte.toUpperCase())],
    ["JSON", json],
    ["JSON, upper case", json.replace(/\\u..../g, (unit) => `\\u${unit.slice(2).toUpperCase()}`)],
    ["HTML, decimal", entities((unit) => `&#${unit};`)],
    ["HTML, hexadecimal", entities((unit) => `&#x${unit.toString(16)};`)],
    ["UTF-8 read as Latin-1", Buffer.from(utf8.toString("latin1")).toString("latin1")],
    ...base64Forms(utf8),
  ];
  return [
    ["UTF-8", utf8],
    ["UTF-16LE", encodeText(text, "utf-16le")],
    ["UTF-16BE", encodeText(text, "utf-16be")],
    ["windows-1258", encodeText(text, "windows-1258")],
    ...ascii.map(([form, written]): [string, Buffer] => [form, Buffer.from(written, "latin1")]),
  ];
}

/** What base64 always writes for the bytes, wherever they begin: without the letters that their neighbours share. */
function base64Forms(bytes: Buffer): [form: string, text: string][] {
  return [0, 1, 2].flatMap((before): [string, string][] => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const own = text.slice(from, to);
    const url = own.replaceAll("+", "-").replaceAll("/", "_");
    return [
      [`base64, ${before} before`, own],
      [`base64url, ${before} before`, url],
    ];
  });
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
