import fc from "fast-check";
import { describe, it } from "vitest";
import { checkAgreement, checkWritten } from "./fuzz/agreement.js";
import { anyDelivery, damagedDelivery, writtenDelivery } from "./fuzz/deliveries.js";
import { useWorkFolder } from "./support/work-folder.js";

// A small share of the campaign: npm run fuzz -- --runs 100000 --seed 1
describe("the scanner and csv-parse", () => {
  const folder = useWorkFolder();

  it("give the same records, fields, offsets and lines of any well-formed table", () => {
    fc.assert(
      fc.property(writtenDelivery, (delivery) => checkWritten(folder, delivery)),
      { numRuns: 400 },
    );
  });

  it("agree on tables with damaged bytes, where a row that csv-parse refuses costs its line", () => {
    fc.assert(
      fc.property(damagedDelivery, (delivery) => void checkAgreement(folder, delivery)),
      { numRuns: 400 },
    );
  });

  it("agree on any bytes", () => {
    fc.assert(
      fc.property(anyDelivery, (delivery) => void checkAgreement(folder, delivery)),
      { numRuns: 800 },
    );
  });
});
