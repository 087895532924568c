import type { Source } from "../ingest/source.js";
import { quoteField } from "../report/csv-field.js";

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
/** Errors only, of a row that could not be read: what is wrong and where (`FaultPlace`), and the physical line. */
const unreadable = ["fault", "fault_column", "fault_byte", "raw_line"] as const;
/** How many of an errors file's columns are empty when the row could be read. */
export const unreadableHeaders = unreadable.length;

const trailing: Readonly<Record<SetName, readonly string[]>> = {
  cleaned: [...judged, ...standard],
  errors: [...judged, ...unreadable],
  exceptions: judged,
};

/** What `ownIdColumn` asks of a source. */
interface IdSource {
  readonly layout: Source["layout"];
  readonly columns: { readonly record_id: number };
}

/**
 * Column that gives the records their `record_id` and is therefore no delivered column any more, or -1. A template's
 * record id is made of file, line and dose: a record_id column there is a delivered column like any other.
 */
export function ownIdColumn({ layout, columns }: IdSource): number {
  return layout === "wide" ? -1 : columns.record_id;
}

/**
 * Columns of a set file of one source: ours around the delivered ones. The column of `ownIdColumn` leads as ours; a
 * delivered header that is one of ours becomes `delivered_…` in every set. No two headers of a file are alike: one that
 * would be taken again ends in `_2`, `_3`, ….
 */
export function setColumns(source: Source, set: SetName): string[] {
  const ownColumn = ownIdColumn(source);
  const headers = nameDelivered(source.headers.filter((_, column) => column !== ownColumn));
  return [...leading, ...headers, ...trailing[set]];
}

/** Header line of a set file of one source. */
export function setHeader(source: Source, set: SetName): string {
  return `${setColumns(source, set).map(quoteField).join(",")}\n`;
}

/** Position in the set files of a delivered column other than that of `ownIdColumn`; -1 for column -1. */
export function locateDelivered(source: Source, column: number): number {
  if (column < 0) return -1;
  const own = ownIdColumn(source);
  return leading.length + column - Number(own >= 0 && own < column);
}

const ownHeaders: ReadonlySet<string> = new Set([...leading, ...judged, ...standard, ...unreadable]);

function nameDelivered(headers: readonly string[]): string[] {
  // What keeps its name comes before what is renamed, wherever it stands.
  const kept = new Set(headers.filter((header) => !ownHeaders.has(header)));
  const given = new Set<string>();
  return headers.map((header) => {
    const isKept = !ownHeaders.has(header) && !given.has(header);
    const wanted = ownHeaders.has(header) ? `delivered_${header}` : header;
    let name = wanted;
    for (let count = 2; !isKept && (given.has(name) || kept.has(name) || ownHeaders.has(name)); count++) {
      name = `${wanted}_${count}`;
    }
    given.add(name);
    return name;
  });
}

/** Columns of `changes.csv`; see `reports/README.md`. */
export const changesHeader =
  "scope,record_id,source_file,source_line,column,before,after,rule,rules_version\n";

/**
 * File names of the sources' set files: each source's own name, with `.csv` for whatever it ended in; the whole name and
 * `.csv` where two would meet; then `-2`, `-3`, … in the order of the sources' names. No two are the same file, on a
 * disk that ignores case and Unicode form either, whatever order the sources come in.
 */
export function setFileNames(sourceNames: readonly string[]): string[] {
  const whole = sourceNames.map((name) => name.replaceAll("/", "__"));
  const short = whole.map((name) => `${name.replace(/(\.(csv|txt|tsv|xlsx))?(\.gz)?$/i, "")}.csv`);
  const shared = findShared(short);
  const wanted = short.map((name, at) => (shared.has(diskName(name)) ? `${whole[at]}.csv` : name));
  const stillShared = findShared(wanted);
  const given = new Set(wanted.map(diskName).filter((name) => !stillShared.has(name)));
  const names = [...wanted];
  const inOrder = [...sourceNames.keys()].sort((a, b) =>
    (sourceNames[a] as string) < (sourceNames[b] as string) ? -1 : 1,
  );
  for (const at of inOrder) {
    if (!stillShared.has(diskName(wanted[at] as string))) continue;
    let name = wanted[at] as string;
    for (let count = 2; given.has(diskName(name)); count++) name = `${whole[at]}-${count}.csv`;
    given.add(diskName(name));
    names[at] = name;
  }
  return names;
}

/** What a disk that ignores case and Unicode form makes of a file name. */
function diskName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function findShared(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const name of names.map(diskName)) {
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return shared;
}
