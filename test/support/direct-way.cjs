"use strict";
/*
 * Preloaded into a process (NODE_OPTIONS=--require), and so into all its threads: files are opened past the page cache as
 * usual, or not at all, or so that the way ends after some writes, or a write on it fails, or somebody adds a byte to each file
 * that is closed (DIRECT_WAY: open, closed, ends, fails, grows). Appends to the file DIRECT_WAY_LOG what came of each call: "written" with its bytes, or "refused".
 */
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");

const { DIRECT_WAY: way, DIRECT_WAY_LOG: logFile } = process.env;
const { O_DIRECT } = fs.constants;
const { appendFileSync, closeSync, openSync, write, writeSync } = fs;
const writesBeforeEnd = 3;
const direct = new Map();
let writes = 0;

fs.openSync = (file, flags, mode) => {
  if (isDirect(flags) && way === "closed") throw refusal();
  const handle = openSync(file, flags, mode);
  if (isDirect(flags)) direct.set(handle, file);
  else direct.delete(handle);
  return handle;
};
fs.write = (handle, ...given) => {
  if (!direct.has(handle)) return write(handle, ...given);
  const done = given.pop();
  const isOver = writes++ >= writesBeforeEnd;
  if (way === "ends" && isOver) return process.nextTick(done, refusal());
  if (way === "fails" && isOver) return process.nextTick(done, failure("ENOSPC", "write"));
  write(handle, ...given, (error, bytes) => {
    note(`written ${bytes}`);
    done(error, bytes);
  });
};
fs.closeSync = (handle) => {
  closeSync(handle);
  const file = direct.get(handle);
  direct.delete(handle);
  if (way === "grows" && file !== undefined) appendFileSync(file, "x");
};
syncBuiltinESMExports();

function isDirect(flags) {
  return typeof flags === "number" && O_DIRECT !== undefined && (flags & O_DIRECT) !== 0;
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
  closeSync(log);
}
