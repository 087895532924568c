import { measureFreeBytes } from "./storage/free-space.js";

/** Exit codes of the command line; part of the contract. */
export const exitCodes = {
  done: 0,
  withheld: 1,
  usage: 2,
  input: 3,
  environment: 4,
  locked: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * A failure a person can act on. `message` reads `<where>: <what is wrong>; expected <what>. <what to do>` and never
 * holds a cell value, a record, or a header that did not match.
 */
export class LamsachError extends Error {
  override readonly name = "LamsachError";
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
  }
}

/** The exit code that a failure ends a command with. */
export function exitCodeOf(failure: unknown): ExitCode {
  const error = explainSystemError(failure);
  return error instanceof LamsachError ? error.exitCode : exitCodes.bug;
}

interface SystemFault {
  readonly what: string;
  readonly expected: string;
  readonly todo: string;
}

const noSpace: SystemFault = {
  what: "there is no space left",
  expected: "room for what is written",
  todo: "Make room",
};
const noPermission: SystemFault = {
  what: "this is not allowed",
  expected: "permission for the user of this process",
  todo: "Correct owner and permissions",
};
const tooManyFiles: SystemFault = {
  what: "too many files are open",
  expected: "room for more",
  todo: "Raise the limit (ulimit -n)",
};
const badPath: SystemFault = {
  what: "the path leads to something else",
  expected: "folders on the way and a file at its end",
  todo: "Correct the path",
};

/** What the operating system answers when the machine, and not the program or the input, is in the way. */
const systemFaults: Readonly<Record<string, SystemFault>> = {
  EACCES: noPermission,
  EBUSY: {
    what: "another program holds it",
    expected: "nobody else to use it",
    todo: "Wait until that is done",
  },
  EDQUOT: { ...noSpace, what: "the quota is used up" },
  EEXIST: { ...badPath, what: "something is there already", expected: "nothing there yet" },
  EFBIG: { ...noSpace, what: "the file may not grow further", todo: "Raise the limit (ulimit -f)" },
  EIO: { what: "the disk has failed", expected: "a sound disk", todo: "Check the disk" },
  EISDIR: badPath,
  ELOOP: { ...badPath, what: "this is a symbolic link", expected: "the file itself" },
  EMFILE: tooManyFiles,
  ENAMETOOLONG: { ...badPath, what: "the name is too long", expected: "a shorter one" },
  ENFILE: tooManyFiles,
  ENOENT: {
    what: "this is not there, or no longer",
    expected: "it to stay while lamsach works",
    todo: "Check the path and who removes files there",
  },
  ENOSPC: noSpace,
  ENOTDIR: badPath,
  ENOTEMPTY: { ...badPath, what: "something is there already", expected: "nothing there yet" },
  EPERM: noPermission,
  EROFS: {
    what: "the disk is read-only",
    expected: "one that can be written",
    todo: "Choose another place, or have the disk checked",
  },
  ESTALE: { what: "the network disk has lost this", expected: "a local disk", todo: "Mount it again" },
};

/** SQLite's answers that are the machine's. */
const sqliteFaults: readonly (readonly [start: string, code: string])[] = [
  ["SQLITE_FULL", "ENOSPC"],
  // The shared memory beside the ledger cannot grow.
  ["SQLITE_IOERR_SHMSIZE", "ENOSPC"],
  ["SQLITE_IOERR", "EIO"],
  ["SQLITE_READONLY", "EROFS"],
  ["SQLITE_CANTOPEN", "EACCES"],
  ["SQLITE_PERM", "EACCES"],
  // Waited for already: each connection has a time to wait.
  ["SQLITE_BUSY", "EBUSY"],
  ["SQLITE_LOCKED", "EBUSY"],
];

/**
 * A failed call of the file system, of SQLite on `file`, or to start a thread, as a failure a person can act on (exit 4);
 * anything else as it is. Nothing of the error's own text is shown: it can hold other paths and, of SQLite, values.
 */
export function explainSystemError(error: unknown, file?: string): unknown {
  if (!(error instanceof Error) || error instanceof LamsachError) return error;
  const { code = "", syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (code === "ERR_WORKER_INIT_FAILED") {
    // Node does not say which limit it was.
    return new LamsachError(
      exitCodes.environment,
      "threads: one cannot be started; expected at least 256 open files, and room for its stack. Raise the limits " +
        "(ulimit -n, ulimit -v), then give the same command again. What was published before is untouched.",
    );
  }
  const sqlite = sqliteFaults.find(([start]) => code.startsWith(start))?.[1];
  const fault = systemFaults[sqlite ?? code];
  if (fault === undefined || (sqlite === undefined && syscall === undefined)) return error;
  // A rename's own path is free to go; what is in its way stands at the other one.
  const place = file ?? (code === "ENOTEMPTY" || code === "EEXIST" ? (dest ?? path) : path);
  const free = fault === noSpace && place !== undefined ? measureFreeBytes(place) : null;
  const details = [
    sqlite === undefined ? `${syscall} ${code}` : code,
    ...(free === null ? [] : [`${Math.floor(free / 2 ** 20)} MB free`]),
  ];
  return new LamsachError(
    exitCodes.environment,
    `${place ?? "file system"}: ${fault.what} (${details.join(", ")}); expected ${fault.expected}. ` +
      `${fault.todo}, then give the same command again. What was published before is untouched.`,
  );
}
