import { buildFunnel, type CodeCounts } from "../funnel.js";
import type { Metrics } from "../metrics.js";
import { percentOf } from "../percentages.js";
import { drawFlow } from "./charts.js";
import { codeColumns, writeCodeCells } from "./codes.js";
import { type Html, html, joinHtml } from "./html.js";
import { type Section, writeFigure } from "./section.js";
import { writeTable } from "./tables.js";
import { writeBoth, writeCount, writePercent } from "./wording.js";

/** The way from delivered to clean: what is left after each step, and which codes left at it. */
export function describeFlow(metrics: Metrics): Section {
  const { steps, cleaned } = buildFunnel(metrics);
  return {
    id: "flow",
    title: { vi: "Từ dữ liệu nhận được đến dữ liệu sạch", en: "From delivered to clean" },
    content: [
      writeFigure(
        {
          vi: "Số mũi còn lại sau mỗi bước, và số rời đi ở bước đó: sang lỗi hoặc sang ngoại lệ",
          en: "Doses left after each step, and those that left at it: to the errors or to the exceptions",
        },
        (language) => drawFlow(metrics, language),
      ),
      writeTable({
        caption: { vi: "Sau mỗi bước còn lại bao nhiêu", en: "What is left after each step" },
        columns: [
          { name: { vi: "Bước", en: "Step" } },
          { name: { vi: "Còn lại (mũi)", en: "Left (doses)" }, isNumber: true },
          { name: { vi: "Còn lại (người)", en: "Left (people)" }, isNumber: true },
          { name: { vi: "Tỷ lệ mũi", en: "Share of doses" }, isNumber: true },
          {
            name: { vi: "Rời đi ở bước này: mã, mũi (người)", en: "Left at this step: code, doses (people)" },
            isText: true,
          },
        ],
        rows: steps.map(({ vi, en, left, remaining }) => ({
          cells: [
            writeBoth({ vi, en }),
            writeCount(remaining.doses),
            writeCount(remaining.people),
            writePercent(percentOf(remaining.doses, metrics.doses.records)),
            listLeft(left),
          ].map((content) => ({ content })),
        })),
      }),
      writeTable({
        caption: { vi: "Dữ liệu sạch, theo cách xác thực", en: "Clean data, by how it was authenticated" },
        columns: codeColumns,
        rows: cleaned.map((counts) => ({ cells: writeCodeCells(counts) })),
      }),
    ],
  };
}

function listLeft(left: readonly CodeCounts[]): Html {
  return joinHtml(
    left.map(
      ({ code, doses, people }) =>
        html`<span class="left"><code>${code}</code> ${writeCount(doses)} (${writeCount(people)})</span>`,
    ),
  );
}
