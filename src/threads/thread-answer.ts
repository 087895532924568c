import { type ExitCode, LamsachError } from "../errors.js";

/** What a thread answers: an error would lose its kind and code on the way, so it is told as data. */
export type Answer<Result> = { readonly result: Result } | { readonly failure: Failure };

export interface Failure {
  /** Of a `LamsachError`; null for any other error. */
  readonly exitCode: ExitCode | null;
  readonly message: string;
  readonly stack: string | null;
  readonly code?: string;
  readonly syscall?: string;
  readonly path?: string;
}

/** Does `work` in a thread and tells how it ended. What is thrown and is no error is thrown on. */
export function answer<Result>(work: () => Result): Answer<Result> {
  try {
    return { result: work() };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

/** As `answer`, for work that has to wait. */
export async function answerLater<Result>(work: () => Promise<Result>): Promise<Answer<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

/** The result that a thread answered with; throws the error it met instead. */
export function takeAnswer<Result>(answered: Answer<Result>): Result {
  if ("failure" in answered) throw reviveError(answered.failure);
  return answered.result;
}

function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) throw error;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  return {
    exitCode: error instanceof LamsachError ? error.exitCode : null,
    message: error.message,
    stack: error.stack ?? null,
    ...(code === undefined ? {} : { code }),
    ...(syscall === undefined ? {} : { syscall }),
    ...(path === undefined ? {} : { path }),
  };
}

function reviveError({ exitCode, message, stack, ...system }: Failure): Error {
  if (exitCode !== null) return new LamsachError(exitCode, message);
  const error = Object.assign(new Error(message), system);
  if (stack !== null) error.stack = stack;
  return error;
}
