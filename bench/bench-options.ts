/** Options that the measurements share, for `parseArgs`. */
export const sharedOptions = {
  seed: { type: "string", default: "2491" },
  workers: { type: "string", default: "2" },
  memory: { type: "string" },
} as const;

/** A whole number of 1 or more. */
export function readCount(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new Error(
      `--${option}: this is no count; expected a whole number of 1 or more. Run again with one.`,
    );
  return Number(text);
}

/** Names between commas, each of them known and none twice. */
export function readNames<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): [Name, ...Name[]] {
  const names = text.split(",");
  const found = known.filter((name) => names.includes(name)).length;
  if (found !== names.length)
    throw new Error(
      `--${option}: a name is unknown or there twice; expected ${known.join(", ")}, with commas between. Run again with some of them.`,
    );
  return names as [Name, ...Name[]];
}

/** The command line that measures the same again, for a page. */
export function repeatCommand(script: string, options: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return `npm run ${script} -- ${given.map(([name, value]) => `--${name} ${value}`).join(" ")}`;
}
