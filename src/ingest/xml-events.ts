/** What a reader of XML wants to know. Names come without their namespace prefix. */
export interface XmlHandler {
  /** `attributes` is the text between the name and the end of the tag; see `readAttribute`. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** Character data with its entities resolved; may come in pieces. */
  text(text: string): void;
}

/** A part of a workbook is no well-formed XML, or declares entities (which no spreadsheet program writes). */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

/** No tag, comment or piece of text is kept waiting for its end beyond this. */
const maxPendingCharacters = 1 << 24;

/** Reads XML as it arrives and tells the handler; keeps nothing but an unfinished tag. */
export class XmlReader {
  private pending = "";
  private depth = 0;

  constructor(private readonly handler: XmlHandler) {}

  write(chunk: string): void {
    const xml = this.pending + chunk;
    let at = 0;
    for (;;) {
      const tag = xml.indexOf("<", at);
      if (tag === -1) break;
      if (tag > at) this.readText(xml.slice(at, tag));
      at = tag;
      const end = this.readMarkup(xml, tag);
      if (end === -1) break;
      at = end;
    }
    this.pending = at === 0 ? xml : xml.slice(at);
    if (this.pending.length > maxPendingCharacters) throw new XmlError("no end of markup");
  }

  /** Throws XmlError when the document is cut short. */
  end(): void {
    if (this.depth !== 0 || this.pending.trim() !== "") throw new XmlError("document cut short");
  }

  /** Offset after the markup at `tag`, -1 when its end is still to come. */
  private readMarkup(xml: string, tag: number): number {
    if (xml.startsWith("<?", tag)) return after(xml, "?>", tag);
    if (xml.startsWith("<!", tag)) {
      if (xml.length - tag < 9) return -1;
      if (xml.startsWith("<!--", tag)) return after(xml, "-->", tag + 4);
      if (!xml.startsWith("<![CDATA[", tag)) throw new XmlError("a document type declaration");
      const end = after(xml, "]]>", tag);
      if (end !== -1) this.handler.text(xml.slice(tag + 9, end - 3));
      return end;
    }
    const end = tagEnd(xml, tag);
    if (end !== -1) this.readTag(xml.slice(tag + 1, end));
    return end === -1 ? -1 : end + 1;
  }

  private readTag(inner: string): void {
    if (inner.startsWith("/")) {
      this.depth--;
      if (this.depth < 0) throw new XmlError("a tag closed twice");
      this.handler.close(localName(inner.slice(1).trimEnd()));
      return;
    }
    const isEmpty = inner.endsWith("/");
    const body = isEmpty ? inner.slice(0, -1) : inner;
    const space = body.search(/\s/);
    const name = localName(space === -1 ? body : body.slice(0, space));
    this.handler.open(name, space === -1 ? "" : body.slice(space));
    if (isEmpty) this.handler.close(name);
    else this.depth++;
  }

  private readText(text: string): void {
    this.handler.text(text.includes("&") ? resolveEntities(text) : text);
  }
}

/** An attribute's value by its name without prefix, entities resolved; null when the tag has none. */
export function readAttribute(attributes: string, name: string): string | null {
  for (const [, key = "", double, single] of attributes.matchAll(
    /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
  )) {
    if (localName(key) === name) return resolveEntities(double ?? single ?? "");
  }
  return null;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function after(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  return at === -1 ? -1 : at + mark.length;
}

/** The `>` that ends a tag; one in an attribute's quotes does not. */
function tagEnd(xml: string, tag: number): number {
  let end = xml.indexOf(">", tag);
  while (end !== -1 && hasOpenQuote(xml, tag, end)) end = xml.indexOf(">", end + 1);
  return end;
}

function hasOpenQuote(xml: string, start: number, end: number): boolean {
  let open = 0;
  for (let i = start; i < end; i++) {
    const unit = xml.charCodeAt(i);
    if (open === 0 ? unit === 0x22 || unit === 0x27 : unit === open) open = open === 0 ? unit : 0;
  }
  return open !== 0;
}

const entities: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

function resolveEntities(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities.get(name) ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd";
  });
}
