import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import iconv from "iconv-lite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transcodeFile } from "./transcode.js";

/** Bytes that a file stream gives at once: what is written across its end comes in two pieces. */
const chunkBytes = 65_536;

describe("transcodeFile(source, target, encoding, from)", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), "transcode-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  async function transcode(bytes: Buffer, encoding: string, from = 0): Promise<Buffer> {
    writeFileSync(path.join(dir, "in"), bytes);
    await transcodeFile(path.join(dir, "in"), path.join(dir, "out"), encoding, from);
    return readFileSync(path.join(dir, "out"));
  }

  it.each(["utf-16le", "utf-16be"])("keeps pairs whole across pieces of %s", async (encoding) => {
    for (let shift = 0; shift < 6; shift++) {
      const text = `${"x".repeat(chunkBytes / 2 - shift)}😀ễ😀đ\ufffd\n`;
      const bytes = Buffer.from(`${shift % 2 === 1 ? "!" : ""}${text}`, "utf16le");
      const written = await transcode(encoding === "utf-16be" ? bytes.swap16() : bytes, encoding);
      expect(written.toString().endsWith(text)).toBe(true);
    }
  });

  it("keeps units whole when it begins at an odd byte", async () => {
    const text = "ệ".repeat(chunkBytes);
    const bytes = Buffer.concat([Buffer.of(0), Buffer.from(text, "utf16le")]);
    expect((await transcode(bytes, "utf-16le", 1)).toString()).toBe(text);
  });

  it.each([
    ["a high half alone", "d83d0041", "ff41"],
    ["a low half alone", "de000041", "ff41"],
    ["halves in the wrong order", "de00d83d0041", "ffff41"],
    ["a high half at the end", "0041d83d", "41ff"],
    ["half a unit at the end", "004100", "41ff"],
    ["two high halves", "d83dd83dde00", "fff09f9880"],
  ])("writes one byte 0xFF for %s", async (_what, from, to) => {
    expect((await transcode(Buffer.from(from, "hex"), "utf-16be")).toString("hex")).toBe(to);
  });

  it("composes letters and marks across pieces of windows-1258", async () => {
    // ệ is ê and a mark of its own in windows-1258.
    for (let shift = 0; shift < 4; shift++) {
      const written = await transcode(
        Buffer.concat([Buffer.alloc(chunkBytes - shift, "x"), Buffer.from("eaf2eaf20a", "hex")]),
        "windows-1258",
      );
      expect(written.toString().slice(-4)).toBe("xệệ\n");
    }
  });

  it("writes one byte 0xFF for what an encoding does not have", async () => {
    const bytes = iconv.encode("Nguyễn", "viscii");
    expect((await transcode(bytes, "viscii")).toString()).toBe("Nguyễn");
    expect(await transcode(Buffer.from([0x41, 0xff, 0x42]), "ascii")).toEqual(
      Buffer.from([0x41, 0xff, 0x42]),
    );
  });
});
