import { describe, expect, it } from "vitest";
import { fingerprint, toCanonicalJson } from "./fingerprint.js";

describe("fingerprint(content)", () => {
  it("does not see the order of keys, but that of lists", () => {
    expect(fingerprint({ a: 1, b: { c: 2, d: [1, 2] } })).toBe(fingerprint({ b: { d: [1, 2], c: 2 }, a: 1 }));
    expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
  });

  it("is the SHA-256 of the canonical JSON", () => {
    expect(toCanonicalJson({ b: null, a: ["x", { d: true, c: 1 }] })).toBe(
      '{"a":["x",{"c":1,"d":true}],"b":null}',
    );
    expect(fingerprint({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  });
});
