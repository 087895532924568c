import type { z } from "zod";

/** True when a value has nothing at `path`. */
export function isMissing(path: readonly PropertyKey[], value: unknown): boolean {
  let here = value;
  for (const step of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return true;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here === undefined;
}

/** Says what is wrong as `<what is wrong>; expected <what>`, without the value that is wrong. */
export function describeIssue(issue: z.core.$ZodIssue, missing: boolean): string {
  if (missing) {
    const key = String(issue.path.at(-1) ?? "");
    return `the key \`${key}\` is missing; expected ${expectation(issue)}`;
  }
  switch (issue.code) {
    case "invalid_type":
      return `this is of another type; expected ${expectation(issue)}`;
    case "invalid_value":
      return `this value is not one of those allowed; expected ${expectation(issue)}`;
    case "invalid_key":
      return `this key is not allowed here; expected ${expectation(issue)}`;
    case "too_small":
    case "too_big":
      return `this is too ${issue.code === "too_small" ? "small" : "big"}; expected ${expectation(issue)}`;
    case "custom":
      return issue.message;
    default:
      return `this value cannot be used; expected ${expectation(issue)}`;
  }
}

const typeTexts: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a map",
  record: "a map",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeTexts[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values.map(String));
    case "invalid_key":
      return issue.issues.map(expectation).join(" or ");
    case "invalid_format":
      return issue.format === "date" ? "a day of the calendar, yyyy-mm-dd" : "a text of the documented form";
    case "too_small":
      return bound("at least", issue.minimum, issue.origin);
    case "too_big":
      return bound("at most", issue.maximum, issue.origin);
    default:
      return "a value of the documented form";
  }
}

function bound(word: string, limit: number | bigint, origin: string): string {
  if (origin === "array" || origin === "record")
    return `${word} ${limit} ${limit === 1 ? "entry" : "entries"}`;
  if (origin === "string") return `${word} ${limit} ${limit === 1 ? "character" : "characters"}`;
  return `a number of ${word} ${limit}`;
}

/** `a`, `one of a or b`, `one of a, b or c`; the first twelve of a long list. */
function oneOf(values: readonly string[]): string {
  const shown = values.slice(0, 12);
  if (values.length > shown.length) return `one of ${shown.join(", ")}, … (${values.length} in all)`;
  const last = shown.at(-1) ?? "";
  return shown.length > 1 ? `one of ${shown.slice(0, -1).join(", ")} or ${last}` : last;
}
