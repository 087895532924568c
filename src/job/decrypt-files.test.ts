import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exitCodes, LamsachError } from "../errors.js";
import { type FileKey, writeKeyFile } from "../storage/file-key.js";
import { sealWhole } from "../storage/sealed-file.js";
import { decryptAll } from "./decrypt-files.js";
import { createLogger } from "./system-effects.js";

const contents: Readonly<Record<string, string>> = {
  "changes.csv": "scope,record_id\nrecord,R1\n",
  "cleaned/a.csv": "record_id,full_name\nR1,Người Mẫu\n",
  "cleaned/b.csv": "record_id,full_name\nR2,Người Khác\n",
};
const report = "code,doses\nC1,2\n";

const place = (): Parameters<typeof decryptAll>[1] => ({
  cwd: dir,
  env: {},
  now: () => new Date(Date.UTC(2023, 5, 13)),
  log: createLogger("silent", { write: () => {} }),
});

let dir: string;
let runDir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "lamsach-decrypt-"));
  runDir = path.join(dir, "2023-06-13-abc");
  writeRun(writeKeyFile(path.join(dir, "night.key")));
  writeKeyFile(path.join(dir, "other.key"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A sealed run as a night leaves it, but small. */
function writeRun(key: FileKey): void {
  for (const folder of ["cleaned", "report"]) mkdirSync(path.join(runDir, folder), { recursive: true });
  const sets = Object.entries(contents).map(([name, text]) => {
    const sealed = sealWhole(key, Buffer.from(text));
    writeFileSync(path.join(runDir, `${name}.sealed`), sealed);
    const content = { bytes: Buffer.byteLength(text), sha256: sha256(text) };
    return { path: `${name}.sealed`, bytes: sealed.length, rows: 1, sha256: sha256(sealed), content };
  });
  writeFileSync(path.join(runDir, "report/summary.csv"), report);
  const files = [
    ...sets,
    { path: "report/summary.csv", bytes: report.length, rows: 1, sha256: sha256(report) },
  ];
  const manifest = { format: 1, run: "2023-06-13-abc", sealed: { format: 1, keyId: key.id }, files };
  writeFileSync(path.join(runDir, "manifest.json"), JSON.stringify(manifest));
}

function decrypt(what = runDir, keyFile = "night.key"): string[] {
  return decryptAll({ what: [what], keyFile, out: "out" }, place());
}

function change(name: string, edit: (bytes: Buffer) => Uint8Array | string): void {
  const file = path.join(runDir, name);
  writeFileSync(file, edit(readFileSync(file)));
}

describe("decryptAll(job, place)", () => {
  it("writes a run as if it had never been sealed, for its owner alone", () => {
    const [target = ""] = decrypt();
    expect(target).toBe(path.join(dir, "out/2023-06-13-abc"));
    for (const [name, text] of Object.entries({ ...contents, "report/summary.csv": report })) {
      expect(readFileSync(path.join(target, name), "utf8")).toBe(text);
      expect(statSync(path.join(target, name)).mode & 0o7777).toBe(0o600);
    }
    const files = [...Object.entries(contents), ["report/summary.csv", report] as const];
    expect(JSON.parse(readFileSync(path.join(target, "manifest.json"), "utf8"))).toEqual({
      format: 1,
      run: "2023-06-13-abc",
      files: files.map(([name, text]) => ({
        path: name,
        bytes: Buffer.byteLength(text),
        rows: 1,
        sha256: sha256(text),
      })),
    });
    expect(readdirSync(path.join(dir, "out"))).toEqual(["2023-06-13-abc"]);
  });

  it("writes over nothing", () => {
    decrypt(path.join(runDir, "changes.csv.sealed"));
    writeFileSync(path.join(dir, "out/changes.csv"), "mine");
    expect(() => decrypt(path.join(runDir, "changes.csv.sealed"))).toThrow("this is there already");
    expect(readFileSync(path.join(dir, "out/changes.csv"), "utf8")).toBe("mine");
  });

  const edit = (from: string, to: string) => (bytes: Buffer) => bytes.toString().replace(from, to);
  const faults: readonly (readonly [name: string, spoil: () => void, exitCode: number])[] = [
    [
      "a set was changed",
      () => change("changes.csv.sealed", (bytes) => bytes.fill(bytes[60] === 1 ? 2 : 1, 60, 61)),
      exitCodes.input,
    ],
    [
      "a set was cut short",
      () => change("changes.csv.sealed", (bytes) => bytes.subarray(0, -20)),
      exitCodes.input,
    ],
    ["the report was changed", () => change("report/summary.csv", edit("2", "3")), exitCodes.input],
    [
      "one set stands in another's place",
      () =>
        copyFileSync(path.join(runDir, "cleaned/a.csv.sealed"), path.join(runDir, "cleaned/b.csv.sealed")),
      exitCodes.input,
    ],
    [
      "a file is listed above the run",
      () => change("manifest.json", edit('"changes', '"../changes')),
      exitCodes.input,
    ],
    [
      "a file is listed by a whole path",
      () => change("manifest.json", edit('"changes', '"/changes')),
      exitCodes.input,
    ],
    ["the manifest is none", () => change("manifest.json", () => "{}"), exitCodes.input],
    ["the run is not sealed", () => change("manifest.json", edit('"sealed"', '"open"')), exitCodes.usage],
  ];
  it.each(faults)("writes nothing when %s", (_name, spoil, exitCode) => {
    spoil();
    expect(() => decrypt()).toThrow(expect.objectContaining({ exitCode }));
    expect(readdirSync(path.join(dir, "out"))).toEqual([]);
  });

  it("writes nothing when a set is missing", () => {
    rmSync(path.join(runDir, "changes.csv.sealed"));
    expect(() => decrypt()).toThrow("ENOENT");
    expect(readdirSync(path.join(dir, "out"))).toEqual([]);
  });

  it("writes nothing with another key, with none, and of what is not sealed", () => {
    for (const attempt of [
      () => decrypt(runDir, "other.key"),
      () => decryptAll({ what: [runDir], keyFile: null, out: "out" }, place()),
      () => decrypt(path.join(runDir, "report/summary.csv")),
      () => decrypt(path.join(dir, "nothing.sealed")),
    ]) {
      expect(attempt).toThrow(LamsachError);
      expect(attempt).toThrow(expect.objectContaining({ exitCode: exitCodes.usage }));
    }
    expect(existsSync(path.join(dir, "out")) ? readdirSync(path.join(dir, "out")) : []).toEqual([]);
  });
});
