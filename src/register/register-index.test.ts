import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashName } from "../identity/name-hash.js";
import { buildRegister } from "./build-register.js";
import { openRegister } from "./open-register.js";
import {
  findSlot,
  isSlotYearOnly,
  loadRegisterIndex,
  slotDay,
  slotFoldedHash,
  slotMarkedHash,
  slotNumber,
  slotSex,
  slotStatus,
} from "./register-index.js";

const header = "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code";
let directory: string;
let out: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "lamsach-index-"));
  out = join(directory, "population.db");
});
afterAll(() => rmSync(directory, { recursive: true }));

async function build(lines: readonly string[], placeCodes: ReadonlySet<string>): Promise<void> {
  const path = join(directory, "people.csv");
  writeFileSync(path, `${header}\n${lines.join("\n")}\n`);
  await buildRegister({ inputs: [path], out, placeCodes, force: true });
}

describe("findSlot(index, high6, low6)", () => {
  it("finds every number and no other", async () => {
    // Numbers from 000... to 999...: half in one dense block, half spread out, several with equal low 32 bits.
    const numbers = new Set<number>([
      0,
      999_999_999_999,
      1_085_000_000,
      1_085_000_000 + 2 ** 32,
      1_085_000_000 + 2 ** 33,
    ]);
    for (let n = 0; numbers.size < 20_000; n++) numbers.add(79_085_000_000 + n);
    for (let n = 1; numbers.size < 40_000; n++) numbers.add((n * 611_953_777) % 1_000_000_000_000);
    const places = new Set(Array.from({ length: 1000 }, (_, code) => String(code).padStart(3, "0")));
    await build(
      [...numbers].map((number) => `${String(number).padStart(12, "0")},LÊ LAN,1985,F,,active,,01`),
      places,
    );
    const index = loadRegisterIndex(out);
    const slots = new Map(
      [...numbers].map((number) => [number, findSlot(index, Math.floor(number / 1e6), number % 1e6)]),
    );
    expect(new Set(slots.values()).size).toBe(40_000);
    for (const [number, slot] of slots) {
      if (slot < 0 || slotNumber(index, slot) !== number) expect.unreachable(`lost ${number}`);
    }
    let absent = 0;
    for (let n = 0; absent < 100_000; n++) {
      // Neighbours of present numbers, numbers with the same low 32 bits, and numbers far away.
      const number = [
        79_085_000_000 - 1 - n,
        (1_085_000_000 + n + 2 ** 34) % 1e12,
        (n * 86_028_121 + 13) % 1e12,
      ][n % 3] as number;
      if (numbers.has(number)) continue;
      absent++;
      if (findSlot(index, Math.floor(number / 1e6), number % 1e6) !== -1)
        expect.unreachable(`invented ${number}`);
    }
  });

  it.each([1, 2, 5, 9])("works in a register of %i people", async (count) => {
    await build(
      Array.from({ length: count }, (_, n) => `00108500000${n},LÊ LAN,1985,F,,active,,01`),
      new Set(["001"]),
    );
    const index = loadRegisterIndex(out);
    const slots = Array.from({ length: 10 }, (_, n) => findSlot(index, 1_085, n));
    expect(slots.slice(0, count).sort()).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(slots.slice(count).every((slot) => slot === -1)).toBe(true);
  });

  it("tells numbers apart that share their low 32 bits and their bucket", async () => {
    const first = 1_085_000_001;
    const numbers = [first, first + 2 ** 32, first + 2 * 2 ** 32];
    await build(
      numbers.slice(0, 2).map((number) => `${String(number).padStart(12, "0")},LÊ LAN,1985,F,,active,,01`),
      new Set(["001", "005"]),
    );
    const index = loadRegisterIndex(out);
    expect(index.bucketBits).toBe(0);
    const slots = numbers.map((number) => findSlot(index, Math.floor(number / 1e6), number % 1e6));
    expect(slots.slice(0, 2).map((slot) => slotNumber(index, slot))).toEqual(numbers.slice(0, 2));
    expect(slots[2]).toBe(-1);
  });
});

describe("loadRegisterIndex(path)", () => {
  it("holds each person's day, sex, status and name, and travels to a worker without a copy", async () => {
    await build(
      [
        "001085000001,NGUYỄN VĂN HOÀ,1970-01-02,M,,active,,01",
        "001185000002,lê lan,1969,F,,deceased,,01",
        "001385000003,LÊ LAN,2199-12-31,Nữ,,cancelled,,01",
        "001085000004,LÊ LAN,1850-01-01,Nam,,replaced,001085000001,01",
      ],
      new Set(["001"]),
    );
    const index = loadRegisterIndex(out);
    const describeSlot = (high6: number, low6: number) => {
      const slot = findSlot(index, high6, low6);
      return [
        slotDay(index, slot),
        isSlotYearOnly(index, slot),
        slotSex(index, slot),
        slotStatus(index, slot),
      ];
    };
    expect(describeSlot(1_085, 1)).toEqual([1, false, 0, 0]);
    expect(describeSlot(1_185, 2)).toEqual([-365, true, 1, 1]);
    expect(describeSlot(1_385, 3)).toEqual([84_005, false, 1, 2]);
    expect(describeSlot(1_085, 4)).toEqual([-43_829, false, 0, 3]);

    const bytes = Buffer.from("Nguyễn Văn Hòa");
    const hash = { marked: 0, folded: 0, flags: 0 };
    hashName(bytes, 0, bytes.length, hash);
    const slot = findSlot(index, 1_085, 1);
    expect(slotMarkedHash(index, slot)).toBe(hash.marked | 0);
    expect(slotFoldedHash(index, slot)).toBe(hash.folded | 0);
    expect(slotMarkedHash(index, findSlot(index, 1_185, 2))).toBe(
      slotMarkedHash(index, findSlot(index, 1_385, 3)),
    );

    const worker = new Worker(
      "const { parentPort, workerData } = require('node:worker_threads'); workerData.words[0] = 42; parentPort.postMessage(workerData.people);",
      { eval: true, workerData: index },
    );
    expect(await new Promise((resolve) => worker.once("message", resolve))).toBe(4);
    expect(index.words[0]).toBe(42);
    await worker.terminate();
  });

  it("refuses an index with one flipped bit", async () => {
    await build(
      Array.from(
        { length: 500 },
        (_, n) => `001085000${String(n).padStart(3, "0")},LÊ LAN,1985,F,,active,,01`,
      ),
      new Set(["001"]),
    );
    const words = Buffer.from(loadRegisterIndex(out).words.buffer as SharedArrayBuffer);
    const bytes = readFileSync(out);
    // The last place: SQLite leaves an earlier one in the unused part of a page that was split.
    const at = bytes.lastIndexOf(words.subarray(64, 96));
    expect(at).toBeGreaterThan(0);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(out, bytes);
    expect(() => loadRegisterIndex(out)).toThrow("population.db: the register's index is damaged;");
  });
});

describe("openRegister(path)", () => {
  const lines = [
    "001085000001,NGUYỄN VĂN HOÀ,1970-01-02,M,012345678,active,,01",
    "001185000002,LÊ LAN,1969,F,012345678,active,,01",
    "001185000003,LÊ MAI,1969,F,12345678,active,,01",
    "001185000004,LÊ CÚC,1969,F,A123,active,,01",
  ];

  it("finds the people of a legacy number, shared ones too, and minds leading zeros", async () => {
    await build(lines, new Set(["001"]));
    const index = loadRegisterIndex(out);
    const reader = openRegister(out);
    const [hoa, lan, mai] = [
      findSlot(index, 1_085, 1),
      findSlot(index, 1_185, 2),
      findSlot(index, 1_185, 3),
    ] as [number, number, number];
    const found = reader.slotsByOldNumber(["012345678", "12345678", "987654321", "A123", "", "012345678"]);
    expect(found).toEqual(
      new Map([
        ["012345678", [hoa, lan].sort((a, b) => a - b)],
        ["12345678", [mai]],
      ]),
    );
    expect(reader.people([mai, hoa, mai, 99, -1]).size).toBe(2);
    expect(reader.people([mai]).get(mai)).toMatchObject({
      slot: mai,
      fullName: "LÊ MAI",
      birthDate: "1969",
      sex: "F",
      legacyId: "12345678",
    });
    reader.close();
  });

  it.each([
    "DELETE FROM people",
    "UPDATE people SET rest = x''",
    "UPDATE people SET names = x'', rest = x'41'",
  ])("refuses to read people after %s", async (damage) => {
    rmSync(out, { force: true });
    await build(lines, new Set(["001"]));
    change(out, damage);
    const reader = openRegister(out);
    const error = catchError(() => reader.people([0, 1, 2, 3]));
    reader.close();
    expect(error).toMatchObject({ name: "LamsachError", exitCode: 3 });
    expect(error.message).toContain("population.db: the register is damaged;");
  });

  it.each<[string, (path: string) => void, string]>([
    ["a missing file", (path) => rmSync(path), "population.db: there is no such file;"],
    ["an empty file", (path) => writeFileSync(path, ""), "population.db: this is no register;"],
    [
      "some other file",
      (path) => writeFileSync(path, "x".repeat(5000)),
      "population.db: this is no register;",
    ],
    ["another database", (path) => otherDatabase(path), "population.db: this is no register;"],
    [
      "a register cut short",
      (path) => writeFileSync(path, readFileSync(path).subarray(0, -4096)),
      "population.db: the register is cut short or grown;",
    ],
    [
      "another format",
      (path) => change(path, "PRAGMA user_version = 99"),
      "population.db: the register has format 99;",
    ],
    [
      "other name rules",
      (path) => change(path, "UPDATE meta SET value = 'x' WHERE key = 'name_rules'"),
      "population.db: the register was built with other name rules;",
    ],
    [
      "a damaged description",
      (path) => change(path, "UPDATE meta SET value = '{' WHERE key = 'info'"),
      "population.db: the register's description is damaged;",
    ],
    ["a zeroed page", (path) => zeroPages(path), "population.db: the register is damaged;"],
  ])("refuses %s with exit code 3", async (_name, damage, message) => {
    rmSync(out, { force: true });
    await build(lines, new Set(["001"]));
    damage(out);
    for (const open of [() => openRegister(out), () => loadRegisterIndex(out)]) {
      const error = catchError(open);
      expect(error.message.slice(0, message.length)).toBe(message);
      expect(error).toMatchObject({ name: "LamsachError", exitCode: 3 });
    }
  });

  function catchError(run: () => unknown): Error {
    try {
      run();
    } catch (error) {
      return error as Error;
    }
    return expect.unreachable();
  }

  function otherDatabase(path: string): void {
    rmSync(path);
    const database = new Database(path);
    database.exec("CREATE TABLE person (id INTEGER)");
    database.close();
  }

  function change(path: string, sql: string): void {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  }

  function zeroPages(path: string): void {
    const bytes = readFileSync(path);
    bytes.fill(0, 4096);
    writeFileSync(path, bytes);
  }
});
