import type { CanonicalColumn } from "../ingest/source.js";
import { quoteField } from "../report/csv-field.js";
import { readFacility } from "../vaccination/facility.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import { createValueNotes, createValueReader } from "./value-readings.js";

/** Every cell of this column with the text `before` reads as `after`. */
export interface ValueChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
  readonly rule: string;
}

/**
 * How the texts of a source's columns read: each is understood, and told, when it is first met in one of the source's shards.
 * Where several hold shards of one source, each takes its own in their order: told in the order of the shards, each text
 * then comes first where the source has it first.
 */
export interface StandardReadings {
  readonly noteSex: ReturnType<typeof createValueNotes>;
  readonly noteVaccine: ReturnType<typeof createValueNotes>;
  readonly noteDose: ReturnType<typeof createValueNotes>;
  /** Tells the CVX of a vaccine; `vaccine`: its position in the vaccine table. */
  noteCvx(vaccine: number): void;
  readonly readFacilityField: ReturnType<typeof createValueReader>;
  /** What was told since the last call, in the order it was met. */
  takeChanges(): readonly ValueChange[];
}

/** Makes the readings of a source, for all shards of it that are published one after the other. */
export function createStandardReadings(vaccines: readonly Vaccine[]): StandardReadings {
  let told: ValueChange[] = [];
  const isCvxTold = new Uint8Array(vaccines.length);
  const tellAs =
    (column: CanonicalColumn, rule: string) =>
    (before: string, after: string): void => {
      told.push({ column, before, after, rule });
    };
  return {
    noteSex: createValueNotes(tellAs("sex", "read-sex")),
    noteVaccine: createValueNotes(tellAs("vaccine", "read-vaccine")),
    noteDose: createValueNotes(tellAs("dose_no", "read-dose-number")),
    noteCvx(vaccine) {
      if (isCvxTold[vaccine] !== 0) return;
      isCvxTold[vaccine] = 1;
      const { key, cvx } = vaccines[vaccine] as Vaccine;
      told.push({ column: "vaccine_cvx", before: key, after: cvx, rule: "read-vaccine" });
    },
    readFacilityField: createValueReader(
      tellAs("facility_code", "read-facility"),
      (text) => readFacility(text, "").code ?? text,
      quoteField,
    ),
    takeChanges() {
      const taken = told;
      told = [];
      return taken;
    },
  };
}
