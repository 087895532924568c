import { type Html, html, joinHtml } from "./html.js";
import { type Both, writeBoth } from "./wording.js";

export interface Column {
  readonly name: Both;
  readonly isNumber?: boolean;
  /** Holds sentences: on a phone the table gets wider than the screen rather than this column a word wide. */
  readonly isText?: boolean;
}

/** A cell; `value` is what its column is sorted by, when that is not its text. */
export interface Cell {
  readonly content: Html;
  readonly value?: number;
}

export interface Table {
  readonly caption: Both;
  readonly columns: readonly Column[];
  /** The first cell of a row is the row's header. `key`: what the page's data call the row. */
  readonly rows: readonly { readonly key?: string; readonly cells: readonly Cell[] }[];
  /** The script lets readers sort it, and filter it when it is long. */
  readonly isSortable?: boolean;
  readonly id?: string;
}

/** A table that scrolls sideways, by keyboard too, where it is wider than the screen. */
export function writeTable({ caption, columns, rows, isSortable, id }: Table): Html {
  const name = id === undefined ? html`` : html` id="${id}"`;
  const kind = isSortable ? html` class="sortable"` : html``;
  return html`<div class="scroll" role="region" aria-label="${caption.vi} / ${caption.en}" tabindex="0"><table${name}${kind}>
<caption>${writeBoth(caption)}</caption>
<thead><tr>${joinInline(columns.map((column) => html`<th scope="col"${classOf(column)}>${writeBoth(column.name)}</th>`))}</tr></thead>
<tbody>
${joinHtml(rows.map(({ key, cells }) => writeRow(columns, cells, key)))}
</tbody>
</table></div>`;
}

function writeRow(columns: readonly Column[], cells: readonly Cell[], key: string | undefined): Html {
  const written = cells.map(({ content, value }, index) => {
    const sorted = value === undefined ? html`` : html` data-value="${value}"`;
    const column = columns[index];
    return index === 0
      ? html`<th scope="row"${classOf(column)}${sorted}>${content}</th>`
      : html`<td${classOf(column)}${sorted}>${content}</td>`;
  });
  const named = key === undefined ? html`` : html` data-key="${key}"`;
  return html`<tr${named}>${joinInline(written)}</tr>`;
}

function classOf(column: Column | undefined): Html {
  if (column?.isNumber) return html` class="number"`;
  return column?.isText ? html` class="text"` : html``;
}

function joinInline(pieces: readonly Html[]): Html {
  return { markup: pieces.map(({ markup }) => markup).join("") };
}
