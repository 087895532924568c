import { foldText, squeezeText } from "./fold-text.js";

/** Unit words that stand before a province's name, folded. */
const unitWord = /^(?:thanh pho|tinh|tp\.?|t\.)\s*(?=\S)/;

/** What people write for a province beside its name, squeezed. */
const otherNames: Readonly<Record<string, string>> = {
  hcm: "hochiminh",
  tphcm: "hochiminh",
  hcmc: "hochiminh",
  saigon: "hochiminh",
  tphochiminh: "hochiminh",
  hue: "thuathienhue",
  tthue: "thuathienhue",
  brvt: "bariavungtau",
  vungtau: "bariavungtau",
  dak: "daklak",
  daclac: "daklak",
  dacnong: "daknong",
  bacan: "backan",
};

/**
 * A province's name to compare by: without its unit (Tỉnh, Thành phố, TP.), case, marks and spaces, and with one name
 * for a place that has several (TPHCM, Sài Gòn → Hồ Chí Minh). "" for a blank text.
 */
export function provinceKey(text: string): string {
  const name = squeezeText(foldText(text).replace(unitWord, ""));
  return otherNames[name] ?? name;
}
