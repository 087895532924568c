/*
 * How docs/rules.md compares texts, written a second time: the checker shares no code with the pipeline.
 */

const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;

/** Compatibility forms resolved, without the spaces, controls and unseen characters at both ends. */
export function tidy(cell: string): string {
  const text = cell.normalize("NFKC");
  const isEdge = (character: string | undefined): boolean =>
    character !== undefined && /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(character);
  let [start, end] = [0, text.length];
  while (start < end && isEdge(text[start])) start++;
  while (end > start && isEdge(text[end - 1])) end--;
  return text.slice(start, end);
}

/** `tidy`, with nothing unseen inside either. */
export function tidyAll(cell: string): string {
  return tidy(cell).replace(unseen, "");
}

/** Lower case without marks, đ as d, single spaces. */
export function fold(cell: string): string {
  return cell
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(unseen, "")
    .replaceAll("đ", "d")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

/** Letters and digits of `fold`. */
export function squeeze(cell: string): string {
  return fold(cell).replace(/[^\p{L}\p{N}]/gu, "");
}

/** What two spellings of one name share when case and marks say nothing; "" for a name of which nothing is left. */
export function foldName(cell: string): string {
  const letters = cell
    .replace(/(?![\s\x85])\p{Cc}/gu, "")
    .replace(unseen, "")
    .normalize("NFC")
    .replace(/[ÐƉðɖ]/g, "d")
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/(?!['-])[\p{P}\p{S}]/gu, " ")
    // Between two letters they join; beside anything else they are punctuation.
    .replace(/(?<![\p{L}\p{M}])['-]|['-](?!\p{L})/gu, " ");
  return fold(letters.replaceAll("\x85", " "));
}
