import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeVariants } from "./slow-variants.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "lamsach-slow-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeVariants(input, folder)", () => {
  const header = "record_id,full_name,citizen_id,address,note\n";
  const rows = 'R1,Lê Hà,079079364804,"12, Hai Bà Trưng",\nR2,,,x,"said ""no"""\n';

  async function writeRows(text: string): Promise<Record<string, { rows: string; changedRows: number }>> {
    const input = path.join(folder, "plain.csv");
    writeFileSync(input, header + text);
    const files = await writeVariants(input, folder);
    return Object.fromEntries(
      files.map(({ variant, file, changedRows }) => {
        const written = readFileSync(file, "utf8");
        expect(written.startsWith(header)).toBe(true);
        return [variant.name, { rows: written.slice(header.length), changedRows }];
      }),
    );
  }

  it.each([
    ["quoted", '"R1","Lê Hà","079079364804","12, Hai Bà Trưng",""\n"R2","","","x","said ""no"""\n'],
    ["decomposed", rows.normalize("NFD")],
    ["no-id", 'R1,Lê Hà,,"12, Hai Bà Trưng",\nR2,,,x,"said ""no"""\n'],
    ["stray-quote", 'R1,x"Lê Hà,079079364804,"12, Hai Bà Trưng",\nR2,x",,x,"said ""no"""\n'],
    ["open-quote", 'R1,"xLê Hà,079079364804,"12, Hai Bà Trưng",\nR2,"x,,x,"said ""no"""\n'],
    ["short", 'R1,Lê Hà,079079364804,"12, Hai Bà Trưng"\nR2,,,x\n'],
  ])("%s", async (name, expected) => {
    expect((await writeRows(rows))[name]).toEqual({ rows: expected, changedRows: 2 });
  });

  it("leaves rows that are broken already, or of several lines, as they are", async () => {
    const broken = 'R3,one cell\nR4,"a name\nof two lines",,,\nR5,x"y,,,\n\n';
    for (const written of Object.values(await writeRows(broken))) {
      expect(written).toEqual({ rows: broken, changedRows: 0 });
    }
  });

  it("puts a row together that two reads have parted", async () => {
    const many = rows.repeat(20_000);
    const { quoted, short } = await writeRows(many);
    expect([quoted?.changedRows, short?.changedRows]).toEqual([40_000, 40_000]);
    expect(short?.rows).toBe('R1,Lê Hà,079079364804,"12, Hai Bà Trưng"\nR2,,,x\n'.repeat(20_000));
  });
});
