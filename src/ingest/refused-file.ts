/** Says that a delivered file cannot be read at all; `reason` holds nothing that was delivered. Becomes a `Refusal`. */
export class RefusedFile extends Error {
  override readonly name = "RefusedFile";
  constructor(readonly reason: string) {
    super(reason);
  }
}
