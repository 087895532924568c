import { randomBytes } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  unlinkSync,
} from "node:fs";
import path from "node:path";
import { exitCodes, LamsachError } from "../errors.js";

/** The file system that Linux keeps in memory; its pages reach a disk only through swap space. */
const memoryRoot = "/dev/shm";
const memoryTypes: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]); // tmpfs, ramfs

/**
 * Owner of a private folder (0700) in memory, for what must be a file and must not reach a disk. It goes when it is
 * closed; what a killed process left is removed by the next one of the same user that makes such a folder.
 */
export class MemoryFolder {
  #path: string | null = null;
  readonly #handles: number[] = [];

  /** The folder, made when it is first asked for. Throws LamsachError (exit 4) when the machine has no file system in memory. */
  get path(): string {
    if (this.#path !== null) return this.#path;
    requireMemory();
    removeLeftFolders();
    const name = `${folderPrefix()}${process.pid}-${randomBytes(8).toString("hex")}`;
    const folder = path.join(memoryRoot, name);
    mkdirSync(folder, { mode: 0o700 });
    this.#path = folder;
    return folder;
  }

  /** Takes a file's name away, so that nothing is left of it however the process ends; gives a path by which all threads can open it until the folder is closed. */
  keepNameless(file: string): string {
    const handle = openSync(file, "r+");
    this.#handles.push(handle);
    unlinkSync(file);
    return `/proc/self/fd/${handle}`;
  }

  close(): void {
    for (const handle of this.#handles.splice(0)) closeSync(handle);
    if (this.#path !== null) rmSync(this.#path, { recursive: true, force: true });
    this.#path = null;
  }
}

function requireMemory(): void {
  try {
    if (memoryTypes.has(statfsSync(memoryRoot).type)) return;
  } catch {
    // Told below.
  }
  throw new LamsachError(
    exitCodes.environment,
    `${memoryRoot}: there is no file system in memory here; expected one (Linux has it) for what must not reach a disk. Mount a tmpfs there.`,
  );
}

/** Names of folders hold the process id and its namespace: an id of another container says nothing here. */
function folderPrefix(): string {
  const namespace = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";
  return `lamsach-${namespace}-`;
}

function removeLeftFolders(): void {
  const prefix = folderPrefix();
  for (const name of readdirSync(memoryRoot)) {
    const pid = name.startsWith(prefix) ? Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) : Number.NaN;
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    try {
      rmSync(path.join(memoryRoot, name), { recursive: true, force: true });
    } catch {
      // Another user's.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
