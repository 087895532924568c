import type { Reason } from "./refused-file.js";

/** The canonical columns of a long export, in the contract's order. */
export const canonicalColumns = [
  "record_id",
  "full_name",
  "birth_date",
  "sex",
  "citizen_id",
  "phone",
  "health_insurance_no",
  "nationality",
  "priority_group",
  "workplace",
  "province_code",
  "province",
  "district_code",
  "district",
  "ward_code",
  "ward",
  "address",
  "dose_no",
  "vaccine",
  "vaccination_date",
  "lot_no",
  "facility_code",
  "facility_name",
  "note",
] as const;

export type CanonicalColumn = (typeof canonicalColumns)[number];

/** The columns that belong to a dose; in a wide file each dose has its own. */
export type DoseColumn = "vaccine" | "vaccination_date" | "lot_no" | "facility_code";

/**
 * One delivered file, ready to be read as UTF-8 CSV bytes. Plain data: it is sent to workers and stored as JSON.
 * Nothing in it comes from a data row.
 */
export interface Source {
  /** `source_file` of every record in it. */
  readonly name: string;
  /** The delivered file. */
  readonly path: string;
  readonly format: "csv" | "csv.gz" | "xlsx";
  /** Encoding the delivered text had: utf-8, utf-16le, utf-16be, windows-1258. */
  readonly encoding: string;
  /** The UTF-8 CSV bytes to read: the delivered file itself, or a decoded copy in the run's work folder. */
  readonly bytesPath: string;
  readonly byteLength: number;
  readonly layout: "long" | "wide";
  /** `,` `;` or tab. */
  readonly delimiter: string;
  /** Header texts by column as delivered (two merged header rows are joined with " / "); unique, never blank. */
  readonly headers: readonly string[];
  /** Byte offset in `bytesPath` of the first data row. */
  readonly dataOffset: number;
  /** `source_line` of the first data row. */
  readonly dataLine: number;
  /** What `source_line` counts: physical lines of the text, or (workbooks) one per record, blank ones too. */
  readonly lineUnit: "line" | "record";
  /** Column of each canonical field, -1 when the file has none. In a wide file: the person's columns. */
  readonly columns: Readonly<Record<CanonicalColumn, number>>;
  /** Wide files: the four columns of dose 1, 2, 3, 4; empty for a long export. */
  readonly doses: readonly Readonly<Record<DoseColumn, number>>[];
  /** The pipeline's source coding that matched this file. */
  readonly coding: SourceCoding;
}

/** How a delivery writes sex and dates. */
export interface SourceCoding {
  readonly name: string;
  /** Accepted texts, compared folded and lower case. */
  readonly sex: { readonly male: readonly string[]; readonly female: readonly string[] };
}

/** A file that cannot be read at all; the reason holds no cell or header text that was delivered. */
export interface Refusal extends Reason {
  readonly name: string;
  readonly path: string;
}
