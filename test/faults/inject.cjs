"use strict";
/*
 * Preloaded into a process (NODE_OPTIONS=--require), and so into all its threads: makes calls of node:fs fail, or writes
 * them down. Settings are JSON in LAMSACH_FAULT, of type `Fault` in fault-run.ts; the program itself knows nothing of it.
 */
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { getEnvironmentData, isMainThread, setEnvironmentData } = require("node:worker_threads");

const {
  calls = [],
  code,
  nth,
  isLasting,
  replace,
  under,
  logFile,
  hitFile,
} = JSON.parse(process.env.LAMSACH_FAULT ?? '{"under":"/nowhere"}');
const counterKey = "lamsach-fault-counter";
// One counter for all threads.
if (isMainThread) setEnvironmentData(counterKey, new Int32Array(new SharedArrayBuffer(4)));
const counter = getEnvironmentData(counterKey);
const { lstatSync, mkdirSync, openSync, readlinkSync, renameSync, symlinkSync, writeFileSync, writeSync } =
  fs;
const log = logFile === undefined ? null : openSync(logFile, "a", 0o600);

/** What each function of node:fs does, and whether its first argument is a descriptor. */
const kinds = {
  open: ["open", false],
  read: ["read", true],
  write: ["write", true],
  writev: ["write", true],
  fsync: ["fsync", true],
  close: ["close", true],
  fstat: ["stat", true],
  stat: ["stat", false],
  lstat: ["stat", false],
  mkdir: ["mkdir", false],
  rename: ["rename", false],
  rm: ["remove", false],
  unlink: ["remove", false],
  readFile: ["read", false],
  readdir: ["read", false],
};

for (const [name, [kind, isDescriptor]] of Object.entries(kinds)) {
  patch(`${name}Sync`, kind, isDescriptor);
  // Streams take these from the module; outputs are synced beside other work.
  if (["open", "read", "write", "writev", "close", "fsync"].includes(name)) patch(name, kind, isDescriptor);
}
syncBuiltinESMExports();

function patch(name, kind, isDescriptor) {
  const original = fs[name];
  fs[name] = function (...given) {
    const place = isDescriptor ? descriptorPath(given[0]) : String(given[0]);
    if (isBelow(place)) {
      const call = kind === "open" && isCreating(given[1]) ? "create" : kind;
      if (log !== null) writeSync(log, `${JSON.stringify(describe(call, place, given, name))}\n`);
      if (isDue(call)) {
        writeFileSync(hitFile, call);
        if (replace !== undefined) replaceFolder(replace);
        else return fail(name, isDescriptor ? undefined : place, given.at(-1));
      }
    }
    return original.apply(this, given);
  };
}

function descriptorPath(descriptor) {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`).replace(/ \(deleted\)$/, "");
  } catch {
    return "";
  }
}

function isBelow(place) {
  return path.resolve(place).startsWith(`${under}${path.sep}`);
}

function isCreating(flags) {
  return typeof flags === "number" ? (flags & fs.constants.O_CREAT) !== 0 : /[wa]/.test(String(flags ?? "r"));
}

function describe(call, place, given, name) {
  const file = path.relative(under, path.resolve(place));
  const found = lstatSync(place, { throwIfNoEntry: false });
  return {
    call,
    file,
    mode: found === undefined ? null : found.mode & 0o7777,
    ...(name === "renameSync" ? { to: path.relative(under, path.resolve(given[1])) } : {}),
  };
}

function isDue(call) {
  if (!calls.includes(call)) return false;
  const count = Atomics.add(counter, 0, 1) + 1;
  return count === nth || (isLasting === true && count > nth);
}

/** Somebody moves a folder away and puts nothing, another folder, or a link to what was moved in its place. */
function replaceFolder({ folder, by }) {
  const moved = `${folder}.moved`;
  renameSync(folder, moved);
  if (by === "folder") mkdirSync(folder, { mode: 0o700 });
  if (by === "link") symlinkSync(moved, folder);
}

function fail(name, place, callback) {
  const syscall = name.replace(/Sync$/, "");
  const text = place === undefined ? syscall : `${syscall} '${place}'`;
  const error = Object.assign(new Error(`${code}: injected, ${text}`), {
    errno: -os.constants.errno[code],
    code,
    syscall,
    ...(place === undefined ? {} : { path: place }),
  });
  if (name.endsWith("Sync")) throw error;
  process.nextTick(callback, error);
  return undefined;
}
