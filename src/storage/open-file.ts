import { closeSync, constants, openSync } from "node:fs";

export const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/**
 * Opens a file (a new one with mode 0600), hands its descriptor to `work` and closes it, whatever happens. Errors as the
 * file system's; each names `file`, which by themselves only those of calls with a path do.
 */
export function withOpenFile<Result>(file: string, flags: number, work: (handle: number) => Result): Result {
  return nameFailure(file, () => {
    const handle = openSync(file, flags, 0o600);
    try {
      return work(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** As `withOpenFile`, for work that has to wait. */
export async function withFileOpen<Result>(
  file: string,
  flags: number,
  work: (handle: number) => Promise<Result>,
): Promise<Result> {
  const handle = openSync(file, flags, 0o600);
  try {
    return await work(handle);
  } catch (error) {
    throw addPath(error, file);
  } finally {
    nameFailure(file, () => closeSync(handle));
  }
}

/** Makes calls on an open file whose failures name `file`; for a file that stays open for longer than one function. */
export function nameFailure<Result>(file: string, calls: () => Result): Result {
  try {
    return calls();
  } catch (error) {
    throw addPath(error, file);
  }
}

/** The same error; one of the file system that names no path gets `file` as its own. */
export function addPath(error: unknown, file: string): unknown {
  if (!(error instanceof Error)) return error;
  const { syscall, path } = error as NodeJS.ErrnoException;
  return syscall === undefined || path !== undefined ? error : Object.assign(error, { path: file });
}
