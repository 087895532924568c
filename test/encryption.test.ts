import { createHmac, hkdfSync } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { checkRun } from "./checker/check-run.js";
import { type CommandResult, expectCode, runLamsach, startLamsach } from "./support/command-line.js";
import { openGates, writePipeline } from "./support/pipeline-file.js";
import { makeSample, readOutcome, sampleRun, shippedPolicy } from "./support/sample.js";
import { readCsv } from "./support/set-rows.js";
import { hashTree, listTree } from "./support/tree-hash.js";
import { useWorkFolder } from "./support/work-folder.js";

const work = useWorkFolder();
const key = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 41 + 3) & 0xff));
const results: CommandResult[] = [];
let plainDir = "";
let sealedDir = "";

async function lamsach(code: number, ...args: readonly string[]): Promise<CommandResult> {
  const result = await runLamsach(["--log-level", "debug", ...args], { cwd: work });
  results.push(result);
  return expectCode(result, code);
}

async function runSample(out: string, ...more: readonly string[]): Promise<string> {
  return readOutcome(await lamsach(0, ...sampleRun(out, "--json", ...more))).dir;
}

beforeAll(async () => {
  await makeSample(work, { people: 60 });
  writeFileSync(path.join(work, "night.key"), `${key.toString("hex")}\n`, { mode: 0o600 });
  await lamsach(0, "key", "new", "other.key");
  const build = ["register", "build", "sample/population.csv", "--out", "population.db.sealed"];
  await lamsach(0, ...build, "--encrypt", "--key-file", "night.key");
  plainDir = await runSample("plain");
  sealedDir = await runSample("sealed", ...sealing, "--workers", "2", "--shard-size", "4KB");
});

const sealing = ["--register", "population.db.sealed", "--encrypt", "--key-file", "night.key"];

/** What no file may hold: numbers and names of the register, and rows that cannot be read. */
function listCanaries(): string[] {
  const people = readCsv(path.join(work, "sample/population.csv"));
  const texts = people.flatMap(({ citizen_id, full_name, legacy_id }) => [citizen_id, full_name, legacy_id]);
  return [...new Set(texts.filter((text) => text !== undefined && text.length > 8))] as string[];
}

/** Files below a folder that hold one of the texts, in UTF-8 or UTF-16. */
function findHolders(folder: string, texts: readonly string[]): string[] {
  const wanted = texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, "utf16le")]);
  return listTree(folder).filter((file) => {
    const bytes = readFileSync(path.join(folder, file));
    return wanted.some((text) => bytes.includes(text));
  });
}

/** The key as bytes, and in each form that somebody could have written it. */
function listKeyForms(): Buffer[] {
  const texts = [key.toString("hex"), key.toString("hex").toUpperCase(), key.toString("base64").slice(0, 42)];
  return [key, key.subarray(0, 16), ...texts.map((text) => Buffer.from(text))];
}

describe("a sealed run", () => {
  it("holds, decrypted, the very files of a run that was not sealed, and passes the checker", async () => {
    await lamsach(0, "decrypt", sealedDir, "--key-file", "night.key", "--out", "decrypted");
    const decrypted = path.join(work, "decrypted", path.basename(sealedDir));
    const isSet = ([file]: [string, string]): boolean => /^(cleaned|errors|exceptions|changes)/.test(file);
    const files = Object.entries(hashTree(decrypted)).filter(isSet);
    expect(files).toEqual(Object.entries(hashTree(plainDir)).filter(isSet));
    expect(files.length).toBeGreaterThan(20);
    const exports = path.join(work, "sample/exports");
    const inputs = readdirSync(exports).map((name) => ({ name, path: path.join(exports, name) }));
    const checked = await checkRun({ runDir: decrypted, inputs });
    expect(checked.problems).toEqual([]);
    expect(checked.records).toBeGreaterThan(100);
  });

  it("differs from the run that was not sealed in its id and its report's id alone", () => {
    const decrypted = path.join(work, "decrypted", path.basename(sealedDir));
    expect(listTree(decrypted)).toEqual(listTree(plainDir));
    const [one, two] = [decrypted, plainDir].map((dir) => {
      const text = readFileSync(path.join(dir, "manifest.json"), "utf8").replaceAll(path.basename(dir), "");
      return text.replace(/("path": "report\/(index.html|summary.json|summary.xlsx)",)[^}]*/g, "$1");
    });
    expect(one).toBe(two);
  });

  it("lists what is sealed and what it holds, and the key's id", () => {
    const manifest = JSON.parse(readFileSync(path.join(sealedDir, "manifest.json"), "utf8"));
    const keyId = Buffer.from(hkdfSync("sha256", key, "", "lamsach key id", 8)).toString("hex");
    expect(manifest.sealed).toEqual({ format: 1, keyId });
    const sets = manifest.files.filter(({ path: file }: { path: string }) => !file.startsWith("report/"));
    expect(sets.length).toBeGreaterThan(20);
    for (const { path: file, bytes, content, rows } of sets) {
      expect(file).toMatch(/\.csv\.sealed$/);
      expect(readFileSync(path.join(sealedDir, file))).toHaveLength(bytes);
      expect(content.bytes).toBeLessThan(bytes);
      expect(rows).toBeGreaterThanOrEqual(0);
    }
  });

  it("has no person in any file below its folder, checkpoints included", () => {
    const canaries = listCanaries();
    expect(findHolders(path.join(work, "plain"), canaries).length).toBeGreaterThan(10);
    expect(findHolders(path.join(work, "sealed"), canaries)).toEqual([]);
    expect(findHolders(work, canaries).filter((file) => file.endsWith(".sealed"))).toEqual([]);
    const shards = listTree(path.join(work, "sealed/.work")).filter((file) => file.includes("/shards/"));
    expect(shards.length).toBeGreaterThan(20);
    for (const file of shards) {
      const bytes = readFileSync(path.join(work, "sealed/.work", file));
      expect(bytes.toString("latin1", 0, 7), file).toBe("lmsSEAL");
    }
  });

  it("leaves nothing in memory", () => {
    expect(listLeftFolders()).toEqual([]);
  });

  it("is judged and explained with its key, as the other run is", async () => {
    const changes = readCsv(path.join(plainDir, "changes.csv"));
    const record = changes.find(({ record_id: id }) => id !== "")?.record_id as string;
    const withKey = ["--key-file", "night.key"];
    const explained = await lamsach(0, "explain", sealedDir, record, ...withKey);
    expect(explained.stdout).toMatch(/person (found|repaired)/);
    expect(explained.stdout).toBe((await lamsach(0, "explain", plainDir, record)).stdout);
    const judge = ["judge", sealedDir, "--policy", shippedPolicy, "--json"];
    expect(JSON.parse((await lamsach(0, ...judge, ...withKey)).stdout)).toMatchObject({ moved: [] });
    for (const args of [judge, ["explain", sealedDir, record]]) {
      expect((await lamsach(2, ...args)).stderr).toContain("this run is sealed, and there is no key");
      expect((await lamsach(2, ...args, "--key-file", "other.key")).stderr).toContain("the key given is");
    }
  });

  it("is never written in the clear because --encrypt was forgotten beside a key", async () => {
    const { stderr } = await lamsach(2, ...sampleRun("none", "--key-file", "night.key"));
    expect(stderr).toContain("nothing of this run needs a key");
    expect(existsSync(path.join(work, "none"))).toBe(false);
  });

  it("takes the key from the environment, and the same command does nothing again", async () => {
    const env = { LAMSACH_KEY: key.toString("base64") };
    const args = sampleRun("sealed", "--json", "--register", "population.db.sealed", "--encrypt");
    const before = hashTree(path.join(sealedDir));
    const again = readOutcome(expectCode(await runLamsach(args, { cwd: work, env }), 0));
    expect(again.dir).toBe(sealedDir);
    expect(hashTree(sealedDir)).toEqual(before);
  });

  it("that was killed has no person on the disk, goes on, and holds the same", async () => {
    const args = sampleRun("killed", "--json", ...sealing, "--shard-size", "4KB");
    mkdirSync(path.join(work, "tmp"));
    const killed = startLamsach(args, { cwd: work, env: { TMPDIR: path.join(work, "tmp") } });
    await waitForShards(path.join(work, "killed/.work"), 5);
    killed.kill("SIGKILL");
    expect((await killed.finished).signal).toBe("SIGKILL");
    const canaries = listCanaries();
    expect(findHolders(path.join(work, "killed"), canaries)).toEqual([]);
    expect(findHolders(path.join(work, "tmp"), canaries)).toEqual([]);
    // The copies of inputs and register have no name any more: they went with the process.
    const left = listLeftFolders();
    expect(left).toHaveLength(1);
    expect(listTree(left[0] as string)).toEqual([]);
    const { dir } = readOutcome(await lamsach(0, ...args));
    await lamsach(0, "decrypt", dir, "--key-file", "night.key", "--out", "decrypted-again");
    const again = path.join(work, "decrypted-again", path.basename(dir));
    expect(hashTree(again)).toEqual(hashTree(path.join(work, "decrypted", path.basename(sealedDir))));
  });
});

/** Folders in memory of processes that are no more. */
function listLeftFolders(): string[] {
  return readdirSync("/dev/shm")
    .filter((name) => {
      const pid = /^lamsach-\d+-(\d+)-/.exec(name)?.[1];
      return pid !== undefined && !existsSync(`/proc/${pid}`);
    })
    .map((name) => path.join("/dev/shm", name));
}

/** Waits until so many shards are finished. */
async function waitForShards(workDir: string, wanted: number): Promise<void> {
  for (;;) {
    const files = existsSync(workDir) ? listTree(workDir) : [];
    if (files.filter((file) => /\/shards\/.*\.bin$/.test(file)).length >= wanted) return;
    await sleep(5);
  }
}

describe("lamsach decrypt", () => {
  const into = (name: string): string[] => ["--key-file", "night.key", "--out", name];

  it("writes one file, or prints it", async () => {
    const file = path.join(sealedDir, "changes.csv.sealed");
    await lamsach(0, "decrypt", file, ...into("one"));
    const plain = readFileSync(path.join(plainDir, "changes.csv"), "utf8");
    expect(readFileSync(path.join(work, "one/changes.csv"), "utf8")).toBe(plain);
    expect((await runLamsach(["decrypt", file, ...into("-")], { cwd: work })).stdout).toBe(plain);
    expect((await lamsach(2, "decrypt", file, ...into("one"))).stderr).toContain("this is there already");
  });

  it("is in the audit log of the run's output folder before anything is written", async () => {
    const log = path.join(work, "sealed/audit.log");
    const before = readFileSync(log, "utf8").length;
    await lamsach(0, "decrypt", path.join(sealedDir, "changes.csv.sealed"), ...into("noted"));
    await lamsach(0, "decrypt", sealedDir, ...into("noted"));
    const [file, run] = readFileSync(log, "utf8").slice(before).trimEnd().split("\n");
    const same = { command: "decrypt", event: "done", run: path.basename(sealedDir) };
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(JSON.parse(file ?? "")).toMatchObject({
      ...same,
      inputs: [{ name: "changes.csv.sealed", sha256 }],
    });
    expect(JSON.parse(run ?? "")).toMatchObject({ ...same, manifest: sha256 });
    await lamsach(0, "audit", "verify", "--out", "sealed", "--files");
    const kept = readFileSync(log);
    writeFileSync(path.join(work, "elsewhere.log"), "");
    rmSync(log);
    symlinkSync(path.join(work, "elsewhere.log"), log);
    const refused = await lamsach(4, "decrypt", path.join(sealedDir, "changes.csv.sealed"), ...into("-"));
    expect(refused.stdout).toBe("");
    rmSync(log);
    writeFileSync(log, kept, { mode: 0o600 });
    await lamsach(0, "audit", "verify", "--out", "sealed");
  });

  it("writes nothing, to no place, of a file that was changed, or with another key", async () => {
    const file = path.join(work, "changed.csv.sealed");
    copyFileSync(path.join(sealedDir, "changes.csv.sealed"), file);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    writeFileSync(file, bytes);
    const printed = await lamsach(3, "decrypt", file, ...into("-"));
    expect(printed.stdout).toBe("");
    await lamsach(3, "decrypt", file, ...into("refused"));
    const other = ["--key-file", "other.key", "--out", "refused"];
    await lamsach(2, "decrypt", path.join(sealedDir, "changes.csv.sealed"), ...other);
    expect(readdirSync(path.join(work, "refused"))).toEqual([]);
  });
});

describe("a sealed register", () => {
  it("is the same register, and needs its key", async () => {
    const info = ["register", "info", "population.db.sealed", "--json"];
    const sealed = await lamsach(0, ...info, "--key-file", "night.key");
    expect(sealed.stdout).toBe((await lamsach(0, "register", "info", "population.db", "--json")).stdout);
    expect((await lamsach(2, ...info)).stderr).toContain("the register is sealed");
    expect((await lamsach(4, "doctor", "--register", "population.db.sealed")).stdout).toContain("is sealed");
  });

  it("is refused when it was changed, and kept when a build fails", async () => {
    const bytes = readFileSync(path.join(work, "population.db.sealed"));
    bytes[5000] = (bytes[5000] as number) ^ 1;
    writeFileSync(path.join(work, "changed.db.sealed"), bytes);
    const args = sampleRun("none", ...sealing).with(-4, "changed.db.sealed");
    expect((await lamsach(3, ...args)).stderr).toContain("not as it was sealed");
    writeFileSync(
      path.join(work, "tiny.csv"),
      readFileSync(path.join(work, "sample/population.csv"), "utf8").slice(0, 400),
    );
    const build = ["register", "build", "tiny.csv", "--out", "population.db.sealed", "--encrypt"];
    const before = readFileSync(path.join(work, "population.db.sealed"));
    await lamsach(1, ...build, "--key-file", "night.key");
    await lamsach(2, ...build, "--key-file", "other.key");
    expect(readFileSync(path.join(work, "population.db.sealed")).equals(before)).toBe(true);
    expect(readdirSync(work).filter((name) => /^\..*(part|building)/.test(name))).toEqual([]);
  });
});

describe("a pipeline that asks for protection", () => {
  it("encryption: required refuses a run without a key, and seals without --encrypt", async () => {
    const pipeline = writePipeline(path.join(work, "required.yaml"), { encryption: "required" });
    const args = sampleRun("required", "--json").with(1, pipeline);
    expect((await lamsach(2, ...args)).stderr).toContain("the outputs are to be sealed, and there is no key");
    expect(existsSync(path.join(work, "required"))).toBe(false);
    const { dir } = readOutcome(await lamsach(0, ...args, "--key-file", "night.key"));
    expect(listTree(dir).filter((file) => file.endsWith(".csv"))).toEqual([
      "report/causes.csv",
      "report/summary.csv",
    ]);
  });

  it("pseudonyms stand for the numbers of the columns, and nothing else is another", async () => {
    const pipeline = writePipeline(path.join(work, "pseudonyms.yaml"), openGates, {
      pseudonyms: { columns: ["citizen_id", "health_insurance_no"] },
    });
    const args = sampleRun("pseudonyms", "--json").with(1, pipeline);
    expect((await lamsach(2, ...args)).stderr).toContain("pseudonyms are asked for, and there is no key");
    const { dir } = readOutcome(await lamsach(0, ...args, "--key-file", "night.key"));
    const secret = Buffer.from(hkdfSync("sha256", key, "", "lamsach pseudonym", 32));
    let replaced = 0;
    for (const file of listTree(plainDir).filter((name) => /^(?!report).*\.csv$/.test(name))) {
      const [plain, other] = [plainDir, dir].map((folder) => readCsv(path.join(folder, file)));
      const wanted = plain?.map((row) =>
        Object.fromEntries(Object.entries(row).map(([name, text]) => [name, replace(file, row, name, text)])),
      );
      expect(other, file).toEqual(wanted);
    }
    expect(replaced).toBeGreaterThan(100);
    const explained = await lamsach(0, "explain", dir, "VN2021-000000001");
    expect(explained.stdout).toContain("the numbers are pseudonyms");

    function replace(
      file: string,
      row: Readonly<Record<string, string>>,
      name: string,
      text: string,
    ): string {
      const isChange = file === "changes.csv";
      const column = isChange && (name === "before" || name === "after") ? row.column : columnOf(name);
      if (name === "raw_line") return "";
      if ((isChange && column === name) || !/^(citizen_id|health_insurance_no)$/.test(column ?? ""))
        return text;
      if (text.trim() === "") return "";
      replaced++;
      return `p${createHmac("sha256", secret).update(`${column}\0${text.trim()}`).digest("hex").slice(0, 32)}`;
    }
  });
});

/** The canonical column behind a header of the sample's files. */
function columnOf(header: string): string {
  if (/^(std_)?citizen_id$|CCCD|CMND|định danh/i.test(header)) return "citizen_id";
  return /health_insurance_no|BHYT|bảo hiểm/i.test(header) ? "health_insurance_no" : header;
}

describe("the key", () => {
  it("is in no file but its own, and in nothing that was said", () => {
    const forms = listKeyForms();
    const holders = listTree(work).filter((file) => {
      const bytes = readFileSync(path.join(work, file));
      return forms.some((form) => bytes.includes(form));
    });
    expect(holders.sort()).toEqual(["night.key"]);
    expect(results.some(({ stderr }) => stderr.includes('"level"'))).toBe(true);
    for (const { command, stdout, stderr } of results) {
      for (const form of forms) expect(Buffer.from(stdout + stderr).includes(form), command).toBe(false);
    }
  });
});
