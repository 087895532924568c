/** One line of a Prometheus text. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Reads Prometheus' text format as strictly as node_exporter's textfile collector: a metric has one HELP and one TYPE
 * before its samples, all together, no series twice, no timestamps. Throws an error with the line that is wrong.
 */
export function parsePrometheus(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  const helped = new Set<string>();
  const typed = new Set<string>();
  const series = new Set<string>();
  let current = "";
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  text.split("\n").forEach((line, index) => {
    const fail = (what: string): Error => new Error(`line ${index + 1}: ${what}: ${line}`);
    const [, word, about] = /^# (HELP|TYPE) ([a-z_]+) \S.*$/.exec(line) ?? [];
    if (word !== undefined && about !== undefined) {
      const seen = word === "HELP" ? helped : typed;
      if (seen.has(about)) throw fail(`a second ${word}`);
      seen.add(about);
      current = about;
      return;
    }
    if (line === "") return;
    const [, name, labels = "", value] =
      /^([a-z_]+)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line) ?? [];
    if (name === undefined) throw fail("no sample");
    if (name !== current || !helped.has(name) || !typed.has(name)) throw fail("not beside its HELP and TYPE");
    const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g)];
    if (pairs.map(([pair]) => pair).join("") !== labels) throw fail("labels that cannot be read");
    const sample = {
      name,
      labels: Object.fromEntries(pairs.map(([, key, text]) => [key as string, text as string])),
      value: Number(value),
    };
    const key = JSON.stringify([name, ...Object.entries(sample.labels).sort()]);
    if (series.has(key)) throw fail("a series twice");
    series.add(key);
    samples.push(sample);
  });
  return samples;
}
