import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { encodeRecord, headers, records } from "../single-fault/clean-file.js";

/** A file as it is delivered, and how it is cut. */
export interface WholeDelivery {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly shardBytes: number;
}

/** A header that no message may repeat. */
export const ownHeader = "Cột riêng của tỉnh";

const wideHeaders = [
  "Họ và tên",
  "Ngày sinh",
  "Giới tính",
  "Số CCCD",
  ...[1, 2].flatMap((dose) => [
    `Mũi ${dose} / Tên vắc xin`,
    `Mũi ${dose} / Ngày tiêm`,
    `Mũi ${dose} / Lô vắc xin`,
    `Mũi ${dose} / Địa điểm tiêm`,
  ]),
];
const wideRecords = records.map(([, name, birth, sex, id, vaccine, day, place]) =>
  [name, birth, sex, id, vaccine, day, "L1", place, "AZ", "", "", ""].map(String),
);

/** Files of the shapes that are delivered. */
const shapes: readonly string[] = [
  writeTable([...headers, ownHeader], records, "\n"),
  writeTable([...headers, ownHeader], records, "\r\n"),
  writeTable(headers, records, "\r").replaceAll(",", ";"),
  `\ufeff${writeTable(wideHeaders, wideRecords, "\r\n")}`,
  `BÁO CÁO TIÊM CHỦNG\n\n${writeTable(headers, records, "\n")}`,
];

function writeTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  lineBreak: string,
): string {
  const lines = [header, ...rows.map((row) => [...row, ...header.slice(row.length).map(() => "")])];
  return lines.map((line) => encodeRecord(line) + lineBreak).join("");
}

const anyBytes = fc.uint8Array({ maxLength: 12 });
const tokens = [
  '"',
  '""',
  '","',
  ",",
  ";",
  "\t",
  "\n",
  "\r",
  "\r\n",
  '"\n',
  "\0",
  "\ufeff",
  "\u2028",
  "=",
  "x",
];
const put = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...tokens).map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("ff", "80", "e1bb", "c0af", "eda080", "fffe", "1f8b").map(fromHex),
  },
  { weight: 1, arbitrary: anyBytes },
);

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** Puts bytes in the place of a few others. */
const patch = fc.record({ at: fc.nat(), cut: fc.constantFrom(0, 0, 1, 2, 7, 60), put }).map(
  ({ at, cut, put }): Mutation =>
    (bytes) => {
      const start = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
    },
);
const flip = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) }).map(
  ({ at, mask }): Mutation =>
    (bytes) =>
      bytes.map((byte, position) => (position === at % bytes.length ? byte ^ mask : byte)),
);
const cutShort = fc.nat().map(
  (at): Mutation =>
    (bytes) =>
      bytes.subarray(0, at % (bytes.length + 1)),
);
/** A piece of the file once more, somewhere else in it. */
const repeat = fc.record({ from: fc.nat(), length: fc.nat(120), to: fc.nat() }).map(
  ({ from, length, to }): Mutation =>
    (bytes) => {
      const start = from % (bytes.length + 1);
      const place = to % (bytes.length + 1);
      return Buffer.concat([
        bytes.subarray(0, place),
        bytes.subarray(start, start + length),
        bytes.subarray(place),
      ]);
    },
);
const mutation = fc.oneof(
  { weight: 6, arbitrary: patch },
  { weight: 2, arbitrary: flip },
  { weight: 1, arbitrary: cutShort },
  { weight: 1, arbitrary: repeat },
);

const mutated = fc
  .record({ shape: fc.constantFrom(...shapes), mutations: fc.array(mutation, { maxLength: 5 }) })
  .map(({ shape, mutations }) =>
    mutations.reduce<Uint8Array>((bytes, mutate) => mutate(bytes), Buffer.from(shape)),
  );

/** Written otherwise than as UTF-8: packed (and broken then), in UTF-16, in an old encoding. */
const packed = fc
  .record({ text: mutated, mutations: fc.array(mutation, { maxLength: 1 }), isTwice: fc.boolean() })
  .map(({ text, mutations, isTwice }) => {
    const member = gzipSync(text, { level: 1 });
    return mutations.reduce<Uint8Array>(
      (bytes, mutate) => mutate(bytes),
      isTwice ? Buffer.concat([member, member]) : member,
    );
  });
const inUtf16 = mutated.map((text) => Buffer.from(`\ufeff${Buffer.from(text).toString("utf8")}`, "utf16le"));
const inOldBytes = mutated.map((text) => Buffer.from(Buffer.from(text).toString("utf8"), "latin1"));

/** A good header above bytes of no intent, so that the rows are reached. */
const anyRows = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => Buffer.concat([Buffer.from(`${headers.join(",")}\n`), bytes]));

/** Deliveries as they come in on the worst nights. */
export const wholeDelivery: fc.Arbitrary<WholeDelivery> = fc.record({
  name: fc.oneof(
    { weight: 19, arbitrary: fc.constant("a.csv") },
    { weight: 1, arbitrary: fc.constantFrom("a.csv.gz", "a.xlsx", "a.api.csv") },
  ),
  bytes: fc.oneof(
    { weight: 12, arbitrary: mutated },
    { weight: 3, arbitrary: anyRows },
    { weight: 2, arbitrary: packed },
    { weight: 1, arbitrary: inUtf16 },
    { weight: 1, arbitrary: inOldBytes },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  ),
  shardBytes: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1 << 20) },
    { weight: 1, arbitrary: fc.integer({ min: 60, max: 400 }) },
  ),
});
