/** One row of the register. */
export interface Person {
  /** Position in the register index. */
  readonly slot: number;
  /** 12 digits. */
  readonly citizenId: string;
  readonly fullName: string;
  /** `yyyy-mm-dd`, or `yyyy` when the register holds only a year. */
  readonly birthDate: string;
  readonly sex: "M" | "F";
  readonly legacyId: string | null;
  readonly status: PersonStatus;
  readonly replacedBy: string | null;
  /** Slot of the live person at the end of the `replaced_by` chain; its own slot when live; null when the chain is cancelled, open or a loop. */
  readonly liveSlot: number | null;
  readonly provinceCode: string;
  readonly districtCode: string | null;
  readonly wardCode: string | null;
}

export const personStatuses = ["active", "deceased", "cancelled", "replaced"] as const;
export type PersonStatus = (typeof personStatuses)[number];
