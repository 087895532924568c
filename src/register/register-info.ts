import { z } from "zod";
import { personStatuses } from "./person.js";

const count = z.int().nonnegative();

/** What is stored of a built register beside its people. */
export const registerInfoSchema = z.strictObject({
  version: z.string().regex(/^[0-9a-f]{64}$/),
  people: count,
  statuses: z.record(z.enum(personStatuses), count),
  yearOnly: count,
  withLegacyId: count,
  chains: z.strictObject({ followed: count, loops: count, openEnds: count, longest: count }),
  leftOut: count,
  byProvince: z.record(z.string(), count),
  bytesPerPerson: z.number().nonnegative(),
  builtFrom: z.array(z.strictObject({ file: z.string(), rows: count })),
});

/**
 * What a register is made of, with no person in it. `version` is a SHA-256 over the sorted people: the same people
 * always have the same version, however their rows were ordered or split. `chains.followed` + `loops` + `openEnds` =
 * `statuses.replaced`; `leftOut` counts impossible rows; `byProvince` is keyed by province_code ("" when blank);
 * `bytesPerPerson` is the index in memory; `builtFrom` names base names only, data rows counted.
 */
export type RegisterInfo = Readonly<z.infer<typeof registerInfoSchema>>;
