import { type Command, Option } from "commander";
import { exitCodes } from "../errors.js";
import type { Code } from "../judge/code-catalogue.js";
import type { FindingEntry } from "../judge/finding-catalogue.js";
import { type CommandContext, toJsonLine } from "./command-outcome.js";

const examples = `
Examples:
  lamsach codes
  lamsach codes --lang vi
  lamsach codes --json | jq '.codes[] | select(.code == "X31")'`;

const languages = ["both", "vi", "en"] as const;
type Language = (typeof languages)[number];

/** `lamsach codes`: the catalogue of codes and findings. */
export function addCodesCommand(program: Command, { finish }: CommandContext): void {
  program
    .command("codes")
    .summary("list every code and finding with what to do")
    .description("Lists every code and every finding, in Vietnamese and English, with who acts next.")
    .addOption(
      new Option("--lang <language>", "the language of the texts").choices(languages).default("both"),
    )
    .option("--json", "print one JSON object, always in both languages", false)
    .addHelpText("after", examples)
    .action(async (options: { lang: Language; json: boolean }) => {
      const { codeCatalogue } = await import("../judge/code-catalogue.js");
      const { findingCatalogue } = await import("../judge/finding-catalogue.js");
      const codes = codeCatalogue.map((code) => describeCode(code, options.lang));
      const findings = Object.entries(findingCatalogue).map(([id, entry]) =>
        describeFinding(id, entry, options.lang),
      );
      const text = `CODES\n\n${codes.join("\n")}\nFINDINGS\n\n${findings.join("\n")}`;
      const json = toJsonLine({ codes: codeCatalogue, findings: findingCatalogue });
      finish({ exitCode: exitCodes.done, stdout: options.json ? json : text });
    });
}

function describeCode(code: Code, language: Language): string {
  const actor = code.actor === "nobody" ? "" : ` · next: ${code.actor}`;
  return block(`${code.code} (${code.set}) · ${code.field}${actor}`, [
    ...(language === "en" ? [] : [`${code.vi} ${code.todoVi}`]),
    ...(language === "vi" ? [] : [`${code.en} ${code.todoEn}`]),
  ]);
}

function describeFinding(id: string, entry: FindingEntry, language: Language): string {
  const warning = entry.warningCode === undefined ? "" : ` ${entry.warningCode}`;
  return block(`${id} (${entry.kind}${warning}) · ${entry.field}`, [
    ...(language === "en" ? [] : [entry.vi]),
    ...(language === "vi" ? [] : [entry.en]),
  ]);
}

function block(title: string, lines: readonly string[]): string {
  return `${[title, ...lines.map((line) => `    ${line}`)].join("\n")}\n`;
}
