import { readFileSync, statSync } from "node:fs";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from "yaml";
import type { z } from "zod";
import { exitCodes, LamsachError } from "../errors.js";
import { describeIssue, isMissing } from "./problem-text.js";
import { findSyntaxFaults } from "./syntax-faults.js";

/** Something wrong in a YAML file; `text` reads `<what is wrong>; expected <what>` and holds no value of the file. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  /** True when `path` names a key and the problem is the key itself, not its value. */
  readonly atKey?: boolean;
}

const maxFileBytes = 1 << 20;
const maxAliases = 20;

/**
 * Reads one YAML file against a schema. Every problem of the file (syntax, shape, and what `check` finds in the value
 * as read, which may be wrong in shape) is reported in one `LamsachError` (exit 2), a line each:
 * `file:line:column: <what is wrong>; expected <what>.` The items of a list are texts exactly as written.
 */
export function readYamlFile<Schema extends z.ZodType>({
  path,
  name,
  schema,
  check,
}: {
  path: string;
  /** What messages call the file. */
  name: string;
  schema: Schema;
  check: (value: unknown) => readonly Problem[];
}): z.output<Schema> {
  const lines = new LineCounter();
  const source = readText(path, name);
  const document = parseDocument(source, {
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    keepSourceTokens: true,
    lineCounter: lines,
    version: "1.2",
    schema: "core",
  });
  const faults = findSyntaxFaults(document, source, lines);
  if (faults.length > 0) {
    throw fail(
      name,
      faults.map((fault) => at(lines, fault.offset, fault.text)),
    );
  }
  keepListTexts(document);
  const value = toValue(document, name);
  const result = schema.safeParse(value);
  const problems = [...(result.success ? [] : shapeProblems(result.error.issues, value)), ...check(value)];
  if (problems.length > 0 || !result.success) {
    throw fail(
      name,
      problems.map((problem) => at(lines, findOffset(document, problem), problem.text)),
    );
  }
  return result.data;
}

function readText(path: string, name: string): string {
  let bytes: Uint8Array;
  try {
    const stats = statSync(path);
    if (!stats.isFile()) throw usage(`${name}: this is not a regular file; expected a YAML file.`);
    if (stats.size > maxFileBytes) {
      throw usage(`${name}: the file is over ${maxFileBytes} bytes; expected a YAML file of a few pages.`);
    }
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof LamsachError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw usage(`${name}: the file cannot be read (${code}); expected a YAML file. Check the path.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw usage(`${name}: the file is not UTF-8 text; expected YAML in UTF-8. Save it again as UTF-8.`);
  }
}

interface PlacedText {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function at(lines: LineCounter, offset: number, text: string): PlacedText {
  const { line, col } = lines.linePos(offset);
  return { offset, line: Math.max(line, 1), column: Math.max(col, 1), text };
}

function fail(name: string, problems: readonly PlacedText[]): LamsachError {
  const inOrder = [...problems].sort((a, b) => a.offset - b.offset);
  const texts = inOrder.map(({ line, column, text }) => `${name}:${line}:${column}: ${text}.`);
  return usage([...new Set(texts)].join("\n"));
}

function usage(message: string): LamsachError {
  return new LamsachError(exitCodes.usage, message);
}

/** A list item `null`, `01` or `no` is the text that stands there, not a value of another type. */
function keepListTexts(document: Document.Parsed): void {
  visit(document, {
    Seq(_key, list) {
      for (const item of list.items) {
        if (isScalar(item) && item.type === "PLAIN") item.value = item.source ?? "";
      }
    },
  });
}

function toValue(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch {
    throw usage(`${name}:1:1: aliases stand for too much; expected at most ${maxAliases}. Write them out.`);
  }
}

function shapeProblems(issues: readonly z.core.$ZodIssue[], value: unknown): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        path: [...issue.path, key],
        text: "this key is not known; expected one of the keys of the schema (`lamsach schema`)",
        atKey: true,
      }));
    }
    const missing = isMissing(issue.path, value);
    const atKey = issue.code === "invalid_key";
    return [{ path: issue.path, text: describeIssue(issue, missing), ...(atKey ? { atKey } : {}) }];
  });
}

/** Offset of what a problem speaks of; of the nearest parent's key when it is missing. */
function findOffset(document: Document.Parsed, { path, atKey }: Problem): number {
  let node: Node | ParsedNode | null = document.contents;
  let offset = 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) return node.range?.[0] ?? offset;
    if (isMap(node)) {
      const pair: { key: unknown; value: unknown } | undefined = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (pair === undefined) return offset;
      const keyOffset = offsetOf(pair.key, offset);
      if (atKey && depth === path.length - 1) return keyOffset;
      offset = keyOffset;
      node = isNode(pair.value) ? pair.value : null;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = offsetOf(item, offset);
      node = item;
    } else return offset;
  }
  // A block map or list begins on the line below its key: the key is what a reader looks for.
  return isScalar(node) && node.source !== "" ? offsetOf(node, offset) : offset;
}

function offsetOf(node: unknown, otherwise: number): number {
  return isNode(node) ? (node.range?.[0] ?? otherwise) : otherwise;
}
