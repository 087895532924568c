import { trimText } from "../identity/fold-text.js";

export type FacilityFinding = "facility.blank" | "facility.unknown-form";

/** A delivered facility, read. */
export interface FacilityReading {
  /** Upper case; null when neither cell holds a code. A code of an unknown form is kept as delivered. */
  readonly code: string | null;
  readonly name: string | null;
  readonly finding: FacilityFinding | null;
}

/**
 * Reads the facility's two cells; the code cell may hold `01015-Bệnh viện Quân Y 354` or a name alone, and so may the
 * name cell. Codes are 5 characters (province, then digits or letters) or 7 (`99_D999`), as in the template's PL4. Total.
 */
export function readFacility(code: string, name: string): FacilityReading {
  const codeText = collapse(code);
  const nameText = collapse(name);
  if (codeText === "" && nameText === "") return { code: null, name: null, finding: "facility.blank" };

  const ownName = nameText === "" ? null : nameText;
  const delivered = splitCodeAndName(codeText);
  if (delivered) return { code: delivered.code, name: ownName ?? delivered.name, finding: null };
  if (codeText !== "" && isCodeLike(codeText))
    return { code: codeText, name: ownName, finding: "facility.unknown-form" };

  const named = splitCodeAndName(nameText);
  if (named?.name) return { code: named.code, name: named.name, finding: null };
  return { code: null, name: ownName ?? codeText, finding: null };
}

const codeForm = /^(\d{2}(?:[0-9A-Z]{3}|_[A-Z]\d{3}))(?:\s*[-–—:]\s*(\S.*))?$/i;

function splitCodeAndName(text: string): { code: string; name: string | null } | null {
  const parts = codeForm.exec(text);
  if (!parts) return null;
  return { code: (parts[1] as string).toUpperCase(), name: parts[2] ?? null };
}

/** One word with a digit, or without a lower-case letter: a code, whatever its form; anything else is a name. */
function isCodeLike(text: string): boolean {
  return !/\s/.test(text) && /^[\x21-\x7e]+$/.test(text) && (/\d/.test(text) || !/[a-z]/.test(text));
}

function collapse(text: string): string {
  const trimmed = trimText(text);
  return looseSpace.test(trimmed) ? trimmed.replace(/\s+/g, " ") : trimmed;
}

/** White space that collapsing changes. */
const looseSpace = /\s\s|[^\S ]/;
