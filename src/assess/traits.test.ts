import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ageBands } from "../identity/age-band.js";
import { dayNumber } from "../identity/calendar.js";
import { readCitizenId } from "../identity/citizen-id.js";
import { loadPipeline } from "../pipeline/pipeline.js";
import { loadTables } from "../pipeline/tables.js";
import { noDay } from "./assessment.js";
import { createTraitReader, packTraits, unpackTraits } from "./traits.js";

const pipeline = loadPipeline("pipelines/covid19-vaccination.yaml");
const tables = loadTables(pipeline);
const { placeholders, maxAgeYears } = pipeline.rules;
const readTraits = createTraitReader({ asOfDay: dayNumber(2023, 6, 13), maxAgeYears, tables });

/** Age band, sex and place of registration, as words. */
function traitsOf(citizenId: string, birthDay: number = noDay, sex = -1): string {
  const reading = readCitizenId(citizenId, { placeholders });
  const isExact = reading.number !== null;
  const traits = unpackTraits(
    readTraits({
      high6: isExact ? Number(citizenId.slice(0, 6)) : -1,
      low6: isExact ? Number(citizenId.slice(6)) : -1,
      reading: isExact ? null : reading,
      birthDay,
      sex,
    }),
  );
  return [
    ageBands[traits.ageBand - 1]?.key ?? "?",
    ["?", "M", "F"][traits.sex],
    ["?", "Viet Nam", "abroad"][traits.birthplace],
  ].join(" ");
}

describe("createTraitReader(rules)", () => {
  it.each([
    ["as the row says", "001090000001", dayNumber(1950, 2, 1), 1, "65-79 F Viet Nam"],
    ["a row that says nothing, by the number's digits", "001190000001", noDay, -1, "30-39 F Viet Nam"],
    ["a birth registered in a country", "116205000009", noDay, -1, "18-29 M abroad"],
    ["the first and the last country", "295318000009", noDay, -1, "05-11 F abroad"],
    ["000, which is Viet Nam", "000090000001", noDay, -1, "30-39 M Viet Nam"],
    ["a row without a number", "", dayNumber(2012, 1, 1), 0, "05-11 M ?"],
    ["nothing at all", "", noDay, -1, "? ? ?"],
    ["a placeholder", "111111111111", noDay, -1, "? ? ?"],
    ["a place that is none", "099190000001", noDay, -1, "? ? ?"],
    ["a place that is none, of a row that says the rest", "300190000001", noDay, 0, "? M ?"],
    ["a year to come", "001290000001", noDay, -1, "? M Viet Nam"],
    ["separators", "116 205 000 009", noDay, -1, "18-29 M abroad"],
    ["zeros that a spreadsheet took", "1190000001", noDay, -1, "30-39 F Viet Nam"],
    ["an old number", "012345679", noDay, -1, "? ? ?"],
    ["a phone number", "0912345678", noDay, -1, "? ? ?"],
    ["a phone number with separators", "0912.345.678", noDay, -1, "? ? ?"],
    ["a phone number with a country code", "84312345678", noDay, -1, "? ? ?"],
    ["a passport", "B1234567", noDay, -1, "? ? ?"],
  ] as const)("reads %s", (_, citizenId, birthDay, sex, expected) => {
    expect(traitsOf(citizenId, birthDay, sex)).toBe(expected);
  });
});

describe("packTraits and unpackTraits", () => {
  it("are each other's inverse, in one byte", () => {
    const traits = fc.record({
      ageBand: fc.nat(ageBands.length),
      sex: fc.nat(2),
      birthplace: fc.nat(2),
    });
    fc.assert(
      fc.property(traits, (given) => {
        const packed = packTraits(given);
        expect(packed).toBeLessThan(256);
        expect(unpackTraits(packed)).toEqual(given);
      }),
    );
  });
});
