import path from "node:path";
import { z } from "zod";
import { canonicalColumns } from "../ingest/source.js";
import { deliverySettings } from "./delivery-settings.js";
import { fingerprint } from "./fingerprint.js";
import { gateSettings } from "./gate-settings.js";
import { protectionSettings } from "./protection-settings.js";
import { reportDimensions } from "./report-dimensions.js";
import { retentionSchema } from "./retention.js";
import { type Problem, readYamlFile } from "./yaml-file.js";

/** A text of the file, kept as it is written there. */
const text = z.string().trim().min(1);
const texts = z.array(text).min(1);

const pathText = text.refine((value) => refusedPath(value) === null, {
  error: (issue) => refusedPath(String(issue.input)) ?? "",
});

const maxPathLength = 1024;

const count = z.int().min(1);
/** What is read of a record, and put together of it, stays in the memory of a thread's kernel (decision 30). */
const largestRecordBytes = 1 << 26;

const source = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .describe("Lower-case letters, digits and hyphens."),
  match: z
    .strictObject({
      layout: z.enum(["long", "wide"]).exactOptional(),
      file: text.describe("A glob on the file's base name.").exactOptional(),
    })
    .exactOptional()
    .describe("What a file must be for this source; without it every file fits."),
  encoding: text
    .describe(
      "Of its text, where the bytes do not tell: utf-8, utf-16le, utf-16be, windows-1258, tcvn, viscii.",
    )
    .exactOptional(),
  delimiter: z.enum([",", ";", "\t"]).describe("Found from the header unless said.").exactOptional(),
  headerRow: count
    .describe("1-based line (sheet row) of the header; found by its text unless said.")
    .exactOptional(),
  sex: z
    .strictObject({ male: texts, female: texts })
    .describe("Accepted texts, compared without case and marks."),
});

export const pipelineSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .describe("Lower-case letters, digits and hyphens."),
  version: count,
  inputs: z.array(pathText).min(1).describe("Globs, relative to this file."),
  sources: z.array(source).min(1).describe("The first one whose `match` fits a file is used."),
  columns: z
    .strictObject({ aliases: z.partialRecord(z.enum(canonicalColumns), texts) })
    .describe("More header texts, beside the canonical names and the platform's own."),
  rules: z.strictObject({
    programmeStart: z.iso.date().describe("The first day on which a dose can have been given."),
    maxAgeYears: z.int().min(1).max(200),
    maxDoseNumber: z.int().min(1).max(99),
    placeholders: texts.describe(
      "Texts that stand for no citizen ID, compared without case, marks and spaces.",
    ),
    tables: z
      .strictObject({
        provinces: pathText,
        countries: pathText,
        vaccines: pathText,
        wards: pathText,
        priorityGroups: pathText,
      })
      .describe("CSV files, relative to this file."),
    limits: z.strictObject({
      maxRecordBytes: count.max(largestRecordBytes),
      maxFieldLines: count,
      maxExpandedBytes: count,
      maxExpansionRatio: count,
    }),
  }),
  policy: pathText.describe("The policy, relative to this file."),
  report: z.strictObject({
    dimensions: z.array(z.enum(reportDimensions)).min(1),
  }),
  deliveries: deliverySettings,
  gates: gateSettings,
  retention: retentionSchema.exactOptional(),
  ...protectionSettings,
});

/** What a pipeline file says, by the names it uses. */
export type PipelineContent = z.output<typeof pipelineSchema>;

/** A pipeline file that was read and found right. */
export interface Pipeline extends PipelineContent {
  /** Absolute path of the file. */
  readonly file: string;
  /** Of the content alone: the place of the file, comments, order of keys and retention do not matter. */
  readonly fingerprint: string;
}

/**
 * Reads a pipeline file; a `LamsachError` (exit 2) lists every problem with its line and column. Whether the files it
 * names exist is not looked at.
 */
export function loadPipeline(file: string): Pipeline {
  const content = readYamlFile({
    path: file,
    name: file,
    schema: pipelineSchema,
    check: findPipelineProblems,
  });
  // How long runs are kept is no part of what a run is.
  const { retention: _, ...identity } = content;
  return { ...content, file: path.resolve(file), fingerprint: fingerprint(identity) };
}

/** The absolute path of something a pipeline file names: relative to the file's folder. */
export function resolvePipelinePath(pipeline: Pick<Pipeline, "file">, named: string): string {
  return path.resolve(path.dirname(pipeline.file), named);
}

/**
 * What a pipeline names is only read, so it may stand anywhere (`..`, absolute): deliveries come where they come. What
 * is written goes below --out, by names that are made here.
 */
function refusedPath(value: string): string | null {
  if (value.includes("\0")) return "this path holds a NUL character; expected a path";
  if (/[\u0001-\u001f\u007f]/.test(value)) return "this path holds a control character; expected a path";
  if (value.includes("\\")) return "this path holds a backslash; expected folders set apart by /";
  if (/^[a-z]:/i.test(value)) return "this path begins with a drive letter; expected a path of this machine";
  if (value.length > maxPathLength)
    return `this path is too long; expected at most ${maxPathLength} characters`;
  if (value.startsWith("~")) return "a path cannot begin with ~; expected a path relative to this file";
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) return "this is a URL; expected a path relative to this file";
  return null;
}

/** What the shape alone does not say; looks at each part that has its shape, so that all problems are told at once. */
function findPipelineProblems(value: unknown): readonly Problem[] {
  const content = asMap(value);
  return [...sourceProblems(content), ...aliasProblems(content), ...dimensionProblems(content)];
}

function sourceProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const sources = z.array(z.unknown()).safeParse(content.sources);
  if (!sources.success) return [];
  const problems: Problem[] = [];
  const names = new Set<string>();
  let isEveryFileTaken = false;
  for (const [index, item] of sources.data.entries()) {
    const read = source.safeParse(item);
    if (isEveryFileTaken) {
      problems.push({
        path: ["sources", index],
        text: "this source is never used, one before it fits every file; expected it to stand earlier",
      });
    }
    if (!read.success) continue;
    const { name, match, sex } = read.data;
    if (names.has(name)) {
      problems.push({
        path: ["sources", index, "name"],
        text: "this name is used before; expected one of its own",
      });
    }
    names.add(name);
    isEveryFileTaken ||= match === undefined || Object.keys(match).length === 0;
    const male = new Set(sex.male.map(foldCase));
    for (const [position, word] of sex.female.entries()) {
      if (!male.has(foldCase(word))) continue;
      problems.push({
        path: ["sources", index, "sex", "female", position],
        text: "this text stands for male too; expected it in one of the two lists",
      });
    }
  }
  return problems;
}

function aliasProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const read = pipelineSchema.shape.columns.safeParse(content.columns);
  if (!read.success) return [];
  const columnByAlias = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [column, aliases] of Object.entries(read.data.aliases)) {
    for (const [index, alias] of (aliases ?? []).entries()) {
      const key = foldCase(alias);
      const other = columnByAlias.get(key);
      if (other !== undefined && other !== column) {
        problems.push({
          path: ["columns", "aliases", column, index],
          text: `this header stands for ${other} too; expected it under one column`,
        });
      }
      columnByAlias.set(key, column);
    }
  }
  return problems;
}

function dimensionProblems(content: Readonly<Record<string, unknown>>): Problem[] {
  const read = pipelineSchema.shape.report.safeParse(content.report);
  if (!read.success) return [];
  return read.data.dimensions.flatMap((dimension, index, all) =>
    all.indexOf(dimension) < index
      ? [{ path: ["report", "dimensions", index], text: "this stands in the list twice; expected it once" }]
      : [],
  );
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function foldCase(value: string): string {
  return value.normalize("NFC").toLowerCase().trim();
}
