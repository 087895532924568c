/** Exit codes of the command line; part of the contract. */
export const exitCodes = {
  done: 0,
  withheld: 1,
  usage: 2,
  input: 3,
  environment: 4,
  locked: 5,
  bug: 70,
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
