import { join } from "node:path";
import { countDays } from "./calendar.js";
import { createDraw, type Random } from "./random.js";
import { readTableFile } from "./table-file.js";

/** A vaccine whose approval in Viet Nam is confirmed. */
export interface Vaccine {
  readonly key: string;
  /** Day of its approval. */
  readonly approvalDay: number;
  /** First day the sample uses it: after the approval and after the programme's first dose. */
  readonly firstDay: number;
  /** Days to the next dose, at least. */
  readonly intervalDays: number;
  /** The platform's name first, then the ways people write it. */
  readonly spellings: readonly string[];
}

/** The vaccines the sample draws from. */
export interface VaccineSource {
  /** For an adult's first dose. */
  drawForAdult(random: Random): Vaccine;
  find(key: string): Vaccine;
}

const use: Readonly<Record<string, { weight: number; from: readonly [number, number, number] }>> = {
  astrazeneca: { weight: 33, from: [2021, 3, 9] },
  vero_cell: { weight: 20, from: [2021, 7, 1] },
  comirnaty: { weight: 36, from: [2021, 7, 20] },
  spikevax: { weight: 8, from: [2021, 8, 1] },
  sputnik_v: { weight: 2, from: [2021, 8, 1] },
  janssen: { weight: 1, from: [2021, 12, 1] },
};

/** Reads `vaccines.csv`; vaccines whose approval date is not confirmed are left out. */
export function readVaccineSource(tablesDir: string): VaccineSource {
  const byKey = new Map<string, Vaccine>();
  const weights: number[] = [];
  for (const row of readTableFile(join(tablesDir, "vaccines.csv"))) {
    const key = row.key ?? "";
    const plan = use[key];
    const approval = /^(\d{4})-(\d\d)-(\d\d)$/.exec(row.vn_approval_date ?? "");
    if (plan === undefined || approval === null || !row.confirmed?.includes("approval date")) continue;
    byKey.set(key, {
      key,
      approvalDay: countDays(Number(approval[1]), Number(approval[2]), Number(approval[3])),
      firstDay: countDays(...(plan.from as [number, number, number])),
      intervalDays: Number(row.interval_min_days_vn) || 28,
      spellings: [row.canonical_name_platform ?? "", ...(row.variants ?? "").split("|")],
    });
    weights.push(plan.weight);
  }
  return {
    drawForAdult: createDraw([...byKey.values()], weights),
    find: (key) => byKey.get(key) as Vaccine,
  };
}
