import { trimText } from "./fold-text.js";

/**
 * Whether a text can be a telephone number: blank, 10 digits (or 11 of a landline or of a mobile before 2018) after 0,
 * +84, 84, 0084 or a lost zero, or a foreign number after `+`. Total; a phone never identifies a person.
 */
export function isPlausiblePhone(text: string): boolean {
  const trimmed = trimText(text);
  if (trimmed === "") return true;
  if (trimmed.length > maxLength) return false;
  const compact = trimmed.replace(/[\s.()\-‐-―']+/g, "");
  if (!/^\+?\d+$/.test(compact)) return false;
  if (/^(\+?\d)\1+$/.test(compact.replace("+", ""))) return false;
  if (/^\+(?!84)[1-9]\d{7,14}$/.test(compact)) return true;
  return domestic.test(compact.replace(/^(?:\+84|0084|84(?=\d{9,10}$))0?/, "0"));
}

/** Characters, separators included. */
const maxLength = 40;

/** Mobile; landline (10 digits before 2017, 11 since); mobile of before 2018 (11 digits). The zero may be lost. */
const domestic = /^0?(?:[2-9]\d{8}|2\d{9}|1[2689]\d{8})$/;
