// Preloaded into the command line: a process that takes itself for one of Node 24, on which the SQLite module aborts.
const versions = { ...process.versions, node: "24.21.0" };
Object.defineProperty(process, "versions", { value: versions });
