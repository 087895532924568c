import type { Judge, Verdict } from "../judge/judge-record.js";
import { ByteWriter } from "./byte-writer.js";
import type { SetName } from "./set-columns.js";
import { deriveStandardRules, type StandardRules } from "./standard-rules.js";

/** A verdict as it is written beside a record. */
export interface PublishedVerdict {
  readonly set: SetName;
  /** `set,code,findings,reason_vi,reason_en`, a comma before. */
  readonly suffix: Uint8Array;
  readonly standard: StandardRules;
}

/** The verdicts of a judge as bytes, each rendered once, however many sources have it. */
export interface VerdictTexts {
  /** All that the judge has reached so far, by `Verdict.index`. */
  list(): readonly PublishedVerdict[];
}

export function createVerdictTexts({ verdicts }: Pick<Judge, "verdicts">): VerdictTexts {
  const rendered: PublishedVerdict[] = [];
  return {
    list() {
      for (const verdict of verdicts.slice(rendered.length)) rendered.push(renderVerdict(verdict));
      return rendered;
    },
  };
}

/** A verdict as the bytes that end a record's line: the code's sentence and what to do next. */
export function renderVerdict({ code, findings }: Verdict): PublishedVerdict {
  // Of what is clean, nobody has to be told what to do, on millions of lines.
  const isClean = code.set === "cleaned";
  const reasonVi = isClean ? code.vi : `${code.vi} ${code.todoVi}`;
  const reasonEn = isClean ? code.en : `${code.en} ${code.todoEn}`;
  const writer = new ByteWriter(512);
  for (const field of [code.set, code.code, findings.join(";"), reasonVi, reasonEn]) {
    writer.putByte(0x2c);
    writer.putField(field);
  }
  return { set: code.set, standard: deriveStandardRules(findings), suffix: writer.view() };
}
