import { describe, expect, it } from "vitest";
import { isPlausiblePhone } from "./phone.js";

describe("isPlausiblePhone(text)", () => {
  it.each([
    "",
    " ",
    "0912345678",
    "0912 345 678",
    "0912.345.678",
    "(024) 3825-1234",
    "02438251234",
    "01691234567",
    "1691234567",
    "912345678",
    "841234567", // 0841234567, not +84
    "+84912345678",
    "+84 (0)912 345 678",
    "84912345678",
    "0084912345678",
    "+8562012345678",
  ])("%j is", (text) => {
    expect(isPlausiblePhone(text)).toBe(true);
  });

  it.each([
    "091234567",
    "09123456789",
    "079203012345",
    "0000000000",
    "9999999999",
    "không có",
    "0912345678; 0987654321",
    "0912345678.0",
    "01234",
    "-",
    "1".repeat(500),
  ])("%j is not", (text) => {
    expect(isPlausiblePhone(text)).toBe(false);
  });
});
