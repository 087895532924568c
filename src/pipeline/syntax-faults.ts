import {
  type CST,
  type Document,
  isAlias,
  isCollection,
  isScalar,
  type LineCounter,
  type Node,
  visit,
  type YAMLError,
} from "yaml";

/** Why a text is no YAML, and where; `text` reads `<what is wrong>; expected <what>` and holds no value of the file. */
export interface SyntaxFault {
  readonly offset: number;
  readonly text: string;
}

/**
 * The faults in the syntax of a document, which was parsed from `source` with its source tokens kept. The parser says
 * where it noticed that a bracket or quote is open, which may be at the end of the file; this says which one it is, and
 * leaves out what is only said because of it. Of the faults of one line the first is told.
 */
export function findSyntaxFaults(
  document: Document.Parsed,
  source: string,
  lines: LineCounter,
): readonly SyntaxFault[] {
  const said = [
    ...[...document.errors, ...document.warnings].map(({ code, pos }) => ({ code, offset: pos[0] })),
    ...findUnknownAliases(document),
  ];
  if (said.length === 0) return [];
  const open = findOpenMarks(document, source, lines);
  const breaks = [
    ...open,
    ...(open.length === 0 ? findStrayCloser(said, source) : []),
    ...said.filter(({ code }) => code === "TAB_AS_INDENT").map(({ offset }) => tellTab(offset, offset)),
  ];
  const firstBreak = Math.min(...breaks.map(({ from }) => from));
  const toldLines = new Set<number>();
  const others = said.filter(({ code, offset }) => {
    if (standAlone.has(code)) return true;
    const { line } = lines.linePos(offset);
    if (offset >= firstBreak || toldLines.has(line)) return false;
    toldLines.add(line);
    return true;
  });
  return [...breaks, ...others.map(({ code, offset }) => ({ offset, text: describeFault(code) }))];
}

/** What makes the parser take the text after it for something else. */
interface Break extends SyntaxFault {
  /** Offset from which the parser's other words are not to be believed. */
  readonly from: number;
}

interface SaidFault {
  readonly code: YAMLError["code"];
  readonly offset: number;
}

/** The parser hears of these only when it makes values: `file: *api*` is an alias, not a glob. */
function findUnknownAliases(document: Document.Parsed): SaidFault[] {
  const anchors = new Set<string>();
  const faults: SaidFault[] = [];
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
      } else if (!anchors.has(node.source)) {
        faults.push({ code: "BAD_ALIAS", offset: node.range?.[0] ?? 0 });
      }
    },
  });
  return faults;
}

const closerOf: Readonly<Record<string, string>> = { "[": "]", "{": "}" };
const openerOf: Readonly<Record<string, string>> = { "]": "[", "}": "{" };
/** True whatever stands before them. */
const standAlone: ReadonlySet<string> = new Set(["BAD_ALIAS", "DUPLICATE_KEY", "TAG_RESOLVE_FAILED"]);

/** Brackets and quotes that nothing closes. A list whose end was taken by a quote or bracket within it is none. */
function findOpenMarks(document: Document.Parsed, source: string, lines: LineCounter): Break[] {
  const breaks = new Map<unknown, Break>();
  const endTaken = new Set<unknown>();
  visit(document, {
    Node(_key, node, ancestors) {
      const mark = readOpenMark(node);
      if (mark === null) return;
      const { offset, opener, closer, wrong } = mark;
      if (closer === opener || wrong !== null) for (const outer of ancestors) endTaken.add(outer);
      const tab = wrong === null ? findTabAfter(source, offset, node.range?.[1] ?? offset) : null;
      const text = describeMark(mark, lines);
      breaks.set(node, tab === null ? { offset, text, from: offset } : tellTab(tab, offset));
    },
  });
  return [...breaks].filter(([node]) => !endTaken.has(node)).map(([, found]) => found);
}

function tellTab(offset: number, from: number): Break {
  return { offset, text: "a tab is used to indent; expected spaces. Put spaces in its place", from };
}

interface OpenMark {
  readonly offset: number;
  readonly opener: string;
  readonly closer: string;
  /** The bracket of another kind that stands where `closer` should. */
  readonly wrong: CST.SourceToken | null;
}

function readOpenMark(node: Node): OpenMark | null {
  const token = node.srcToken;
  if (isCollection(node) && token?.type === "flow-collection") {
    const opener = token.start.source;
    const closer = closerOf[opener] ?? "";
    const end = token.end[0] ?? null;
    return end?.source === closer ? null : { offset: token.offset, opener, closer, wrong: end };
  }
  if (!isScalar(node) || !(token?.type === "double-quoted-scalar" || token?.type === "single-quoted-scalar"))
    return null;
  const quote = token.source[0] ?? "";
  const isClosed = token.source.length > 1 && token.source.endsWith(quote);
  return isClosed ? null : { offset: token.offset, opener: quote, closer: quote, wrong: null };
}

function describeMark({ opener, closer, wrong }: OpenMark, lines: LineCounter): string {
  if (wrong !== null) {
    const { line } = lines.linePos(wrong.offset);
    return (
      `this \`${opener}\` is followed by \`${wrong.source}\` in line ${line}; expected \`${closer}\` before it. ` +
      `Add the \`${closer}\`, or correct the other`
    );
  }
  const whole = opener === "[" ? "list" : opener === "{" ? "map" : "text";
  return (
    `this \`${opener}\` is not closed; expected \`${closer}\` at the end of the ${whole}. ` +
    "Add it; if it is there, indent the lines up to it further than the key"
  );
}

/** The tab that indents the line at which the parser took something for ended: a tab is no indentation to it. */
function findTabAfter(source: string, start: number, end: number): number | null {
  const at = end + (/^\r?\n/.exec(source.slice(end, end + 2))?.[0].length ?? 0);
  const lineStart = source.lastIndexOf("\n", at - 1) + 1;
  if (lineStart <= start || source.slice(lineStart, at).trim() !== "") return null;
  const [indent = ""] = /^[ \t]*/.exec(source.slice(lineStart)) ?? [];
  return indent.includes("\t") ? lineStart + indent.indexOf("\t") : null;
}

/** The first bracket that closes nothing: whatever follows it is taken for out of place too. */
function findStrayCloser(said: readonly SaidFault[], source: string): Break[] {
  const stray = said.find(({ code }) => code === "UNEXPECTED_TOKEN");
  const closer = source[stray?.offset ?? source.length] ?? "";
  const opener = openerOf[closer];
  if (stray === undefined || opener === undefined) return [];
  const text = `this \`${closer}\` closes nothing; expected \`${opener}\` before it. Remove the one, or add the other`;
  return [{ offset: stray.offset, text, from: stray.offset }];
}

// The library's own messages quote the text of the file; these do not.
const faultTexts: Partial<Record<YAMLError["code"], string>> = {
  BAD_INDENT:
    "the indentation does not fit the lines above; expected the columns of a list or map to line up",
  BLOCK_AS_IMPLICIT_KEY:
    "a key or list begins within a value; expected it in the column of those beside it, or the value in quotes",
  BLOCK_IN_FLOW: "a key or list begins within an entry; expected a comma before each entry",
  BAD_SCALAR_START: "a value cannot begin with this character; expected it in quotes",
  DUPLICATE_KEY: "this key stands twice in its map; expected each key once",
  MULTIPLE_DOCS: "a second document begins here; expected one document",
  TAG_RESOLVE_FAILED: "this tag is not known; expected plain values without tags",
  BAD_ALIAS:
    "this alias names no anchor; expected an anchor before it. A text that begins with `*` goes in quotes",
  MULTILINE_IMPLICIT_KEY:
    "a key goes over several lines; expected `key: value`, with a space after the colon",
  MISSING_CHAR: "a comma, colon, space or quote is missing here; expected well-formed YAML",
  UNEXPECTED_TOKEN: "this text does not belong here; expected well-formed YAML",
};

function describeFault(code: YAMLError["code"]): string {
  return faultTexts[code] ?? `this is no valid YAML (${code}); expected well-formed YAML`;
}
