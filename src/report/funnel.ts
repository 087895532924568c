import type { Metrics, Tally } from "./metrics.js";

/** A count in the two units that results are always given in. */
export interface UnitCounts {
  readonly doses: number;
  readonly people: number;
}

export type FunnelStepId =
  | "delivered"
  | "readable"
  | "unique"
  | "with-id"
  | "right-format"
  | "mandatory-fields"
  | "authenticated"
  | "cleaned";

/** What is left after a step, and the codes that left at it (those that occur, in the order of their text). */
export interface FunnelStep {
  readonly id: FunnelStepId;
  readonly vi: string;
  readonly en: string;
  readonly left: readonly CodeCounts[];
  readonly remaining: UnitCounts;
}

export interface CodeCounts extends UnitCounts {
  readonly code: string;
}

/** The way from what was delivered to what is clean; `cleaned` splits the last step by how it was authenticated. */
export interface Funnel {
  readonly steps: readonly FunnelStep[];
  readonly cleaned: readonly CodeCounts[];
}

/** Codes by prefix, in the order in which a policy judges; whatever fits no earlier step leaves at the last one. */
const stepPlan: readonly { id: FunnelStepId; vi: string; en: string; leaves: readonly string[] }[] = [
  { id: "delivered", vi: "Bản ghi nhận được", en: "Records delivered", leaves: [] },
  { id: "readable", vi: "Đọc được", en: "Readable", leaves: ["E1"] },
  { id: "unique", vi: "Không trùng lặp khi gửi", en: "Delivered once", leaves: ["E40", "E42"] },
  { id: "with-id", vi: "Có số định danh", en: "With a citizen ID", leaves: ["X1"] },
  { id: "right-format", vi: "Số định danh đúng định dạng", en: "ID in the right format", leaves: ["X2"] },
  {
    id: "mandatory-fields",
    vi: "Đủ họ tên, ngày sinh, giới tính",
    en: "Name, birth date and sex present",
    leaves: ["E20", "E21", "E22"],
  },
  {
    id: "authenticated",
    vi: "Xác thực đúng với CSDL quốc gia về dân cư",
    en: "Authenticated with the population register",
    // E36, E60 and E61 could not be compared with one person, so they never were authenticated.
    leaves: ["X3", "E36", "E60", "E61"],
  },
  {
    id: "cleaned",
    vi: "Mũi tiêm hợp lệ: dữ liệu sạch",
    en: "Dose without errors: clean",
    leaves: ["E", "X"],
  },
];

/** Follows doses and people from delivery to clean data, by the code of each; the last step is what is cleaned. */
export function buildFunnel(metrics: Metrics): Funnel {
  const codes = [...new Set([...Object.keys(metrics.doses.byCode), ...Object.keys(metrics.people.byCode)])]
    .filter((code) => countCode(metrics.doses, code) > 0 || countCode(metrics.people, code) > 0)
    .sort();
  const counts = codes.map((code) => ({
    code,
    doses: countCode(metrics.doses, code),
    people: countCode(metrics.people, code),
  }));
  const byStep = new Map<FunnelStepId, CodeCounts[]>();
  for (const count of counts) {
    const step = stepPlan.find(({ leaves }) => leaves.some((prefix) => count.code.startsWith(prefix)));
    if (step !== undefined) byStep.set(step.id, [...(byStep.get(step.id) ?? []), count]);
  }
  const remaining = { doses: metrics.doses.records, people: metrics.people.records };
  const steps = stepPlan.map(({ id, vi, en }) => {
    const left = byStep.get(id) ?? [];
    for (const { doses, people } of left) {
      remaining.doses -= doses;
      remaining.people -= people;
    }
    return { id, vi, en, left, remaining: { ...remaining } };
  });
  return { steps, cleaned: counts.filter(({ code }) => code.startsWith("C")) };
}

function countCode(tally: Tally, code: string): number {
  return tally.byCode[code] ?? 0;
}
