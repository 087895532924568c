import type { Command, Option } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

interface Completed {
  /** Words after the program's name, joined with a space; empty for the program itself. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly about: string }[];
}

/** A script for `shell` that completes the commands and options of `program`, and file names where none fits. */
export function writeCompletion(program: Command, shell: Shell): string {
  const commands = listCommands(program, "");
  if (shell === "bash") return writeBash(commands);
  return shell === "zsh" ? writeZsh(commands) : writeFish(commands);
}

function listCommands(command: Command, path: string): readonly Completed[] {
  const children = command.commands.map((child) => ({
    word: child.name(),
    about: child.summary() || child.description(),
  }));
  const options = command.options.map((option) => ({ word: longFlag(option), about: option.description }));
  const choices = command.registeredArguments.flatMap((argument) =>
    (argument.argChoices ?? []).map((word) => ({ word, about: argument.description })),
  );
  const help = { word: "--help", about: "show help" };
  return [
    { path, words: [...children, ...choices, ...options, help] },
    ...command.commands.flatMap((child) => listCommands(child, `${path} ${child.name()}`.trim())),
  ];
}

function longFlag(option: Option): string {
  return option.long ?? option.short ?? "";
}

function writeBash(commands: readonly Completed[]): string {
  const cases = commands.map(
    ({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(" ")}' ;;`,
  );
  return `# bash completion for lamsach
_lamsach() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${prefixCases(commands)}
    esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _lamsach lamsach
`;
}

function writeZsh(commands: readonly Completed[]): string {
  const cases = commands.map(({ path, words }) => {
    const lines = words.map(({ word, about }) => `      '${quote(word)}:${quote(about)}'`);
    return `    '${path}') words=(\n${lines.join("\n")}\n    ) ;;`;
  });
  return `#compdef lamsach
_lamsach() {
  local path_="" word
  local -a words_
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$path_ $word" in
${prefixCases(commands).replaceAll("path=", "path_=")}
    esac
  done
  case "$path_" in
${cases.join("\n").replaceAll("words=(", "words_=(")}
  esac
  _describe 'lamsach' words_ || _files
}
compdef _lamsach lamsach
`;
}

function writeFish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ path, words }) => {
    const test =
      path === ""
        ? "__fish_use_subcommand"
        : path
            .split(" ")
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join("; and ");
    return words.map(({ word, about }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c lamsach -n '${test}' ${what} -d '${about.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
    });
  });
  return `# fish completion for lamsach\n${lines.join("\n")}\n`;
}

/** Shell cases that follow the words typed so far down the commands. */
function prefixCases(commands: readonly Completed[]): string {
  return commands
    .filter(({ path }) => path !== "")
    .map(({ path }) => {
      const before = path.split(" ").slice(0, -1).join(" ");
      return `      '${before} ${path.split(" ").at(-1)}') path='${path}' ;;`;
    })
    .join("\n");
}

/** Inside single quotes, with the colon that zsh takes for an end of the word. */
function quote(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", `'\\''`).replaceAll(":", "\\:");
}
