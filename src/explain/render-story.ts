import type { RecordStory } from "./record-story.js";

/** A record's story as plain text. */
export function renderStory(story: RecordStory): string {
  const { code, register } = story;
  const lines = [
    `record  ${story.recordId}  (${story.sourceFile}, line ${story.sourceLine})`,
    `code    ${code.code} (${story.set}): ${code.en}`,
    `        ${code.vi}`,
    `next    ${code.actor}: ${code.todoEn}`,
    `        ${code.todoVi}`,
    "",
    "as delivered",
    ...listPairs(story.delivered),
  ];
  if (Object.keys(story.standard).length > 0) lines.push("", "standard values", ...listPairs(story.standard));
  lines.push("", story.findings.length === 0 ? "nothing was found" : "found");
  for (const { id, kind, en, vi, source, code: given } of story.findings) {
    lines.push(
      `  ${id} (${kind}${given === null ? "" : `, ${given}`})`,
      `    ${en}`,
      `    ${vi}`,
      `    rule: ${source}`,
    );
  }
  lines.push("", "register");
  if (register === null)
    lines.push(
      "  not asked: the run's register is not here, the numbers are pseudonyms, or the row cannot be read",
    );
  else {
    const { name, birthDate, sex } = register.levels;
    lines.push(`  person ${register.person}; name ${name}, birth date ${birthDate}, sex ${sex}`);
    if (register.holds !== null) lines.push(...listPairs(register.holds));
  }
  lines.push("", "why no better code", ...story.whyNotBetter.map((reason) => `  ${reason}`));
  return `${lines.join("\n")}\n`;
}

function listPairs(pairs: Readonly<Record<string, string>>): string[] {
  return Object.entries(pairs)
    .filter(([, text]) => text !== "")
    .map(([name, text]) => `  ${name.padEnd(20)}${text}`);
}
