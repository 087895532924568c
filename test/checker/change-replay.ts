import type { PublishedRecord } from "./published.js";

/** The change log, arranged by what an entry applies to. */
export interface ChangeLog {
  /** source file, column → declared reading. */
  readonly byColumn: ReadonlyMap<string, string>;
  /** source file, column, before → after. */
  readonly byValue: ReadonlyMap<string, string>;
  /** source file, line, record, column → changes in order. */
  readonly byRecord: ReadonlyMap<string, readonly { before: string; after: string }[]>;
}

const header = "scope,record_id,source_file,source_line,column,before,after,rule,rules_version";

/** Reads the rows of changes.csv; entries that contradict each other or lack a rule go to `problems`. */
export function readChanges(rows: readonly (readonly string[])[], problems: string[]): ChangeLog {
  const byColumn = new Map<string, string>();
  const byValue = new Map<string, string>();
  const byRecord = new Map<string, { before: string; after: string }[]>();
  if (rows[0]?.join() !== header) problems.push(`changes.csv: its columns are not ${header}.`);
  rows.slice(1).forEach((row, index) => {
    const where = `changes.csv row ${index + 1}`;
    const [scope, recordId, file, line, column, before, after, rule, version] = row as string[];
    if (!rule || !version) problems.push(`${where}: rule or rules_version is blank.`);
    if (scope === "record") {
      const key = keyOf(file, line, recordId, column);
      byRecord.set(key, [...(byRecord.get(key) ?? []), { before: before ?? "", after: after ?? "" }]);
    } else if (scope === "value" || scope === "column") {
      const map = scope === "value" ? byValue : byColumn;
      const key = scope === "value" ? keyOf(file, column, before) : keyOf(file, column);
      if (map.has(key)) problems.push(`${where}: the same ${scope} is entered twice.`);
      map.set(key, scope === "value" ? (after ?? "") : (rule ?? ""));
      if (scope === "column" && rule !== "read-date") {
        problems.push(`${where}: a column is read by a rule that the checker does not know.`);
      }
    } else problems.push(`${where}: the scope is not column, value or record.`);
  });
  return { byColumn, byValue, byRecord };
}

/** Replays the log on the delivered values of every cleaned record and compares with its std_ columns. */
export function checkReplay(
  cleaned: readonly PublishedRecord[],
  delivered: (record: PublishedRecord, column: string) => string,
  log: ChangeLog,
): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const record of cleaned) {
    const where = `${record.path}, line ${record.line}`;
    let vaccine = "";
    for (const [column, standard] of record.standard) {
      const before = column === "vaccine_cvx" ? vaccine : delivered(record, column);
      const key = keyOf(record.file, String(record.line), record.recordId, column);
      const changes = log.byRecord.get(key);
      used.add(key);
      let after = changes === undefined ? readShared(log, record.file, column, before) : before;
      for (const change of changes ?? []) {
        if (change.before !== after) {
          problems.push(`${where}: changes.csv says that ${column} was something else before.`);
        }
        after = change.after;
      }
      if (column === "vaccine") vaccine = after;
      if (after !== standard) problems.push(`${where}: std_${column} is not what changes.csv makes of it.`);
    }
  }
  const unused = [...log.byRecord.keys()].filter((key) => !used.has(key)).length;
  if (unused > 0) problems.push(`changes.csv: ${unused} record changes belong to no cleaned record.`);
  return problems;
}

function readShared(log: ChangeLog, file: string, column: string, before: string): string {
  const value = log.byValue.get(keyOf(file, column, before));
  if (value !== undefined) return value;
  if (column === "vaccine_cvx") return "";
  if (!log.byColumn.has(keyOf(file, column))) return before;
  const date = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(before);
  if (date === null) return before;
  const [day, month] = [date[1], date[2]].map((part) => (part as string).padStart(2, "0"));
  return `${date[3]}-${month}-${day}`;
}

function keyOf(...parts: readonly (string | undefined)[]): string {
  return JSON.stringify(parts);
}
