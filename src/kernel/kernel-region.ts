import { claimMemory, kernelBytes, kernelLayout } from "./kernel.js";

const { slack } = kernelLayout;

/** A piece of the kernel's memory that is as large as what it has to hold: at least `capacity` bytes from `address` on. */
export class KernelRegion {
  #address: number;
  #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#address = claimMemory(capacity + slack);
  }

  get address(): number {
    return this.#address;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for `bytes`: at another address, with its first `kept` bytes, when there is too little. */
  reserve(bytes: number, kept = 0): void {
    if (bytes <= this.#capacity) return;
    // At least twice as large: what is left behind is never more than what is used.
    const capacity = Math.max(bytes, 2 * this.#capacity);
    const address = claimMemory(capacity + slack);
    kernelBytes.copyWithin(address, this.#address, this.#address + kept);
    this.#address = address;
    this.#capacity = capacity;
  }
}
