import { type AssessmentColumns, createColumns } from "../assess/assessment.js";
import type { Register } from "../assess/identify.js";
import { isPlainName, standardName } from "../identity/person-name.js";
import { fieldText } from "../ingest/read-field.js";
import type { Batch } from "../ingest/scanner.js";
import type { CanonicalColumn, Source } from "../ingest/source.js";
import { slotSex } from "../register/register-index.js";
import { quoteField } from "../report/csv-field.js";
import { readFacility } from "../vaccination/facility.js";
import type { Vaccine } from "../vaccination/vaccine.js";
import type { PublishedVerdict } from "./verdict-text.js";

export interface StandardContext {
  readonly source: Source;
  readonly register: Register | null;
  readonly vaccines: readonly Vaccine[];
}

/** A shard as it was assessed and judged. */
export interface JudgedRecords {
  readonly columns: AssessmentColumns;
  /** By record of the shard: position in the table of verdicts. */
  readonly verdicts: Uint32Array;
}

/** Every cell of this column with the text `before` reads as `after`. */
export interface ValueChange {
  readonly column: string;
  readonly before: string;
  readonly after: string;
  readonly rule: string;
}

/**
 * The standard values of a source's cleaned records, where they have to be read from text: the kernel knows numbers and dates,
 * and each text that was asked about before.
 *
 * What all cells of a text read as is told when the kernel meets it for the first time, or again when it has forgotten it. Where
 * several hold shards of one source, each takes its own in their order: told in the order of the shards, each text then comes first
 * where the source has it first.
 */
export class StandardValues {
  readonly #context: StandardContext;
  #columns: AssessmentColumns = createColumns(0);
  #registerNames: ReadonlyMap<number, string> = new Map();
  #told: ValueChange[] = [];

  constructor(context: StandardContext) {
    this.#context = context;
  }

  /** Begins a shard, whose verdicts are in `verdictTable`. */
  begin(shard: JudgedRecords, verdictTable: readonly PublishedVerdict[]): void {
    this.#columns = shard.columns;
    this.#registerNames = fetchRegisterNames(shard, verdictTable, this.#context.register);
  }

  /** What was told since the last call, in the order it was met. */
  takeChanges(): readonly ValueChange[] {
    const taken = this.#told;
    this.#told = [];
    return taken;
  }

  /** The standard form of a name's word; null when it is no plain name: then only the whole name tells. */
  readWord(word: string): string | null {
    return isPlainName(word) ? standardName(word) : null;
  }

  /** A record's standard name as a field: the register's where `takesRegisterName`, else that of the cell. */
  readName(batch: Batch, row: number, record: number, takesRegisterName: boolean): string {
    const slot = this.#columns.slot[record] as number;
    const name = takesRegisterName ? this.#registerNames.get(slot) : undefined;
    return quoteField(name ?? standardName(fieldText(batch, row, this.#context.source.columns.full_name)));
  }

  /** A facility's code as a field; a text that holds none is kept. */
  readFacility(batch: Batch, row: number, column: number): string {
    const before = fieldText(batch, row, column);
    const after = readFacility(before, "").code ?? before;
    this.#tell("facility_code", before, after, "read-facility");
    return quoteField(after);
  }

  tellSex(batch: Batch, row: number, record: number): void {
    const { register, source } = this.#context;
    if (register === null) return;
    const sex = slotSex(register.index, this.#columns.slot[record] as number);
    this.#tell("sex", fieldText(batch, row, source.columns.sex), sex === 0 ? "M" : "F", "read-sex");
  }

  tellDose(batch: Batch, row: number, record: number): void {
    const before = fieldText(batch, row, this.#context.source.columns.dose_no);
    this.#tell("dose_no", before, String(this.#columns.dose[record]), "read-dose-number");
  }

  /** `column`: of the record's dose. */
  tellVaccine(batch: Batch, row: number, record: number, column: number): void {
    this.#tell("vaccine", fieldText(batch, row, column), this.#vaccineOf(record).key, "read-vaccine");
  }

  tellCvx(record: number): void {
    const { key, cvx } = this.#vaccineOf(record);
    this.#tell("vaccine_cvx", key, cvx, "read-vaccine");
  }

  #vaccineOf(record: number): Vaccine {
    return this.#context.vaccines[this.#columns.vaccine[record] as number] as Vaccine;
  }

  #tell(column: CanonicalColumn | "vaccine_cvx", before: string, after: string, rule: string): void {
    if (before !== after) this.#told.push({ column, before, after, rule });
  }
}

/** Standard forms of the register's names, by slot, for the cleaned records of the shard that take them over. */
function fetchRegisterNames(
  { columns, verdicts }: JudgedRecords,
  verdictTable: readonly PublishedVerdict[],
  register: Register | null,
): ReadonlyMap<number, string> {
  const takesName = verdictTable.map(({ set, takesRegisterName }) => set === "cleaned" && takesRegisterName);
  const slots: number[] = [];
  for (let record = 0; record < verdicts.length; record++) {
    if (takesName[verdicts[record] as number]) slots.push(columns.slot[record] as number);
  }
  const names = new Map<number, string>();
  if (register === null || slots.length === 0) return names;
  for (const [slot, name] of register.reader.fullNames(slots)) names.set(slot, standardName(name));
  return names;
}
