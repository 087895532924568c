/** Why a file is refused, for who works the command line and, in Vietnamese, for who reads the page. */
export interface Reason {
  readonly reason: string;
  readonly reasonVi: string;
}

/** Says that a delivered file cannot be read at all; the reason holds nothing that was delivered. Becomes a `Refusal`. */
export class RefusedFile extends Error implements Reason {
  override readonly name = "RefusedFile";
  constructor(
    readonly reason: string,
    readonly reasonVi: string,
  ) {
    super(reason);
  }
}
