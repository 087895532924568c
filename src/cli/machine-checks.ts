import { accessSync, constants, existsSync, lstatSync, statfsSync } from "node:fs";
import path from "node:path";
import { explainSystemError, LamsachError } from "../errors.js";
import { listHistory } from "../job/published-history.js";
import { openRegister } from "../register/open-register.js";

/** One thing that a run needs; `detail` is one sentence, with what to do when it is not so. */
export interface MachineCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

const neededFreeBytes = 2 ** 30;

/** Checks what a run needs of the machine, the output folder and (when given) the register; makes nothing, but an older ledger is migrated. */
export async function examineMachine({
  out,
  register,
}: {
  out: string;
  register: string | null;
}): Promise<readonly MachineCheck[]> {
  return [
    await checkNativeModule(),
    ...checkOutputFolder(out),
    checkLedger(out),
    ...(register === null ? [] : [checkRegister(register)]),
  ];
}

async function checkNativeModule(): Promise<MachineCheck> {
  const name = "better-sqlite3";
  try {
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(":memory:");
    const version = database.prepare("SELECT sqlite_version()").pluck().get() as string;
    database.close();
    return { name, passed: true, detail: `SQLite ${version} on Node ${process.versions.node}.` };
  } catch {
    const detail =
      "the native module does not load; expected one built for this Node. Run: npm rebuild better-sqlite3";
    return { name, passed: false, detail };
  }
}

function checkOutputFolder(out: string): readonly MachineCheck[] {
  const found = lstatSync(out, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) {
    return [
      { name: "output folder", passed: false, detail: `${out}: this is a symbolic link; expected a folder.` },
    ];
  }
  if (found !== undefined && !found.isDirectory()) {
    return [{ name: "output folder", passed: false, detail: `${out}: this is not a folder; expected one.` }];
  }
  const folder = nearestFolder(out);
  const isWritable = canWrite(folder);
  const isOpen = found !== undefined && (found.mode & 0o002) !== 0 && (found.mode & 0o1000) === 0;
  const made = found === undefined ? ", made by the first run" : "";
  return [
    {
      name: "output folder",
      passed: isWritable,
      detail: isWritable
        ? `${out}${made}.`
        : `${folder}: this is not writable; expected to write there. Choose another --out.`,
    },
    {
      name: "permissions",
      passed: !isOpen,
      detail: isOpen
        ? `${out}: everybody can write here; expected only you. Run: chmod o-w ${out}`
        : "others cannot write there.",
    },
    checkFreeSpace(folder),
  ];
}

function checkFreeSpace(folder: string): MachineCheck {
  const { bavail, bsize } = statfsSync(folder);
  const freeBytes = bavail * bsize;
  const free = `${(freeBytes / 2 ** 30).toFixed(1)} GB free`;
  const passed = freeBytes >= neededFreeBytes;
  const needed =
    "expected at least 1 GB, and about four times the input. Make room, or choose another --out.";
  return { name: "disk space", passed, detail: passed ? `${free}.` : `${folder}: ${free}; ${needed}` };
}

function checkLedger(out: string): MachineCheck {
  return attempt("ledger", () => {
    const runs = listHistory(out);
    return runs === null ? "none yet, made by the first run." : `${runs.length} runs.`;
  });
}

function checkRegister(file: string): MachineCheck {
  return attempt("register", () => {
    const reader = openRegister(file);
    try {
      const { people, version } = reader.info();
      return `${people} people, version ${version.slice(0, 12)}.`;
    } finally {
      reader.close();
    }
  });
}

function attempt(name: string, examine: () => string): MachineCheck {
  try {
    return { name, passed: true, detail: examine() };
  } catch (failure) {
    const error = explainSystemError(failure);
    if (!(error instanceof LamsachError)) throw failure;
    return { name, passed: false, detail: error.message };
  }
}

function nearestFolder(place: string): string {
  let folder = place;
  while (!existsSync(folder) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
