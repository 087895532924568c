import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { packSheets } from "../../src/report/pack-workbook.js";
import { makeSheet } from "../../src/report/xlsx-sheet.js";
import { type CommandResult, expectCode, repository, runLamsach } from "../support/command-line.js";
import { listCommands } from "../support/command-list.js";
import { listTree } from "../support/tree-hash.js";
import { useWorkFolder } from "../support/work-folder.js";
import { deliveredTexts, writeDeliveries } from "./canary-deliveries.js";
import { facilityCores, listForms, personalCores, textCore } from "./marker-forms.js";
import { type Ending, listScenes, type Scene } from "./scenes.js";
import { createLeakSearch, findForms, findSpokenLeaks } from "./search-leaks.js";

const work = useWorkFolder();
mkdirSync(path.join(work, "temporary"));
mkdirSync(path.join(work, "settings"));

/** What holds records by design. A killed run leaves those it was working on, until the same command runs again. */
const recordFiles = [
  /^(?:delivered|refused|register|settings)\//, // what the tests deliver
  /^(?:population|other)\.db$|^\.other\.db\.building$/,
  /^out[^/]*\/\d[^/]*\/(?:(?:cleaned|errors|exceptions)\/[^/]+|changes)\.csv$/,
  /^out-killed\/\.work\/[^/]+\/(?:sources|staging)\//,
  /^decrypted[^/]*\//,
  /^audit-sample[^/]*\.csv$/, // what people check
  /^kept-error\.txt$/, // what LAMSACH_DEBUG names
];
const facilityFiles = [/\/report\//, /\/pages\//, /\/\.work\/[^/]+\/shards\//];

const scenes = listScenes(work);
const searchTree = createLeakSearch(work, {
  mayHoldRecords: (file) => recordFiles.some((pattern) => pattern.test(file)),
  mayHoldFacilities: (file) => facilityFiles.some((pattern) => pattern.test(file)),
});

beforeAll(() => writeDeliveries(work));

function play({
  command,
  args,
  fault = {},
}: Pick<Scene, "command" | "args" | "fault">): Promise<CommandResult> {
  const preload = pathToFileURL(path.join(repository, "test/canary/injected-fault.mjs")).href;
  const env = {
    TMPDIR: path.join(work, "temporary"),
    LAMSACH_LOG: "debug",
    ...(Object.keys(fault).length === 0 ? {} : { NODE_OPTIONS: `--import ${preload}` }),
    ...fault,
  };
  return runLamsach(["--log-level", "debug", ...command.split(" "), ...args()], { cwd: work, env });
}

describe("the scenes", () => {
  const leaves = listCommands().filter(({ command }) => command.commands.length === 0);

  it.each(leaves.map(({ words }) => words.join(" ")))(
    "play %s through success, failure and crash",
    (command) => {
      const endings = new Set(
        scenes.filter((scene) => scene.command === command).map(({ ending }) => ending),
      );
      expect([...endings].sort()).toEqual(["crash", "failure", "success"] satisfies Ending[]);
    },
  );
});

describe("nothing of a record comes out of", () => {
  it.each(scenes.map((scene) => [`${scene.command}, ${scene.ending}: ${scene.what}`, scene] as const))(
    "%s",
    async (_name, scene) => {
      scene.prepare?.();
      const result = await play(scene);
      if (scene.code !== null) expectCode(result, scene.code);
      else expect(result.signal).toBe("SIGKILL");
      const shown = (scene.shows ?? []).map((form) => `stdout: ${form}`);
      expect(new Set(findSpokenLeaks(result))).toEqual(new Set(shown));
      expect(searchTree()).toEqual([]);
    },
  );
});

describe("the canaries", () => {
  it("were delivered into the sets, each of them, so that they could have come out", () => {
    const sets = listTree(work).filter((file) => /^out\/\d.*\/(?:cleaned|errors|exceptions)\//.test(file));
    const text = sets.map((file) => readFileSync(path.join(work, file), "utf8").normalize("NFC")).join("\n");
    expect(deliveredTexts.filter((delivered) => !text.includes(delivered.normalize("NFC")))).toEqual([]);
    expect(new Set(sets.map((file) => file.split("/")[2]))).toEqual(
      new Set(["cleaned", "errors", "exceptions"]),
    );
  });

  it("are shown by explain only when a person asks for them", async () => {
    const [run = ""] = readdirSync(path.join(work, "out")).filter((name) => /^\d/.test(name));
    const args = (): string[] => [run, "R-long-clean", "--out", "out", "--reveal"];
    const revealed = expectCode(await play({ command: "explain", args }), 0);
    expect(findSpokenLeaks(revealed)).toContain("stdout: text as UTF-8");
    expect(findSpokenLeaks(revealed).filter((leak) => leak.startsWith("stderr"))).toEqual([]);
    expect(searchTree()).toEqual([]);
  });

  it("were in what the crashes threw", () => {
    const kept = readFileSync(path.join(work, "kept-error.txt"));
    expect(findForms(kept)).toContain("text as UTF-8");
  });

  it("are gone from the work folder once a killed run has been gone on with", () => {
    const left = listTree(path.join(work, "out-killed/.work"));
    expect(left.filter((file) => /\/(?:sources|staging)\//.test(file))).toEqual([]);
    expect(left.length).toBeGreaterThan(0);
  });

  it("wrote nothing into the temporary folder", () => {
    expect(listTree(path.join(work, "temporary"))).toEqual([]);
  });
});

describe("the search", () => {
  it("finds a canary in a log line", async () => {
    const fault = { CANARY_FAULT: "plant", CANARY_AT: `read ${textCore} long note` };
    const result = await play({ command: "codes", args: () => [], fault });
    expect(findSpokenLeaks(expectCode(result, 0))).toContain("stderr: text as UTF-8");
  });

  it("finds a canary in every form, in a file of any name and in the name", () => {
    const folder = mkdtempSync(path.join(work, "planted-"));
    const search = createLeakSearch(folder, { mayHoldRecords: () => false, mayHoldFacilities: () => false });
    expect(search()).toEqual([]);
    const forms = listForms([...personalCores, ...facilityCores]);
    expect(forms.length).toBeGreaterThan(300);
    for (const [index, { name, bytes }] of forms.entries()) {
      const file = path.join(folder, `artefact-${index}`);
      writeFileSync(file, Buffer.concat([Buffer.from("before"), bytes, Buffer.from("after")]));
      expect(search()).toContain(`artefact-${index}: ${name}`);
      rmSync(file);
    }
    writeFileSync(path.join(folder, `${textCore.normalize("NFD").toLowerCase()}.csv`), "");
    expect(search()).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  it("finds a canary that is packed in a workbook", async () => {
    const folder = mkdtempSync(path.join(work, "planted-"));
    const search = createLeakSearch(folder, { mayHoldRecords: () => false, mayHoldFacilities: () => false });
    const rows = Array.from({ length: 99 }, (_, index) => [`row ${index}`, `${textCore} cell`]);
    const sheet = makeSheet({ name: "s", columns: [{ vi: "a", en: "a", width: 9 }], rows });
    writeFileSync(path.join(folder, "a.xlsx"), await packSheets([sheet]));
    expect(search()).toEqual(["a.xlsx: text as UTF-8"]);
    rmSync(folder, { recursive: true });
  });

  it.each(["out/ledger.db", "out/manifest", "out/.work/state", "temporary/new"])("looks into %s", (place) => {
    const [found = place] = listTree(work).filter(
      (file) => file.startsWith(place.split("/")[0] as string) && file.includes(path.basename(place)),
    );
    const file = path.join(work, found);
    const before = existsSync(file) ? readFileSync(file) : null;
    writeFileSync(file, Buffer.concat([before ?? Buffer.alloc(0), Buffer.from(textCore, "utf16le")]));
    expect(searchTree()).toEqual([`${found}: text as UTF-16LE`]);
    if (before === null) rmSync(file);
    else writeFileSync(file, before);
  });
});
