import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { repository } from "./command-line.js";

const shipped = path.join(repository, "pipelines/covid19-vaccination.yaml");

/** Gates that let any small set of hard cases through. */
export const openGates = {
  gates: {
    ...{ maxErrorShare: 1, minFoundShare: 0, minRegisterPeople: 0 },
    ...{ minRecordsOfLast: 0, minRegisterOfLast: 0, maxFoundShareDrop: 1 },
  },
};

/** A part of a pipeline file. */
export type Settings = { readonly [key: string]: unknown };

/** Writes the shipped pipeline to `file`, its paths absolute, with `changes` laid over it; gives the file back. */
export function writePipeline(file: string, ...changes: readonly Settings[]): string {
  let settings = parse(readFileSync(shipped, "utf8")) as Settings;
  const folder = path.dirname(shipped);
  const { tables } = settings.rules as { tables: Record<string, string> };
  const located = Object.entries(tables).map(([name, table]) => [name, path.resolve(folder, table)]);
  settings = overlay(settings, {
    policy: path.resolve(folder, settings.policy as string),
    rules: { tables: Object.fromEntries(located) },
  });
  for (const change of changes) settings = overlay(settings, change);
  writeFileSync(file, stringify(settings));
  return file;
}

function overlay(below: Settings, above: Settings): Settings {
  const result: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    result[key] = isMap(value) && isMap(below[key]) ? overlay(below[key], value) : value;
  }
  return result;
}

function isMap(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
