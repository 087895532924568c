import { describe, expect, it } from "vitest";
import { isNoDirectWay, takePages } from "./direct-io.js";

describe("isNoDirectWay(error)", () => {
  it.each(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"])(
    "takes %s for the answer of a file system that has none",
    (code) => {
      expect(isNoDirectWay(Object.assign(new Error(), { code }))).toBe(true);
    },
  );

  it.each(["ENOSPC", "EIO", undefined])("takes %s for a failure", (code) => {
    expect(isNoDirectWay(Object.assign(new Error(), { code }))).toBe(false);
  });
});

describe("takePages(bytes)", () => {
  it("gives memory of its own, all zero", () => {
    const [one, other] = [takePages(1 << 17), takePages(1 << 17)];
    one.fill(1);
    expect(one).toHaveLength(1 << 17);
    expect(other.every((byte) => byte === 0)).toBe(true);
  });
});
