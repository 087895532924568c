/** A stream of numbers that follows from its seed alone. */
export interface Random {
  /** Uniform in 0 .. bound - 1; bound at most 2^32. */
  below(bound: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T;
}

const range = 4_294_967_296;

/** Mixes a 32-bit number well enough to seed from (the finaliser of splitmix32). */
export function mixBits(value: number): number {
  let mixed = (value + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Starts a stream (sfc32) from a seed; equal seeds give equal streams on every machine. */
export function createRandom(seed: number): Random {
  let a = mixBits(seed) | 0;
  let b = mixBits(a ^ Math.floor(seed / range)) | 0;
  let c = mixBits(b) | 0;
  let counter = 1;
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  for (let turn = 0; turn < 12; turn++) next();
  return {
    below: (bound) => Math.floor((next() / range) * bound),
    chance: (probability) => next() < probability * range,
    pick: <T>(items: readonly T[]): T => items[Math.floor((next() / range) * items.length)] as T,
  };
}

/** A draw among items by weight, in constant time (Walker's alias method); weights need not add up to one. */
export function createDraw<T>(items: readonly T[], weights: readonly number[]): (random: Random) => T {
  const count = items.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const share = weights.map((weight) => (weight * count) / total);
  const alias = new Int32Array(count);
  const small: number[] = [];
  const large: number[] = [];
  for (const [index, value] of share.entries()) (value < 1 ? small : large).push(index);
  while (small.length > 0 && large.length > 0) {
    const low = small.pop() as number;
    const high = large.pop() as number;
    alias[low] = high;
    share[high] = (share[high] as number) + (share[low] as number) - 1;
    ((share[high] as number) < 1 ? small : large).push(high);
  }
  for (const index of [...small, ...large]) share[index] = 1;
  return (random) => {
    const slot = random.below(count);
    const own = random.below(range) / range < (share[slot] as number);
    return items[own ? slot : (alias[slot] as number)] as T;
  };
}
