import { describe, expect, it } from "vitest";
import { packZip } from "../sample/zip-file.js";
import { stopZipClock } from "./zip-clock.js";

describe("stopZipClock(archive)", () => {
  it("sets the time of every entry, in its header and in the directory, and changes nothing else", () => {
    const still = packZip([
      ["a.xml", Buffer.from("one")],
      ["b.xml", Buffer.from("two")],
    ]);
    const ticking = Buffer.from(still);
    const directory = ticking.readUInt32LE(ticking.length - 6);
    for (const at of [10, directory + 12]) ticking.writeUInt32LE(0x57_4d_12_34, at);
    stopZipClock(ticking);
    expect(ticking.equals(still)).toBe(true);
  });

  it.each([Buffer.alloc(0), Buffer.from("PK".repeat(40)), Buffer.alloc(100)])(
    "refuses what is none",
    (bytes) => {
      expect(() => stopZipClock(bytes)).toThrow("no plain zip archive");
    },
  );
});
