import type { Source } from "../ingest/source.js";
import { quoteField } from "./byte-writer.js";

export const setNames = ["cleaned", "errors", "exceptions"] as const;
export type SetName = (typeof setNames)[number];

const leading = ["record_id", "source_file", "source_line"] as const;
const judged = ["set", "code", "findings", "reason_vi", "reason_en"] as const;
const standard = [
  "std_citizen_id",
  "std_full_name",
  "std_birth_date",
  "std_sex",
  "std_dose_no",
  "std_vaccine",
  "std_vaccine_cvx",
  "std_vaccination_date",
  "std_facility_code",
] as const;
/** Errors only: the physical line of a row that could not be read. */
const rawLine = "raw_line";

const trailing: Readonly<Record<SetName, readonly string[]>> = {
  cleaned: [...judged, ...standard],
  errors: [...judged, rawLine],
  exceptions: judged,
};

/**
 * Header line of a set file of one source: our columns around the delivered ones. The source's own record_id leads as
 * ours; a delivered header that is one of ours becomes `delivered_…`.
 */
export function setHeader(source: Source, set: SetName): string {
  const own = new Set<string>([...leading, ...judged, ...standard, rawLine]);
  const delivered = source.headers
    .filter((_, column) => column !== source.columns.record_id)
    .map((header) => (own.has(header) ? `delivered_${header}` : header));
  return `${[...leading, ...delivered, ...trailing[set]].map(quoteField).join(",")}\n`;
}

/** Columns of `changes.csv`; see `reports/README.md`. */
export const changesHeader =
  "scope,record_id,source_file,source_line,column,before,after,rule,rules_version\n";

/** File name of a source's set files: its own, with `.csv` for whatever it ended in; the whole name when two would meet. */
export function setFileNames(sourceNames: readonly string[]): string[] {
  const short = sourceNames.map(
    (name) => `${name.replaceAll("/", "__").replace(/(\.(csv|txt|tsv|xlsx))?(\.gz)?$/i, "")}.csv`,
  );
  return short.map((name, position) => {
    const isShared = short.some((other, at) => at !== position && other.toLowerCase() === name.toLowerCase());
    return isShared ? `${(sourceNames[position] as string).replaceAll("/", "__")}.csv` : name;
  });
}
