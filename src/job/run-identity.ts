import { z } from "zod";

/** What a run's id follows from, in named parts, so that a change can be named. */
export const runIdentitySchema = z
  .strictObject({
    pipeline: z.string(),
    policy: z.string(),
    tables: z.string(),
    rules: z.string(),
    register: z.string().nullable(),
    asOf: z.string(),
    inputs: z
      .array(
        z.strictObject({
          name: z.string(),
          sha256: z.string(),
          /** Of what its control file says; not there without one. */
          control: z.string().exactOptional(),
        }),
      )
      .readonly(),
    /** Names of inputs that are no files that can be read; not there when all are. */
    unreadable: z.array(z.string()).readonly().exactOptional(),
    /** Ids of keys: other keys make another run. */
    protection: z
      .strictObject({ sealed: z.string().exactOptional(), pseudonyms: z.string().exactOptional() })
      .readonly()
      .exactOptional(),
  })
  .readonly();

export type RunIdentity = z.infer<typeof runIdentitySchema>;

/** Says in words, part by part, how `now` differs from `before`; nothing when they are the same. */
export function nameChanges(before: RunIdentity, now: RunIdentity): string[] {
  const contents = [
    ["pipeline", "the pipeline file has changed"],
    ["policy", "the policy has changed"],
    ["tables", "the code tables have changed"],
    ["register", "the register has changed"],
  ] as const;
  const versions = [
    ["rules", "the rules version"],
    ["asOf", "the day (--as-of)"],
  ] as const;
  return [
    ...contents.filter(([part]) => before[part] !== now[part]).map(([, words]) => words),
    ...versions
      .filter(([part]) => before[part] !== now[part])
      .map(([part, words]) => `${words} was ${before[part]} and is ${now[part]}`),
    ...(["sealed", "pseudonyms"] as const)
      .filter((part) => before.protection?.[part] !== now.protection?.[part])
      .map((part) =>
        part === "sealed" ? "sealing or its key has changed" : "pseudonyms or their key have changed",
      ),
    ...nameInputChanges(listInputs(before), listInputs(now)),
  ];
}

type IdentifiedInput = RunIdentity["inputs"][number];

/** Those that cannot be read too: they have no content yet. */
function listInputs({ inputs, unreadable = [] }: RunIdentity): IdentifiedInput[] {
  return [...inputs, ...unreadable.map((name) => ({ name, sha256: "" }))];
}

function nameInputChanges(before: readonly IdentifiedInput[], now: readonly IdentifiedInput[]): string[] {
  const old = new Map(before.map((input) => [input.name, input]));
  const current = new Map(now.map((input) => [input.name, input]));
  return [
    ...now.filter(({ name }) => !old.has(name)).map(({ name }) => `input ${name} was added`),
    ...before.filter(({ name }) => !current.has(name)).map(({ name }) => `input ${name} is missing`),
    ...now
      .filter(({ name, sha256 }) => old.has(name) && old.get(name)?.sha256 !== sha256)
      .map(({ name }) => `input ${name} has changed`),
    ...now
      .filter(({ name, sha256 }) => old.get(name)?.sha256 === sha256)
      .filter(({ name, control }) => old.get(name)?.control !== control)
      .map(({ name }) => `the control file of input ${name} has changed`),
  ];
}
