import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** A run folder written by hand, with the inputs that it came from; the people in it are made up. */
export interface SmallRun {
  readonly runDir: string;
  readonly inputs: readonly { readonly name: string; readonly path: string }[];
  readonly population: string;
  remove(): Promise<void>;
}

const long = [
  "record_id,full_name,birth_date,sex,citizen_id,province_code,dose_no,vaccine,vaccination_date,facility_code,delivered_code,code",
  'r1,nguyễn văn hòa,05/03/1990,Nam,001090000001,01,1,Pfizer,01/09/2021,01015,"hai',
  'dòng, ""trong"" ngoặc",a',
  "r2,Trần Thị Bê,1/2/1985,nữ,,79,Mũi 2,AZ,02/09/2021,79001,Không có CCCD,b",
  "r3,bad,row",
  "",
  'r4,"unclosed,05/03/1990,Nam,001090000004,01,1,Pfizer,01/09/2021,01015,,d',
  "  ",
  ",Lê Văn Cê,1991-07-08,M,001091000005,01,2,Pfizer,2021-10-01,01015,,e",
  "r6,Lê Văn Dê,31/02/1991,M,001091000006,01,2,Pfizer,2021-10-01,01015,,f",
  "",
].join("\r\n");

const wide = [
  "Ghi chú: không sửa tiêu đề;;;;;;;;;;;;",
  ";;;;;;;;;;;;",
  'record_id;"Họ và tên',
  '(*)";Ngày sinh dạng dd/mm/yyyy (*);Giới tính (*) (0:nam, 1:nữ);Số CCCD, Mã định danh(*);Nơi ở tạm trú (hiện tại) (*);;Mũi 1;;;;Mũi 2;;;',
  ";;;;;Tỉnh/Thành phố;Mã Tỉnh/Thành phố (*);Tên vắc xin (*);Ngày tiêm dạng dd/mm/yyyy (*);Lô vắc xin;Địa điểm tiêm (*);Tên vắc xin (*);Ngày tiêm dạng dd/mm/yyyy (*);Lô vắc xin;Địa điểm tiêm (*)",
  "1;Phạm Thị Đê;02/01/1970;1;079170000001;Hồ Chí Minh;79;AZ;03/08/2021;L1;79001;AZ;04/10/2021;L2;79001",
  "2;Phạm Văn Ê;03/01/1971;0;079071000002;Hồ Chí Minh;79;;;;;;;;",
  "",
].join("\n");

const longHeader =
  "record_id,source_file,source_line,full_name,birth_date,sex,citizen_id,province_code,dose_no,vaccine,vaccination_date,facility_code,delivered_code,delivered_code_2,set,code,findings,reason_vi,reason_en";
const wideHeader =
  'record_id,source_file,source_line,delivered_record_id,"Họ và tên\n(*)",Ngày sinh dạng dd/mm/yyyy (*),"Giới tính (*) (0:nam, 1:nữ)","Số CCCD, Mã định danh(*)",Nơi ở tạm trú (hiện tại) (*) / Tỉnh/Thành phố,Nơi ở tạm trú (hiện tại) (*) / Mã Tỉnh/Thành phố (*),Mũi 1 / Tên vắc xin (*),Mũi 1 / Ngày tiêm dạng dd/mm/yyyy (*),Mũi 1 / Lô vắc xin,Mũi 1 / Địa điểm tiêm (*),Mũi 2 / Tên vắc xin (*),Mũi 2 / Ngày tiêm dạng dd/mm/yyyy (*),Mũi 2 / Lô vắc xin,Mũi 2 / Địa điểm tiêm (*),set,code,findings,reason_vi,reason_en';
const standard =
  ",std_citizen_id,std_full_name,std_birth_date,std_sex,std_dose_no,std_vaccine,std_vaccine_cvx,std_vaccination_date,std_facility_code";

/** Whom the register knows; one number leads to somebody else's. */
const registered = [
  "citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code",
  "001090000001,NGUYỄN VĂN HÒA,1990-03-05,M,,active,,01",
  "001091000005,LÊ VĂN CÊ,1991-07-08,M,,active,,01",
  "079170000001,PHẠM THỊ ĐÊ,1970-01-02,F,,active,,79",
  "079071000002,PHẠM VĂN Ê,1971-01-03,M,,active,,79",
  "",
].join("\n");

/** The two lines that cannot be read say nothing of anybody. */
const unreadableRow = row("", tally({ E10: 2 }, 0, 2, 0, 0), tally({ E10: 2 }, 0, 2, 0, 0));

/** The same, and the row of a template without a dose. */
const nothingRow = same("", tally({ E10: 2, E23: 1 }, 0, 3, 0, 0));

/** The records of province 01. */
function ofHaNoi(key: string): object[] {
  return [same(key, tally({ C1: 1, C2: 1, E36: 1 }, 2, 1, 0, 66.6666))];
}

/** Two doses of one person, and an exception. */
function ofPhamThiDe(key: string): object[] {
  return [row(key, tally({ C1: 2, X10: 1 }, 2, 0, 1, 100), tally({ C1: 1, X10: 1 }, 1, 0, 1, 100))];
}

/** Provinces, or what lies in them without a code. */
function placeRows(below: string): object[] {
  return [
    unreadableRow,
    ...ofHaNoi(`01${below}`),
    row(
      `79${below}`,
      tally({ C1: 2, E23: 1, X10: 1 }, 2, 1, 1, 66.6666),
      tally({ C1: 1, E23: 1, X10: 1 }, 1, 1, 1, 50),
    ),
  ];
}

/** As many people as doses. */
function same(key: string, both: object): object {
  return row(key, both, both);
}

/** The published files, without the manifest. */
const published: Readonly<Record<string, string>> = {
  "cleaned/long.csv": [
    longHeader + standard,
    'r1,long.csv.gz,2,nguyễn văn hòa,05/03/1990,Nam,001090000001,01,1,Pfizer,01/09/2021,01015,"hai\r\ndòng, ""trong"" ngoặc",a,cleaned,C2,name.case,vi,en,001090000001,Nguyễn Văn Hòa,1990-03-05,M,1,comirnaty,208,2021-09-01,01015',
    "long.csv.gz:9,long.csv.gz,9,Lê Văn Cê,1991-07-08,M,001091000005,01,2,Pfizer,2021-10-01,01015,,e,cleaned,C1,,vi,en,001091000005,Lê Văn Cê,1991-07-08,M,2,comirnaty,208,2021-10-01,01015",
    "",
  ].join("\n"),
  "exceptions/long.csv": [
    longHeader,
    "r2,long.csv.gz,4,Trần Thị Bê,1/2/1985,nữ,,79,Mũi 2,AZ,02/09/2021,79001,Không có CCCD,b,exceptions,X10,citizen-id.blank,vi,en",
    "",
  ].join("\n"),
  "errors/long.csv": [
    `${longHeader},fault,fault_column,fault_byte,raw_line`,
    'long.csv.gz:5,long.csv.gz,5,,,,,,,,,,,,errors,E10,row.structure,vi,en,too-few-fields,4,999,"r3,bad,row"',
    'long.csv.gz:7,long.csv.gz,7,,,,,,,,,,,,errors,E10,row.structure,vi,en,quote-not-closed,2,999,"r4,""unclosed,05/03/1990,Nam,001090000004,01,1,Pfizer,01/09/2021,01015,,d"',
    "r6,long.csv.gz,10,Lê Văn Dê,31/02/1991,M,001091000006,01,2,Pfizer,2021-10-01,01015,,f,errors,E36,birth-date.impossible,vi,en,,,,",
    "",
  ].join("\n"),
  "cleaned/wide.csv": [
    wideHeader + standard,
    "wide.csv:6:1,wide.csv,6,1,Phạm Thị Đê,02/01/1970,1,079170000001,Hồ Chí Minh,79,AZ,03/08/2021,L1,79001,AZ,04/10/2021,L2,79001,cleaned,C1,,vi,en,079170000001,Phạm Thị Đê,1970-01-02,F,1,astrazeneca,210,2021-08-03,79001",
    "wide.csv:6:2,wide.csv,6,1,Phạm Thị Đê,02/01/1970,1,079170000001,Hồ Chí Minh,79,AZ,03/08/2021,L1,79001,AZ,04/10/2021,L2,79001,cleaned,C1,,vi,en,079170000001,Phạm Thị Đê,1970-01-02,F,2,astrazeneca,210,2021-10-04,79001",
    "",
  ].join("\n"),
  "errors/wide.csv": [
    `${wideHeader},fault,fault_column,fault_byte,raw_line`,
    "wide.csv:7:1,wide.csv,7,2,Phạm Văn Ê,03/01/1971,0,079071000002,Hồ Chí Minh,79,,,,,,,,,errors,E23,vaccine.blank,vi,en,,,,",
    "",
  ].join("\n"),
  "changes.csv": [
    "scope,record_id,source_file,source_line,column,before,after,rule,rules_version",
    "column,,long.csv.gz,,birth_date,dd/mm/yyyy,yyyy-mm-dd,read-date,1",
    "column,,long.csv.gz,,vaccination_date,dd/mm/yyyy,yyyy-mm-dd,read-date,1",
    "value,,long.csv.gz,,sex,Nam,M,read-sex,1",
    "value,,long.csv.gz,,vaccine,Pfizer,comirnaty,read-vaccine,1",
    "value,,long.csv.gz,,vaccine_cvx,comirnaty,208,read-vaccine,1",
    "record,r1,long.csv.gz,2,full_name,nguyễn văn hòa,Nguyễn Văn Hòa,name.case,1",
    "column,,wide.csv,,birth_date,dd/mm/yyyy,yyyy-mm-dd,read-date,1",
    "column,,wide.csv,,vaccination_date,dd/mm/yyyy,yyyy-mm-dd,read-date,1",
    "value,,wide.csv,,sex,1,F,read-sex,1",
    "value,,wide.csv,,vaccine,AZ,astrazeneca,read-vaccine,1",
    "value,,wide.csv,,vaccine_cvx,astrazeneca,210,read-vaccine,1",
    "",
  ].join("\n"),
  "report/summary.json": JSON.stringify({
    run: { asOf: "2023-06-13" },
    doses: tally({ C1: 3, C2: 1, E10: 2, E23: 1, E36: 1, X10: 1 }, 4, 4, 1, 50),
    people: tally({ C1: 2, C2: 1, E10: 2, E23: 1, E36: 1, X10: 1 }, 3, 4, 1, 42.8571),
    dimensions: {
      province: placeRows(""),
      district: placeRows("/"),
      ward: placeRows("//"),
      facility: [nothingRow, ...ofHaNoi("01015"), ...ofPhamThiDe("79001")],
      vaccine: [nothingRow, ...ofPhamThiDe("astrazeneca"), ...ofHaNoi("comirnaty")],
      month: [
        nothingRow,
        same("2021-08", tally({ C1: 1 }, 1, 0, 0, 100)),
        same("2021-09", tally({ C2: 1, X10: 1 }, 1, 0, 1, 100)),
        same("2021-10", tally({ C1: 2, E36: 1 }, 2, 1, 0, 66.6666)),
      ],
      dose: [
        unreadableRow,
        same("1", tally({ C1: 1, C2: 1, E23: 1 }, 2, 1, 0, 66.6666)),
        same("2", tally({ C1: 2, E36: 1, X10: 1 }, 2, 1, 1, 66.6666)),
      ],
      age: [
        unreadableRow,
        row(
          "30-39",
          tally({ C1: 1, C2: 1, E36: 1, X10: 1 }, 2, 1, 1, 66.6666),
          tally({ C1: 1, C2: 1, E36: 1, X10: 1 }, 2, 1, 1, 66.6666),
        ),
        row("50-64", tally({ C1: 2, E23: 1 }, 2, 1, 0, 66.6666), tally({ C1: 1, E23: 1 }, 1, 1, 0, 50)),
      ],
      sex: [
        unreadableRow,
        row("F", tally({ C1: 2, X10: 1 }, 2, 0, 1, 100), tally({ C1: 1, X10: 1 }, 1, 0, 1, 100)),
        row(
          "M",
          tally({ C1: 1, C2: 1, E23: 1, E36: 1 }, 2, 2, 0, 50),
          tally({ C1: 1, C2: 1, E23: 1, E36: 1 }, 2, 2, 0, 50),
        ),
      ],
      region: [
        unreadableRow,
        row(
          "red-river-delta",
          tally({ C1: 1, C2: 1, E36: 1 }, 2, 1, 0, 66.6666),
          tally({ C1: 1, C2: 1, E36: 1 }, 2, 1, 0, 66.6666),
        ),
        row(
          "southeast",
          tally({ C1: 2, E23: 1, X10: 1 }, 2, 1, 1, 66.6666),
          tally({ C1: 1, E23: 1, X10: 1 }, 1, 1, 1, 50),
        ),
      ],
      abroad: [
        row("", tally({ E10: 2, X10: 1 }, 0, 2, 1, 0), tally({ E10: 2, X10: 1 }, 0, 2, 1, 0)),
        row(
          "no",
          tally({ C1: 3, C2: 1, E23: 1, E36: 1 }, 4, 2, 0, 66.6666),
          tally({ C1: 2, C2: 1, E23: 1, E36: 1 }, 3, 2, 0, 60),
        ),
      ],
      file: [
        row(
          "long.csv.gz",
          tally({ C1: 1, C2: 1, E10: 2, E36: 1, X10: 1 }, 2, 3, 1, 40),
          tally({ C1: 1, C2: 1, E10: 2, E36: 1, X10: 1 }, 2, 3, 1, 40),
        ),
        row("wide.csv", tally({ C1: 2, E23: 1 }, 2, 1, 0, 66.6666), tally({ C1: 1, E23: 1 }, 1, 1, 0, 50)),
      ],
    },
    findings: {
      "birth-date.impossible": 1,
      "citizen-id.blank": 1,
      "name.case": 1,
      "row.structure": 2,
      "vaccine.blank": 1,
    },
    files: [
      { name: "long.csv.gz", records: 6 },
      { name: "wide.csv", records: 3 },
    ],
  }),
};

function row(key: string, doses: object, people: object): object {
  return { key, label: key, doses, people };
}

function tally(
  byCode: Record<string, number>,
  cleaned: number,
  errors: number,
  exceptions: number,
  percent: number,
): object {
  const records = cleaned + errors + exceptions;
  return {
    records,
    cleaned,
    errors,
    exceptions,
    cleanliness: { numerator: cleaned, denominator: records - exceptions, percent },
    coverage: { numerator: cleaned, denominator: records, percent: (100 * cleaned) / records },
    byCode,
  };
}

/** Writes the inputs and the run folder into a new temporary folder. */
export async function writeSmallRun(): Promise<SmallRun> {
  const root = await mkdtemp(join(tmpdir(), "lamsach-checker-"));
  const runDir = join(root, "run");
  for (const [path, text] of Object.entries(published)) {
    await mkdir(dirname(join(runDir, path)), { recursive: true });
    await writeFile(join(runDir, path), text);
  }
  await writeFile(join(root, "long.csv.gz"), gzipSync(`\ufeff${long}`));
  await writeFile(join(root, "wide.csv"), Buffer.from(`\ufeff${wide}`, "utf16le"));
  const population = join(root, "population.csv");
  await writeFile(population, registered);
  await writeManifest(runDir);
  return {
    runDir,
    population,
    inputs: ["long.csv.gz", "wide.csv"].map((name) => ({ name, path: join(root, name) })),
    remove: () => rm(root, { recursive: true }),
  };
}

/** Lists what is in the run folder now, as the pipeline would at the end. */
export async function writeManifest(runDir: string): Promise<void> {
  const files = [];
  for (const entry of await readdir(runDir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(runDir.length + 1);
    if (entry.isDirectory() || path === "manifest.json") continue;
    const bytes = await readFile(join(runDir, path));
    files.push({
      path,
      bytes: bytes.length,
      rows: path.endsWith(".csv") ? countRows(bytes.toString()) : null,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  }
  await writeFile(join(runDir, "manifest.json"), JSON.stringify({ files }));
}

/** Records by counting line feeds outside quotes, header excluded. */
function countRows(text: string): number {
  let isQuoted = false;
  let rows = -1;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "\n" && !isQuoted) rows += 1;
  }
  return rows;
}
