import type { Verdict } from "../judge/judge-record.js";
import { ByteWriter } from "./byte-writer.js";
import type { PublishedVerdict } from "./publish-shard.js";
import { deriveStandardRules } from "./standard-rules.js";

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
