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

/** What the operating system answers when the machine, and not the program or the input, is in the way. */
const environmentCodes = new Set([
  "EACCES",
  "EDQUOT",
  "EEXIST",
  "EFBIG",
  "EIO",
  "EISDIR",
  "EMFILE",
  "ENAMETOOLONG",
  "ENFILE",
  "ENOENT",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
  "ESTALE",
]);

/** A failed call of the file system as a failure a person can act on (exit 4); anything else as it is. */
export function explainSystemError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LamsachError) return error;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || !environmentCodes.has(code)) return error;
  const todo =
    code === "ENOSPC" || code === "EDQUOT" ? "Make room" : "Check the path, its permissions and the disk";
  return new LamsachError(
    exitCodes.environment,
    `${path ?? "file system"}: ${syscall} failed (${code}); expected it to work. ${todo}, then run the same command again: it goes on from here.`,
  );
}
