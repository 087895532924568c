import { move, transferableSymbol, valueSymbol } from "piscina";

/** An answer of a thread that takes memory with it: what is in it is not copied, and the thread has it no longer. */
export function moveMemory<Answered extends object>(
  answered: Answered,
  outputs: readonly { readonly memory: ArrayBuffer }[],
): Answered {
  const movable = {
    [transferableSymbol]: outputs.map(({ memory }) => memory),
    [valueSymbol]: answered,
  };
  // Piscina sends the value alone.
  return move(movable) as unknown as Answered;
}
