import { describe, expect, it } from "vitest";
import { decodeAdditions, encodeAdditions } from "./additions.js";

describe("decodeAdditions(file)", () => {
  const additions = { records: Uint32Array.of(3, 7, 70_000), bits: Uint8Array.of(12, 0, 63) };

  it("gives what was encoded", () => {
    expect(decodeAdditions(encodeAdditions(additions))).toEqual(additions);
    const none = { records: new Uint32Array(0), bits: new Uint8Array(0) };
    expect(decodeAdditions(encodeAdditions(none))).toEqual(none);
  });

  it("reads a Buffer from a pool, whose memory holds other things too", () => {
    const pooled = Buffer.concat([Buffer.from("before"), encodeAdditions(additions)]).subarray(6);
    expect(decodeAdditions(pooled)).toEqual(additions);
  });

  it("is null when the bytes are not whole", () => {
    expect(decodeAdditions(encodeAdditions(additions).subarray(1))).toBeNull();
  });
});
