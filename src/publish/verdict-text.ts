import type { Judge, Verdict } from "../judge/judge-record.js";
import { kernelBytes, kernelLayout, kernelWords } from "../kernel/kernel.js";
import { KernelRegion } from "../kernel/kernel-region.js";
import { ByteWriter } from "./byte-writer.js";
import { type SetName, setNames } from "./set-columns.js";
import { deriveStandardRules, type StandardRules } from "./standard-rules.js";

/** A verdict as it is written beside a record. */
export interface RenderedVerdict {
  readonly set: SetName;
  /** `set,code,findings,reason_vi,reason_en`, a comma before. */
  readonly suffix: Uint8Array;
  readonly standard: StandardRules;
}

/** A verdict whose texts the kernel has. */
export interface PublishedVerdict {
  readonly set: SetName;
  /** Where its suffix stands among the texts. */
  readonly suffixStart: number;
  readonly suffixEnd: number;
  readonly takesRegisterName: boolean;
}

const wordsPerVerdict = kernelLayout.verdictToPutWords;

/** Where the kernel has the verdicts of a judge: words of each, and their texts. */
let place: { readonly words: KernelRegion; readonly texts: KernelRegion } | null = null;
/** Whose verdicts they are: those of one judge at a time. */
let brought: VerdictTexts | null = null;

/** The verdicts of a judge as bytes in the kernel's memory, each rendered once for all sources while no other judge's are brought. */
export class VerdictTexts {
  readonly #judge: Pick<Judge, "verdicts">;
  #known: PublishedVerdict[] = [];
  #textBytes = 0;

  constructor(judge: Pick<Judge, "verdicts">) {
    this.#judge = judge;
  }

  get words(): KernelRegion {
    return findPlace().words;
  }

  get texts(): KernelRegion {
    return findPlace().texts;
  }

  /** Brings all that the judge has reached so far into the kernel's memory, and gives it by `Verdict.index`. */
  bring(): readonly PublishedVerdict[] {
    if (brought !== this) {
      brought = this;
      this.#known = [];
      this.#textBytes = 0;
    }
    for (const verdict of this.#judge.verdicts.slice(this.#known.length)) this.#add(renderVerdict(verdict));
    return this.#known;
  }

  /** The suffix of a verdict that was brought, as bytes of its own. */
  suffixOf({ suffixStart, suffixEnd }: PublishedVerdict): Uint8Array {
    const { address } = this.texts;
    return kernelBytes.slice(address + suffixStart, address + suffixEnd);
  }

  #add({ set, suffix, standard }: RenderedVerdict): void {
    const suffixStart = this.#textBytes;
    const rules = [standard.citizenId, standard.fullName, standard.sex].map((rule) => Buffer.from(rule));
    const pairs = [suffix, ...rules].flatMap((text) => [this.#putText(text), text.length]);
    const before = this.#known.length * wordsPerVerdict * 4;
    const { words } = this;
    words.reserve(before + wordsPerVerdict * 4, before);
    const { takesRegisterName } = standard;
    kernelWords.set(
      [setNames.indexOf(set), ...pairs, Number(takesRegisterName)],
      (words.address + before) / 4,
    );
    this.#known.push({ set, suffixStart, suffixEnd: suffixStart + suffix.length, takesRegisterName });
  }

  /** Puts a text behind the others, and gives where it begins among them. */
  #putText(text: Uint8Array): number {
    const start = this.#textBytes;
    const { texts } = this;
    texts.reserve(start + text.length, start);
    kernelBytes.set(text, texts.address + start);
    this.#textBytes = start + text.length;
    return start;
  }
}

function findPlace(): NonNullable<typeof place> {
  place ??= { words: new KernelRegion(1 << 14), texts: new KernelRegion(1 << 19) };
  return place;
}

/** A verdict as the bytes that end a record's line: the code's sentence and what to do next. */
export function renderVerdict({ code, findings }: Verdict): RenderedVerdict {
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
