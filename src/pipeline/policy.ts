import path from "node:path";
import { z } from "zod";
import { codeCatalogue } from "../judge/code-catalogue.js";
import { findingCatalogue } from "../judge/finding-catalogue.js";
import { type FindingId, findingIds } from "../judge/findings.js";
import { fingerprint } from "./fingerprint.js";
import { type Problem, readYamlFile } from "./yaml-file.js";

// A code of the cleaned set is what is left when nothing else is: a policy cannot give it.
const givenCodes = codeCatalogue.filter(({ set }) => set !== "cleaned").map(({ code }) => code);
const code = z.enum(givenCodes as [string, ...string[]]);

const orderEntry = z
  .string()
  .refine((entry) => entry !== "" && givenCodes.some((given) => given.startsWith(entry)), {
    error:
      "this is no code and no beginning of one; expected a code of exceptions or errors (`lamsach codes`)",
  });

export const policySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .describe("Lower-case letters, digits and hyphens."),
  version: z.int().min(1),
  authenticated: z
    .strictObject({
      name: z.array(z.enum(["equal", "marks-lost", "repaired", "marks-differ", "different"])).min(1),
      birthDate: z
        .array(z.enum(["equal", "year-only", "record-year-only", "swapped", "first-of-january", "different"]))
        .min(1),
      sex: z.array(z.enum(["equal", "different"])).min(1),
    })
    .describe("Comparison levels at which a field counts as authenticated."),
  mismatch: z
    .strictObject({ name: code, birthDate: code, sex: code, several: code })
    .describe("The code of a field that was compared and is not authenticated."),
  order: z
    .array(orderEntry)
    .min(1)
    .describe("Codes, or beginnings of codes; the first that a record carries is its code."),
  codes: z
    .partialRecord(z.enum(findingIds), code)
    .describe("The code that a finding gives: every fault needs one, a warning may have one."),
});

/** What a policy file says, by the names it uses. */
export type PolicyContent = z.output<typeof policySchema>;

/** A policy file that was read and found right. */
export interface Policy extends PolicyContent {
  /** Absolute path of the file. */
  readonly file: string;
  /** Of the content alone: the place of the file, comments and order of keys do not matter. */
  readonly fingerprint: string;
}

/** Reads a policy file; a `LamsachError` (exit 2) lists every problem with its line and column. */
export function loadPolicy(file: string): Policy {
  const content = readYamlFile({ path: file, name: file, schema: policySchema, check: findPolicyProblems });
  return { ...content, file: path.resolve(file), fingerprint: fingerprint(content) };
}

/** What the shape alone does not say; looks at each part that has its shape, so that all problems are told at once. */
function findPolicyProblems(value: unknown): readonly Problem[] {
  const content: Readonly<Record<string, unknown>> =
    typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return [...levelProblems(content), ...orderProblems(content), ...codeProblems(content)];
}

function levelProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const read = policySchema.shape.authenticated.safeParse(content.authenticated);
  if (!read.success) return [];
  return Object.entries(read.data).flatMap(([field, levels]: [string, readonly string[]]) => [
    ...repeatedEntries(levels).map((index) => ({
      path: ["authenticated", field, index],
      text: "this level stands in the list twice; expected it once",
    })),
    ...(levels.includes("equal")
      ? []
      : [
          {
            path: ["authenticated", field],
            text: "the level equal is not accepted; expected it in the list",
          },
        ]),
  ]);
}

function orderProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const read = policySchema.shape.order.safeParse(content.order);
  if (!read.success) return [];
  return read.data.flatMap((entry, index, order) => {
    const earlier = order.slice(0, index).find((other) => entry.startsWith(other));
    if (earlier === undefined) return [];
    const text = `${earlier}, earlier in the list, takes every code of this entry; expected it before ${earlier}`;
    return [
      {
        path: ["order", index],
        text: earlier === entry ? "this stands in the list twice; expected it once" : text,
      },
    ];
  });
}

function codeProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const order = policySchema.shape.order.safeParse(content.order);
  const isReached = (given: unknown): boolean =>
    !order.success ||
    !code.safeParse(given).success ||
    order.data.some((entry) => String(given).startsWith(entry));
  const problems: Problem[] = [];
  for (const part of ["mismatch", "codes"]) {
    for (const [key, given] of entriesOf(content[part])) {
      if (isReached(given)) continue;
      problems.push({
        path: [part, key],
        text: "no entry of `order` reaches this code; expected the code or a beginning of it in `order`",
      });
    }
  }
  const codes = new Map(entriesOf(content.codes));
  for (const id of findingIds) {
    const { kind } = findingCatalogue[id];
    if (codes.has(id) && !canHaveCode(id)) {
      problems.push({
        path: ["codes", id],
        text: `a ${kind} cannot have a code; expected a fault or a warning`,
        atKey: true,
      });
    }
    // Without one a record might have no code at all, or be cleaned without a value that its set must have.
    if (kind === "fault" && !codes.has(id) && content.codes !== undefined) {
      problems.push({ path: ["codes"], text: `the finding ${id} has no code; expected one` });
    }
  }
  return problems;
}

/** Differences get their codes under `mismatch`; normalisations and repairs are what makes a record clean. */
function canHaveCode(id: FindingId): boolean {
  const { kind } = findingCatalogue[id];
  return kind === "fault" || kind === "warning";
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function repeatedEntries(values: readonly string[]): readonly number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
