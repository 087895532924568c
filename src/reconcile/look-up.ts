/*
 * Loops over whole columns, each alone in a function and over arrays of one kind: what the engine has compiled for one
 * of them stays right for the next.
 */

/** What `table` holds at each entry of a column, in the column's order. */
export function lookUp(column: Uint32Array | Uint8Array, table: Uint32Array): Uint32Array {
  const found = new Uint32Array(column.length);
  for (let at = 0; at < column.length; at++) found[at] = table[column[at] as number] as number;
  return found;
}

/** The highest of the numbers; 0 when there is none. */
export function findHighest(numbers: Uint32Array): number {
  let highest = 0;
  for (let at = 0; at < numbers.length; at++) highest = Math.max(highest, numbers[at] as number);
  return highest;
}
