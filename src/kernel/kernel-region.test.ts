import { describe, expect, it } from "vitest";
import { askKernel, kernelBytes, kernelWords } from "./kernel.js";
import { KernelRegion } from "./kernel-region.js";

describe("KernelRegion", () => {
  it("keeps what it is told to keep when it grows, and no other region's bytes change", () => {
    const one = new KernelRegion(100);
    const other = new KernelRegion(1000);
    kernelBytes.fill(1, one.address, one.address + one.capacity);
    kernelBytes.fill(2, other.address, other.address + other.capacity);
    one.reserve(1_000_000, 60);
    expect(one.capacity).toBeGreaterThanOrEqual(1_000_000);
    kernelBytes.fill(3, one.address + 60, one.address + one.capacity);
    expect(new Set(kernelBytes.subarray(one.address, one.address + 60))).toEqual(new Set([1]));
    expect(new Set(kernelBytes.subarray(other.address, other.address + other.capacity))).toEqual(
      new Set([2]),
    );
  });

  it("stays where it is while there is room, at an address that words can stand at", () => {
    const regions = [1, 7, 100, 5000].map((bytes) => new KernelRegion(bytes));
    for (const region of regions) {
      const { address, capacity } = region;
      region.reserve(capacity);
      expect(region.address).toBe(address);
      expect(address % 16).toBe(0);
    }
  });

  it("is not touched by a long text that the kernel is asked about", () => {
    const region = new KernelRegion(1 << 16);
    kernelWords.fill(7, region.address / 4, (region.address + region.capacity) / 4);
    askKernel("hashBytes", new Uint8Array(1 << 22).fill(0x61), 0, 1 << 22);
    expect(new Set(kernelWords.subarray(region.address / 4, (region.address + region.capacity) / 4))).toEqual(
      new Set([7]),
    );
  });
});
