import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkBalance } from "./fuzz/balance.js";
import { wholeDelivery } from "./fuzz/whole-deliveries.js";
import { population } from "./single-fault/clean-file.js";
import { openReadingRoom, type ReadingRoom } from "./support/product-reading.js";
import { useWorkFolder } from "./support/work-folder.js";

// A small share of the campaign: npm run fuzz -- --runs 100000 --seed 1 --only whole
describe("any delivery", () => {
  const folder = useWorkFolder();
  let room: ReadingRoom;
  beforeAll(async () => {
    room = await openReadingRoom(folder, population);
  });
  afterAll(() => room.register.reader.close());

  it("is refused with a reason, or read so that the books balance", async () => {
    let read = 0;
    const property = fc.asyncProperty(wholeDelivery, async (delivery) => {
      if (await checkBalance(room, delivery)) read++;
    });
    await fc.assert(property, { numRuns: 300 });
    expect(read).toBeGreaterThan(100);
  });
});
