import type { FindingId } from "../judge/findings.js";
import type { Judge } from "../judge/judge-record.js";
import { ByteWriter } from "./byte-writer.js";
import type { PublishedVerdict } from "./publish-shard.js";
import type { SetName } from "./set-columns.js";
import { deriveStandardRules } from "./standard-values.js";

/** What is written of a verdict, as plain data for worker threads. */
export interface VerdictText {
  readonly set: SetName;
  readonly code: string;
  readonly findings: readonly FindingId[];
  readonly reasonVi: string;
  readonly reasonEn: string;
}

/** The verdicts of a judge as texts: the code's sentence and what to do next. */
export function describeVerdicts({ verdicts }: Judge): VerdictText[] {
  return verdicts.map(({ code, findings }) => ({
    set: code.set,
    code: code.code,
    findings,
    // Of what is clean, nobody has to be told what to do, on millions of lines.
    reasonVi: code.set === "cleaned" ? code.vi : `${code.vi} ${code.todoVi}`,
    reasonEn: code.set === "cleaned" ? code.en : `${code.en} ${code.todoEn}`,
  }));
}

/** The texts in shared memory, so that every task of every thread can carry them. */
export function shareVerdicts(texts: readonly VerdictText[]): Uint8Array<SharedArrayBuffer> {
  const json = Buffer.from(JSON.stringify(texts));
  const shared = new Uint8Array(new SharedArrayBuffer(json.length));
  shared.set(json);
  return shared;
}

/** The reverse of `shareVerdicts`. */
export function readSharedVerdicts(shared: Uint8Array): VerdictText[] {
  return JSON.parse(Buffer.from(shared).toString("utf8")) as VerdictText[];
}

/** The verdicts as the bytes that end a record's line. */
export function renderVerdicts(texts: readonly VerdictText[]): PublishedVerdict[] {
  return texts.map(({ set, code, findings, reasonVi, reasonEn }) => {
    const writer = new ByteWriter(512);
    for (const field of [set, code, findings.join(";"), reasonVi, reasonEn]) {
      writer.putByte(0x2c);
      writer.putField(field);
    }
    return { set, standard: deriveStandardRules(findings), suffix: writer.view() };
  });
}
