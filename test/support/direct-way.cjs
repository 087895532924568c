"use strict";
/*
 * Preloaded into a process (NODE_OPTIONS=--require), and so into all its threads: files are opened past the page cache as
 * usual, or not at all, or so that the way ends after some calls, or a write or a read on it fails (DIRECT_WAY: open, closed,
 * ends, write-fails, read-fails). Appends to the file DIRECT_WAY_LOG what came of each call: "written" or "read" with its
 * bytes, or "refused".
 */
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { DIRECT_WAY: way, DIRECT_WAY_LOG: logFile } = process.env;
const { O_DIRECT } = fs.constants;
const { openSync, read, writeSync } = fs;
const callsBeforeEnd = 3;
const direct = new Set();
let calls = 0;

fs.openSync = (file, flags, mode) => {
  refuseUnless(isDirect(flags) === false || way !== "closed");
  const handle = openSync(file, flags, mode);
  if (isDirect(flags)) direct.add(handle);
  else direct.delete(handle);
  return handle;
};
fs.writeSync = (handle, ...given) => {
  if (!direct.has(handle)) return writeSync(handle, ...given);
  refuseUnless(way !== "ends" || calls++ < callsBeforeEnd);
  if (way === "write-fails" && calls++ >= callsBeforeEnd) throw failure("ENOSPC", "write");
  const bytes = writeSync(handle, ...given);
  note(`written ${bytes}`);
  return bytes;
};
fs.read = (handle, ...given) => {
  if (!direct.has(handle)) return read(handle, ...given);
  const done = given.pop();
  if (way === "ends" && calls++ >= callsBeforeEnd) return process.nextTick(done, refusal());
  if (way === "read-fails" && calls++ >= callsBeforeEnd)
    return process.nextTick(done, failure("EIO", "read"));
  read(handle, ...given, (error, bytes) => {
    note(`read ${bytes}`);
    done(error, bytes);
  });
};
syncBuiltinESMExports();

function isDirect(flags) {
  return typeof flags === "number" && O_DIRECT !== undefined && (flags & O_DIRECT) !== 0;
}

function refuseUnless(isPossible) {
  if (!isPossible) throw refusal();
}

function refusal() {
  note("refused 0");
  return failure("EINVAL", "open");
}

function failure(code, syscall) {
  return Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall });
}

function note(line) {
  const log = openSync(logFile, "a");
  writeSync(log, `${line}\n`);
  fs.closeSync(log);
}
