import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAttribute, XmlError, XmlReader } from "./xml-events.js";

function read(chunks: readonly string[]): string {
  const seen: string[] = [];
  const text: string[] = [];
  const flush = (): void => {
    if (text.length > 0) seen.push(JSON.stringify(text.splice(0).join("")));
  };
  const reader = new XmlReader({
    open(name, attributes) {
      flush();
      seen.push(`<${name}${attributes.trim() === "" ? "" : ` ${readAttribute(attributes, "r")}`}>`);
    },
    close(name) {
      flush();
      seen.push(`</${name}>`);
    },
    text: (piece) => text.push(piece),
  });
  for (const chunk of chunks) reader.write(chunk);
  reader.end();
  return seen.join("");
}

describe("XmlReader", () => {
  const document =
    '<?xml version="1.0"?><!-- <x> --><x:a x:r="1>2" s=\'q"\'>t&amp;u&#10;&#x1EC5;<b/><c r="&lt;"/><![CDATA[<&]]>\n</x:a>\n';

  it("tells tags, attributes and text", () => {
    expect(read([document])).toBe('<a 1>2>"t&u\\nễ"<b></b><c <></c>"<&\\n"</a>');
  });

  it("tells the same wherever the document is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(document.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), document.length];
        const chunks = at.slice(1).map((end, i) => document.slice(at[i], end));
        expect(read(chunks)).toBe(read([document]));
      }),
    );
  });

  it.each(["<a>", "<a><b></a", "</a>", '<!DOCTYPE a [<!ENTITY x "y">]><a/>', "<a/>text"])(
    "refuses %j",
    (text) => {
      expect(() => read([text])).toThrow(XmlError);
    },
  );
});
