import { findCode } from "../../judge/code-catalogue.js";
import { describeCause } from "../cause-sentence.js";
import { formatCount } from "../figures.js";
import type { Cause, Metrics } from "../metrics.js";
import { countSets, percentOf } from "../percentages.js";
import { rankCodes } from "../ranking.js";
import { actorNames } from "./codes.js";
import { type Html, html, joinHtml } from "./html.js";
import { type Section, writeParagraph } from "./section.js";
import { type Both, writeBoth, writeCount, writePercent } from "./wording.js";

/** As many as a manager gives out in one morning. */
const shownSteps = 5;

/**
 * The few things that would move the number most, and who must do them: mistakes that lie behind many records at once,
 * when there are any, then the errors by their kind.
 */
export function describeNextSteps(metrics: Metrics): Section {
  const { errors } = countSets(metrics.doses);
  // An error that nobody has to act on, as a repeated delivery, is no step.
  const codes = rankCodes(metrics, "E")
    .filter((code) => findCode(code)?.actor !== "nobody")
    .slice(0, shownSteps);
  return {
    id: "next-steps",
    title: { vi: "Việc nên làm trước", en: "What to do first" },
    content: [
      ...describeCauses(metrics.causes),
      writeParagraph(
        errors === 0
          ? { vi: "Không có lỗi nào cần sửa.", en: "There are no errors to repair." }
          : {
              vi: `${formatCount(errors, "vi")} mũi là lỗi. Các loại lỗi nhiều nhất, ai phải làm và làm gì:`,
              en: `${formatCount(errors, "en")} doses are errors. The most frequent kinds, who must act and how:`,
            },
      ),
      writeList(codes.map((code) => writeCodeStep(metrics, code, errors))),
    ],
  };
}

function describeCauses(causes: readonly Cause[]): Html[] {
  if (causes.length === 0) {
    return [
      writeParagraph({
        vi: "Không thấy sai sót chung nào đứng sau nhiều bản ghi.",
        en: "No one mistake was seen behind many records.",
      }),
    ];
  }
  const rest = causes.length - shownSteps;
  return [
    writeParagraph({
      vi: "Sai sót chung đứng sau nhiều bản ghi, sửa được một lần cho tất cả:",
      en: "Mistakes behind many records, each put right once for all of them:",
    }),
    writeList(causes.slice(0, shownSteps).map(writeCause)),
    ...(rest > 0
      ? [
          writeParagraph({
            vi: `Còn ${formatCount(rest, "vi")} sai sót khác trong report/causes.csv.`,
            en: `${formatCount(rest, "en")} more are in report/causes.csv.`,
          }),
        ]
      : []),
  ];
}

function writeCause(cause: Cause): Html {
  const { vi, en, whoVi, whoEn } = describeCause(cause);
  return html`<bdi>${writeBoth({ vi, en })}</bdi><br><span class="who">${writeBoth({ vi: whoVi, en: whoEn })}</span>`;
}

function writeCodeStep({ doses }: Metrics, code: string, errors: number): Html {
  const count = doses.byCode[code] ?? 0;
  const entry = findCode(code);
  const texts: readonly Both[] =
    entry === undefined ? [] : [entry, actorNames[entry.actor], { vi: entry.todoVi, en: entry.todoEn }];
  const [meaning, actor, todo] = texts.map(writeBoth);
  return html`<b>${writeCount(count)}</b> (${writePercent(percentOf(count, errors))}) <code>${code}</code> ${meaning ?? html``}<br><span class="who">${actor ?? html``}</span>: ${todo ?? html``}`;
}

function writeList(items: readonly Html[]): Html {
  if (items.length === 0) return html``;
  return html`<ol class="steps">
${joinHtml(items.map((item) => html`<li>${item}</li>`))}
</ol>`;
}
