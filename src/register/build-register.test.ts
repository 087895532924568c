import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes } from "../errors.js";
import { type BuildOptions, buildRegister } from "./build-register.js";
import { openRegister } from "./open-register.js";
import type { RegisterColumn } from "./register-csv.js";
import { registerColumns } from "./register-csv.js";
import { findSlot, loadRegisterIndex } from "./register-index.js";

type Row = Partial<Record<RegisterColumn, string>>;

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lamsach-register-"));
  out = join(directory, "population.db");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const placeCodes = new Set(["001", "079"]);

function person(serial: number, change: Row = {}): Row {
  return {
    citizen_id: `001085${String(serial).padStart(6, "0")}`,
    full_name: serial % 2 === 0 ? "NGUYỄN VĂN HÙNG" : "TRẦN THỊ HOÀ",
    birth_date: serial % 7 === 0 ? "1985" : "1985-03-04",
    sex: serial % 2 === 0 ? "M" : "F",
    legacy_id: serial % 3 === 0 ? String(serial).padStart(9, "0") : "",
    status: "active",
    province_code: serial % 5 === 0 ? "79" : "01",
    ...change,
  };
}

function people(count: number): Row[] {
  return Array.from({ length: count }, (_, serial) => person(serial));
}

function writeCsv(file: string, rows: readonly Row[], columns: readonly string[] = registerColumns): string {
  const lines = rows.map((row) => columns.map((column) => row[column as RegisterColumn] ?? "").join(","));
  const path = join(directory, file);
  const text = [columns.join(","), ...lines, ""].join("\n");
  writeFileSync(path, file.endsWith(".gz") ? gzipSync(text) : text);
  return path;
}

function build(rows: readonly Row[], options: Partial<BuildOptions> = {}) {
  return buildRegister({ inputs: [writeCsv("people.csv", rows)], out, placeCodes, ...options });
}

function indexBytes(path: string): string {
  const { words, directory: buckets } = loadRegisterIndex(path);
  return (
    Buffer.from(words.buffer as SharedArrayBuffer).toString("hex") +
    Buffer.from(buckets.buffer as SharedArrayBuffer).toString("hex")
  );
}

describe("buildRegister(options)", () => {
  it("describes the people it holds, privately", async () => {
    const info = await build([
      ...people(70),
      person(100, { status: "deceased" }),
      person(101, { status: "cancelled", province_code: "" }),
      person(102, { status: "replaced", replaced_by: "001085000000" }),
    ]);
    expect(info).toMatchObject({
      people: 73,
      statuses: { active: 70, deceased: 1, cancelled: 1, replaced: 1 },
      yearOnly: 10,
      withLegacyId: 25,
      chains: { followed: 1, loops: 0, openEnds: 0, longest: 1 },
      leftOut: 0,
      byProvince: { "": 1, "01": 57, "79": 15 },
      builtFrom: [{ file: "people.csv", rows: 73 }],
    });
    expect(info.version).toMatch(/^[0-9a-f]{64}$/);
    expect(openRegister(out).info()).toEqual(info);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).sort()).toEqual([".population.db.lock", "people.csv", "population.db"]);
  });

  it("gives the same version and index for the same people in any order and split", async () => {
    const rows = people(3000);
    const first = await build(rows);
    const index = indexBytes(out);
    const turned = [...rows].reverse();
    const second = await buildRegister({
      inputs: [
        writeCsv("b.csv.gz", turned.slice(0, 1000), [...registerColumns].reverse()),
        writeCsv("a.csv", turned.slice(1000)),
      ],
      out,
      placeCodes,
    });
    expect(second.version).toBe(first.version);
    expect(indexBytes(out)).toBe(index);
    expect(second.builtFrom).toEqual([
      { file: "a.csv", rows: 2000 },
      { file: "b.csv.gz", rows: 1000 },
    ]);
  });

  it("makes the same file, byte for byte, from the same rows in another order", async () => {
    const rows = [
      ...people(2000),
      ...people(2000).map((_, n) =>
        person(5000 + n, { status: "replaced", replaced_by: `00108500${1000 + (n % 7)}` }),
      ),
    ];
    await build(rows);
    const bytes = readFileSync(out);
    await build([...rows].reverse());
    expect(readFileSync(out).equals(bytes)).toBe(true);
  });

  it.each<[string, Row]>([
    ["name", { full_name: "NGUYỄN VĂN HƯNG" }],
    ["birth date", { birth_date: "1985-03-05" }],
    ["sex", { sex: "F" }],
    ["status", { status: "deceased" }],
    ["legacy number", { legacy_id: "012345679" }],
    ["ward", { ward_code: "00001" }],
  ])("gives another version when one person has another %s", async (_name, change) => {
    const first = await build([person(0), person(2)]);
    const second = await build([person(0), person(2, change)]);
    expect(second.version).not.toBe(first.version);
  });

  it("reads a BOM, CRLF, quotes, blank lines, header variants and compact dates", async () => {
    const path = join(directory, "people.csv");
    writeFileSync(
      path,
      '\ufeffSex,Full Name,CITIZEN_ID,birth_date,legacy_id,status,replaced_by,province_code,other\r\n\r\nM,"NGUYỄN ""TÍ"", VĂN",001085000001,19850304,,Active,,01,x\r\n',
    );
    await buildRegister({ inputs: [path], out, placeCodes });
    const reader = openRegister(out);
    expect([...reader.people([0]).values()]).toEqual([
      {
        slot: 0,
        citizenId: "001085000001",
        fullName: 'NGUYỄN "TÍ", VĂN',
        birthDate: "1985-03-04",
        sex: "M",
        legacyId: null,
        status: "active",
        replacedBy: null,
        liveSlot: 0,
        provinceCode: "01",
        districtCode: null,
        wardCode: null,
      },
    ]);
    reader.close();
  });

  it("gives each replaced person the live person at the end of their chain", async () => {
    const chain = (from: number, to: number): Row =>
      person(from, { status: "replaced", replaced_by: person(to).citizen_id ?? "" });
    const longChain = Array.from({ length: 500 }, (_, n) => chain(2000 + n, 2001 + n));
    const info = await build([
      person(1),
      person(2, { status: "deceased" }),
      person(3, { status: "cancelled" }),
      chain(11, 1),
      chain(12, 11),
      chain(13, 2),
      chain(14, 3),
      chain(15, 999_999),
      chain(16, 17),
      chain(17, 16),
      chain(18, 18),
      chain(19, 16),
      ...longChain,
      person(2500),
    ]);
    expect(info.chains).toEqual({ followed: 503, loops: 4, openEnds: 2, longest: 500 });
    const index = loadRegisterIndex(out);
    const reader = openRegister(out);
    const slotOf = (serial: number): number => findSlot(index, 1_085, serial);
    const liveOf = (serial: number): number | null | undefined =>
      reader.people([slotOf(serial)]).get(slotOf(serial))?.liveSlot;
    expect([1, 2, 11, 12, 13, 2000].map(liveOf)).toEqual([1, 2, 1, 1, 2, 2500].map(slotOf));
    expect([3, 14, 15, 16, 17, 18, 19].map(liveOf)).toEqual([null, null, null, null, null, null, null]);
    const slots = Array.from({ length: info.people }, (_, slot) => slot);
    const replaced = [...reader.people(slots).values()].filter(({ status }) => status === "replaced");
    expect(replaced).toHaveLength(509);
    expect(reader.liveSlots(replaced.map(({ slot }) => slot))).toEqual(
      new Map(replaced.map(({ slot, liveSlot }) => [slot, liveSlot])),
    );
    reader.close();
  });

  it("gives every person back as delivered, wherever they are in a block", async () => {
    const rows = people(2003).map((row, n) => ({
      ...row,
      ...(n % 11 === 0 ? { district_code: "273", ward_code: "09556" } : {}),
      ...(n % 13 === 0 ? { legacy_id: "A1", province_code: "Hà Nội" } : {}),
      ...(n % 17 === 0 ? { status: "replaced", replaced_by: "001085000001" } : {}),
    }));
    await build(rows);
    const index = loadRegisterIndex(out);
    const reader = openRegister(out);
    const slots = rows.map((_, n) => findSlot(index, 1_085, n));
    const found = reader.people(slots);
    const names = reader.fullNames([...slots, -1, 2003]);
    expect(names.size).toBe(2003);
    for (const [n, row] of rows.entries()) {
      const slot = slots[n] as number;
      const live = row.status === "replaced" ? slots[1] : slot;
      expect(names.get(slot)).toBe(row.full_name);
      expect(found.get(slot)).toEqual({
        slot,
        citizenId: row.citizen_id,
        fullName: row.full_name,
        birthDate: row.birth_date,
        sex: row.sex,
        legacyId: row.legacy_id || null,
        status: row.status,
        replacedBy: (row as Row).replaced_by || null,
        liveSlot: live,
        provinceCode: row.province_code,
        districtCode: (row as Row).district_code || null,
        wardCode: (row as Row).ward_code || null,
      });
    }
    reader.close();
  });

  it("leaves impossible rows out while they are few", async () => {
    const info = await build([...people(999), person(5000, { birth_date: "1985-02-30" })]);
    expect(info).toMatchObject({ people: 999, leftOut: 1, builtFrom: [{ file: "people.csv", rows: 1000 }] });
    expect(findSlot(loadRegisterIndex(out), 1_085, 5000)).toBe(-1);
  });

  it("reports the rows read", async () => {
    const seen: number[] = [];
    await build(people(5000), { shardBytes: 100_000, onProgress: (rows) => seen.push(rows) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(5000);
  });

  it.each([1, 7, 60, 1000, 5000])("makes the same file from shards of %i bytes", async (shardBytes) => {
    const rows = people(60).map((row, n) =>
      n % 4 === 0 ? { ...row, ward_code: '"00001"', sex: '"Nam"' } : row,
    );
    const path = writeCsv("people.csv", rows, [...registerColumns, "other"]);
    const text = readFileSync(path, "utf8").replaceAll(/,$/gm, ',"a\r\n""b""\n001085000000,c"');
    writeFileSync(path, text.replaceAll(/^(00108500001\d.*),"a/gm, '\n\r$1,"a'));
    await buildRegister({ inputs: [path], out, placeCodes });
    const bytes = readFileSync(out);
    await buildRegister({ inputs: [path], out, placeCodes, shardBytes });
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(openRegister(out).info().people).toBe(60);
  });
});

describe("buildRegister(options), when the input is poisoned", () => {
  const good = people(200);

  async function refusal(options: BuildOptions): Promise<{ exitCode: number; message: string }> {
    const bytes = existsSync(out) ? readFileSync(out) : undefined;
    const error = await buildRegister(options).then(
      () => undefined,
      (reason) => reason,
    );
    if (bytes) expect(readFileSync(out).equals(bytes)).toBe(true);
    else expect(existsSync(out)).toBe(false);
    expect(readdirSync(directory).filter((name) => /building|spool/.test(name))).toEqual([]);
    expect(error?.name).toBe("LamsachError");
    return error;
  }

  it.each<[string, Row[], readonly string[], string]>([
    ["no rows", [], registerColumns, "people.csv: no rows; expected one row per person."],
    [
      "missing columns",
      good,
      ["citizen_id", "full_name", "birth_date", "sex"],
      "people.csv:1: no column legacy_id, status, replaced_by, province_code;",
    ],
    ["a column twice", good, [...registerColumns, "sex"], "people.csv:1: column sex occurs more than once;"],
    [
      "a number twice",
      [...good, person(7), person(7, { full_name: "LÊ LAN" })],
      registerColumns,
      "people.csv: 2 rows repeat a citizen_id of an earlier row (people.csv:202, people.csv:203);",
    ],
    [
      "too many impossible rows",
      [
        person(1, { sex: "?" }),
        ...people(2).map((row) => ({ ...row, birth_date: "2021-13-01" })),
        ...good.slice(2),
      ],
      registerColumns,
      "people.csv: 3 of 201 rows are impossible (impossible birth_date: 2, people.csv:3, people.csv:4; sex is not in the coding: 1, people.csv:2);",
    ],
    [
      "rows of another width",
      good.map((row, n) => (n < 5 ? { ...row, full_name: "LÊ, LAN" } : row)),
      registerColumns,
      "people.csv: 5 of 200 rows are impossible (another number of cells than the header: 5, people.csv:2,",
    ],
  ])("refuses %s", async (name, rows, columns, message) => {
    await build(people(180));
    const error = await refusal({ inputs: [writeCsv("people.csv", rows, columns)], out, placeCodes });
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error.exitCode).toBe(name.includes("column") ? exitCodes.input : exitCodes.withheld);
    expect(error.message).not.toMatch(/\d{12}|HÙNG|LAN|2021-13/);
  });

  it("counts physical lines, over quoted line breaks and blank lines", async () => {
    const path = join(directory, "people.csv");
    const cells = ["079085000001", '"NGUYỄN\nLAN"', "1985", "F", "", "active", "", "79", "", ""].join(",");
    writeFileSync(path, `${registerColumns.join(",")}\n\n${cells}\n${cells}\n`);
    const error = await refusal({ inputs: [path], out, placeCodes });
    expect(error.message).toContain("people.csv:3, people.csv:5");
  });

  it.each([1, 30, 400, 1 << 20])("names the same lines from shards of %i bytes", async (shardBytes) => {
    const rows = good.map((row) => Object.values({ ...row, replaced_by: "" }).join(","));
    const odd = ['001085000001,"LÊ\nLAN"', '""', '001085000001,"a\n\n""b"', "  ,", " ", ""];
    const path = join(directory, "people.csv");
    const header = "citizen_id,full_name,birth_date,sex,legacy_id,status,province_code,replaced_by";
    const lines = [header, ...rows.slice(0, 40), ...odd, ...rows.slice(40), rows[8], `${rows[3]},x`];
    writeFileSync(path, lines.join("\r\n"));
    const options = { inputs: [path], out, placeCodes, shardBytes };
    expect((await refusal(options)).message).toContain(
      "5 of 206 rows are impossible (another number of cells than the header: 5, people.csv:42, people.csv:45, people.csv:48, people.csv:49, people.csv:212)",
    );
    expect((await refusal({ ...options, maxImpossibleShare: 1 })).message).toContain(
      "1 rows repeat a citizen_id of an earlier row (people.csv:211)",
    );
    writeFileSync(path, `${lines.join("\r\n")}\r\n001085000999,LÊ "LAN"`);
    expect((await refusal(options)).message).toContain("people.csv:213: a quote opens inside a cell;");
  });

  it("says which file when there are several", async () => {
    const inputs = [writeCsv("a.csv", good), writeCsv("b.csv", good.slice(3, 5))];
    expect((await refusal({ inputs, out, placeCodes })).message).toContain(
      "2 rows repeat a citizen_id of an earlier row (b.csv:2, b.csv:3)",
    );
  });

  it.each([
    [189, false],
    [190, true],
    [300, true],
    [301, false],
  ])("after 200 people, %i people are taken: %s", async (count, isTaken) => {
    await build(good);
    const inputs = [writeCsv("next.csv", people(count))];
    if (isTaken) {
      expect((await buildRegister({ inputs, out, placeCodes })).people).toBe(count);
    } else {
      const error = await refusal({ inputs, out, placeCodes });
      expect(error.exitCode).toBe(1);
      expect(error.message).toContain(`the new register holds ${count} people, the last good one 200;`);
      expect((await buildRegister({ inputs, out, placeCodes, force: true })).people).toBe(count);
    }
  });
});

describe("buildRegister(options), when something cannot be read or written", () => {
  async function failure(options: Partial<BuildOptions>): Promise<{ exitCode: number; message: string }> {
    return buildRegister({ inputs: [writeCsv("people.csv", people(10))], out, placeCodes, ...options }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
  }

  it.each<[string, string | Buffer, string]>([
    ["an unclosed quote", `${registerColumns.join(",")}\n001085000001,"LÊ LAN,1985\n`, "bad.csv:"],
    [
      "a quote inside a cell",
      `${registerColumns.join(",")}\n001085000001,LÊ "LAN",1985\n`,
      "bad.csv:2: a quote opens inside a cell;",
    ],
    ["damaged gzip data", "not gzip at all", "bad.csv.gz: the gzip data is damaged;"],
    [
      "gzip data cut short",
      gzipSync("citizen_id,full_name\n".repeat(50)).subarray(0, 30),
      "bad.csv.gz: the gzip data ends too early;",
    ],
  ])("refuses %s with exit code 3", async (_name, content, message) => {
    const path = join(directory, message.startsWith("bad.csv.gz") ? "bad.csv.gz" : "bad.csv");
    writeFileSync(path, content);
    const error = await failure({ inputs: [path] });
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error.exitCode).toBe(3);
    expect(error.message).not.toMatch(/\d{12}|LAN/);
    expect(existsSync(out)).toBe(false);
  });

  it("refuses a missing input, no input, and a folder as an input", async () => {
    expect(await failure({ inputs: [join(directory, "absent.csv")] })).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("absent.csv: the file does not exist"),
    });
    expect(await failure({ inputs: [directory] })).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("this is a directory"),
    });
    expect(await failure({ inputs: [] })).toMatchObject({ exitCode: 2 });
    expect(await failure({ maxImpossibleShare: Number.NaN })).toMatchObject({ exitCode: 2 });
  });

  it("never writes over a file that is no register, a link or a folder", async () => {
    writeFileSync(out, "somebody's notes");
    expect(await failure({})).toMatchObject({ exitCode: 2 });
    expect(readFileSync(out, "utf8")).toBe("somebody's notes");
    symlinkSync(out, join(directory, "link.db"));
    expect(await failure({ out: join(directory, "link.db"), force: true })).toMatchObject({ exitCode: 2 });
    mkdirSync(join(directory, "folder.db"));
    expect(await failure({ out: join(directory, "folder.db") })).toMatchObject({ exitCode: 2 });
    expect(await failure({ out: join(directory, "absent", "population.db") })).toMatchObject({ exitCode: 4 });
  });

  it("replaces a register that was cut short", async () => {
    const info = await build(people(300));
    writeFileSync(out, readFileSync(out).subarray(0, 8192), { mode: 0o600 });
    expect(await build(people(300))).toEqual(info);
  });

  it("lets only one build at a time work on a register", async () => {
    const inputs = [writeCsv("people.csv", people(5000))];
    const outcomes = await Promise.allSettled([
      buildRegister({ inputs, out, placeCodes }),
      buildRegister({ inputs, out, placeCodes }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(outcomes[1]).toMatchObject({ reason: { exitCode: 5 } });
  });

  it("keeps the old register when the build is killed, and builds again afterwards", async () => {
    await build(people(20_000));
    const bytes = readFileSync(out);
    const killed = await runBuild("onProgress: () => process.kill(process.pid, 'SIGKILL')");
    expect(killed.signal).toBe("SIGKILL");
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(existsSync(join(directory, ".population.db.building"))).toBe(true);
    expect((await build(people(20_001))).people).toBe(20_001);
    expect(existsSync(join(directory, ".population.db.building"))).toBe(false);
  });

  it("keeps the old register when there is no room for the new one", async () => {
    await build(people(20_000));
    const bytes = readFileSync(out);
    const { stdout } = await runBuild("", "ulimit -f 256;");
    expect(stdout).toContain("LamsachError 4");
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(existsSync(join(directory, ".population.db.building"))).toBe(false);
  });

  it("makes the same file with threads, and says the same of a bad one", async () => {
    await build(people(9000));
    const bytes = readFileSync(out);
    const threaded = "workers: 2, shardBytes: 20_000, force: true";
    rmSync(out);
    expect((await runBuild(threaded)).stdout).toBe("built\n");
    expect(readFileSync(out).equals(bytes)).toBe(true);
    writeCsv("people.csv", [...people(9000), person(4), person(5)]);
    expect((await runBuild(threaded)).stdout).toContain(
      "LamsachError 1 people.csv: 2 rows repeat a citizen_id of an earlier row (people.csv:9002, people.csv:9003)",
    );
    expect((await runBuild(threaded, "ulimit -f 256;")).stdout).toContain(`LamsachError 4 ${out}: `);
  });

  /** Builds people.csv again in a process of its own, with what `npm run build` made, started by the shell after `before`. */
  function runBuild(option: string, before = ""): Promise<{ signal: string | null; stdout: string }> {
    const root = join(import.meta.dirname, "..", "..");
    const script = join(directory, "build.mjs");
    writeFileSync(
      script,
      `import { buildRegister } from ${JSON.stringify(join(root, "dist", "register", "build-register.js"))};
       await buildRegister({ inputs: [${JSON.stringify(join(directory, "people.csv"))}], out: ${JSON.stringify(out)}, placeCodes: new Set(["001"]), ${option} })
         .then(() => console.log("built"), (error) => console.log(error.name, error.exitCode, error.message));`,
    );
    chmodSync(script, 0o600);
    return new Promise((resolve) => {
      execFile(
        "sh",
        ["-c", `${before} exec "$0" "$1"`, process.execPath, script],
        { cwd: root },
        (error, stdout) => resolve({ signal: error?.signal ?? null, stdout }),
      );
    });
  }
});
