import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayNumber } from "../identity/calendar.js";
import { hashName } from "../identity/name-hash.js";
import { noDay } from "./assessment.js";
import { hashBytes, setPersonKey } from "./record-hash.js";
import { createSubject, type Subject } from "./subject.js";

function hashText(text: string): string {
  const bytes = Buffer.from(`..${text}.`);
  const out = { high: 0, low: 0 };
  hashBytes(bytes, 2, bytes.length - 1, out);
  return `${out.high},${out.low}`;
}

function makeSubject({ number = "", name = "", birthDay = noDay, sex = -1 }): Subject {
  const subject = { ...createSubject(), birthDay, sex };
  if (number !== "") {
    subject.high6 = Number(number.slice(0, 6));
    subject.low6 = Number(number.slice(6));
  }
  const bytes = Buffer.from(name);
  hashName(bytes, 0, bytes.length, subject.name);
  return subject;
}

function keyOf(subject: Subject, slot = -1, isNumberTheirs = true): string {
  const out = { high: 1, low: 1 };
  setPersonKey(subject, slot, isNumberTheirs, out);
  expect(out.high).toBe(out.high >>> 0);
  expect(out.low).toBe(out.low >>> 0);
  return `${out.high},${out.low}`;
}

describe("hashBytes(bytes, start, end, out)", () => {
  it("depends on the bytes of the range alone, and is never 0, 0", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), fc.nat(5), (bytes, before) => {
        const one = { high: 0, low: 0 };
        const other = { high: 9, low: 9 };
        hashBytes(bytes, 0, bytes.length, one);
        const larger = Buffer.concat([Buffer.alloc(before, 7), bytes, Buffer.alloc(3, 9)]);
        hashBytes(larger, before, before + bytes.length, other);
        expect(other).toEqual(one);
        expect(one.high === 0 && one.low === 0).toBe(false);
        expect([one.high, one.low]).toEqual([one.high >>> 0, one.low >>> 0]);
      }),
    );
  });

  it("tells 200,000 ids apart that a source would give", () => {
    const seen = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      seen.add(hashText(`R${n}`));
      seen.add(hashText(`79-2021-${String(n).padStart(9, "0")}`));
    }
    expect(seen.size).toBe(200_000);
  });
});

describe("setPersonKey(subject, slot, isNumberTheirs, out)", () => {
  const day = dayNumber(1985, 2, 3);
  const lan = { number: "079185000123", name: "Lê Lan", birthDay: day, sex: 1 };

  it("is the slot alone, whatever the record says", () => {
    expect(keyOf(makeSubject(lan), 7)).toBe(keyOf(makeSubject({}), 7));
    expect(keyOf(makeSubject(lan), 7)).not.toBe(keyOf(makeSubject(lan), 8));
    expect(keyOf(makeSubject({}), 0)).not.toBe("0,0");
  });

  it("is the number when there is no slot, whatever the other fields say", () => {
    const other = makeSubject({ ...lan, name: "Trần An", birthDay: noDay });
    expect(keyOf(makeSubject(lan))).toBe(keyOf(other));
    expect(keyOf(makeSubject(lan))).not.toBe(keyOf(makeSubject({ ...lan, number: "079185000124" })));
  });

  it("tells every two numbers apart", () => {
    const number = fc.nat({ max: 999_999_999_999 }).map((value) => String(value).padStart(12, "0"));
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(keyOf(makeSubject({ number: a })) === keyOf(makeSubject({ number: b }))).toBe(a === b);
      }),
    );
    const close = ["004294967296", "000000000000", "004294967295", "008589934592", "999999999999"];
    expect(new Set(close.map((text) => keyOf(makeSubject({ number: text })))).size).toBe(close.length);
  });

  it("is name, birth date and sex when the number is another's, however the name is spelt", () => {
    const key = keyOf(makeSubject(lan), -1, false);
    expect(keyOf(makeSubject({ ...lan, number: "" }))).toBe(key);
    expect(keyOf(makeSubject({ ...lan, number: "", name: "LE LAN" }))).toBe(key);
    for (const change of [{ name: "Lê Lam" }, { birthDay: day + 1 }, { sex: 0 }, { sex: -1 }])
      expect(keyOf(makeSubject({ ...lan, ...change }), -1, false)).not.toBe(key);
  });

  it.each([
    ["no birth date", { name: "Lê Lan" }],
    ["no name", { birthDay: day }],
    ["nothing", {}],
    ["another's number and no name", { number: "079185000123", birthDay: day }],
  ])("is 0, 0 with %s: a person of its own", (_what, who) => {
    expect(keyOf(makeSubject(who), -1, false)).toBe("0,0");
  });

  it("never takes one kind of key for another, and never says 0, 0 when it knows somebody", () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 31 - 1),
        fc.nat(999_999_999_999),
        fc.integer({ min: -40_000, max: 20_000 }),
        (slot, n, birthDay) => {
          const number = String(n).padStart(12, "0");
          const keys = [
            keyOf(makeSubject({}), slot),
            keyOf(makeSubject({ number })),
            keyOf(makeSubject({ name: `Lê ${n}`, birthDay })),
          ];
          expect(new Set([...keys, "0,0"]).size).toBe(4);
        },
      ),
    );
  });
});
