import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PartitionSpool } from "./partition-spool.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "lamsach-spool-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("PartitionSpool", () => {
  it("gives each partition's bytes back in the order of writing, on disk or in memory", () => {
    const write = fc.record({ partition: fc.nat(3), text: fc.string({ minLength: 1, maxLength: 9000 }) });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 60 }), (writes) => {
        const spool = new PartitionSpool({ directory, partitions: 4, blockBytes: 8192 });
        const expected = ["", "", "", ""];
        for (const { partition, text } of writes) {
          const bytes = Buffer.from(text);
          spool.append(partition, bytes, bytes.length);
          expected[partition] += text;
        }
        expect(expected.map((_, partition) => spool.take(partition).toString())).toEqual(expected);
        spool.close();
      }),
      { numRuns: 60 },
    );
  });

  it("leaves no name in the folder while it holds data on disk", () => {
    const spool = new PartitionSpool({ directory, partitions: 1, blockBytes: 4096 });
    const bytes = Buffer.alloc(1000, 7);
    for (let n = 0; n < 100; n++) spool.append(0, bytes, 1000);
    expect(readdirSync(directory)).toEqual([]);
    expect(spool.take(0).equals(Buffer.alloc(100_000, 7))).toBe(true);
    spool.close();
  });
});
