// Preloaded into the command line (`node --import`), main thread and workers: what CANARY_FAULT names happens there.
//   data      a TypeError holding the record, the first time that CANARY_AT is read from bytes
//   uncaught  an error holding a record that nobody catches, once the command line is up
//   rejection the same as a promise that nobody hears
//   kill      SIGKILL when CANARY_AT is read from bytes; without it, once the command line is up
//   kill-N    SIGKILL at the Nth rename of a file
//   plant     CANARY_AT is said on stderr, as a careless log line would
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const { CANARY_FAULT: fault = "", CANARY_AT: at = "", CANARY_RECORD: record = "" } = process.env;

function makeError() {
  const error = new TypeError(`Invalid Record: got "${record}"\n    at ${record}`);
  return Object.assign(error, { code: "CSV_CANARY", record: record.split(","), field: record });
}

function die() {
  process.kill(process.pid, "SIGKILL");
}

function whenRead(act) {
  const read = Buffer.prototype.toString;
  Buffer.prototype.toString = function (...args) {
    const text = read.apply(this, args);
    if (text.includes(at)) act();
    return text;
  };
}

/** The command line is up when it has said what happens to an error that nobody catches. */
function whenUp(act) {
  if (!isMainThread) return;
  const look = () => (process.listenerCount("uncaughtException") > 0 ? act() : setImmediate(look));
  setImmediate(look);
}

const renames = /^kill-(\d+)$/.exec(fault)?.[1];
if (fault === "data") {
  whenRead(() => {
    throw makeError();
  });
} else if (fault === "uncaught") {
  whenUp(() => {
    throw makeError();
  });
} else if (fault === "rejection") {
  whenUp(() => Promise.reject(makeError()));
} else if (fault === "plant") {
  whenUp(() => process.stderr.write(`${JSON.stringify({ level: "debug", msg: at })}\n`));
} else if (fault === "kill") {
  if (at === "") whenUp(die);
  else whenRead(die);
} else if (renames !== undefined) {
  let left = Number(renames);
  const rename = fs.renameSync;
  fs.renameSync = (...args) => {
    left -= 1;
    if (left === 0) die();
    return rename(...args);
  };
  syncBuiltinESMExports();
}
