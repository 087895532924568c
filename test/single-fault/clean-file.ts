/** Columns of the clean file, canonical names. */
export const headers = [
  "record_id",
  "full_name",
  "birth_date",
  "sex",
  "citizen_id",
  "vaccine",
  "vaccination_date",
  "facility_code",
  "note",
] as const;

/** Position of a record whose note goes over two lines. */
export const twoLineRecord = 4;

/**
 * A small file with what a good one has: Vietnamese letters in both Unicode forms, empty cells, commas and quotes in
 * quotes, a text over two lines; nobody twice, so that no record says anything of another. The last record has no
 * quotes and ends in ASCII.
 */
export const records: readonly (readonly string[])[] = [
  "A1|Nguyễn Văn An|05/01/1985|Nam|079085000023|Pfizer|01/09/2021|79001|mũi một",
  "A2|Trần Văn Hòa|04/03/1985|nam|079085000002|AZ|01/11/2021|79001|",
  'A3|Lê Thị Lan|03/02/1985|Nữ|079185000001|Moderna|02/09/2021|79001|ghi "chú", dài',
  "A4|Phạm Văn Dũng|04/03/1985|nam|222333445|Vero Cell|03/09/2021|79001|",
  "A5|Lê, Bình|1985-01-05|M|079085000032|Abdala|2021-09-04|79001|dòng một\ndòng hai",
  `A6|${"Ngô Thị Hoa".normalize("NFD")}|1950|Nữ|079150000019|AZ|05/09/2021|79001|x`,
  'A7||07/07/1977|Nữ||Pfizer|06/09/2021|79001|ở "nhà"',
  "A8|Đỗ Văn Cường|07/06/1985|Nam|079085000012|Pfizer|07/09/2021|79001|sau cùng",
  "A9|Lê Bình|05/01/1985|Nữ|079085000031|Pfizer|08/09/2021|79001|het",
].map((line) => line.split("|"));

/** The register in which most of them are. */
export const population = `citizen_id,full_name,birth_date,sex,legacy_id,status,replaced_by,province_code
079185000001,LÊ THỊ LAN,1985-02-03,F,,active,,79
079085000002,TRẦN VĂN HÒA,1985-03-04,M,222333444,active,,79
079085000012,ĐỖ VĂN CƯỜNG,1985-06-07,M,,active,,79
079150000019,NGÔ THỊ HOA,1950,F,,active,,79
079085000023,NGUYỄN VĂN AN,1985-01-05,M,,active,,79
079085000031,LÊ BÌNH,1985-01-05,F,,active,,79
079085000032,LÊ BÌNH,1985-01-05,M,,active,,79
`;

/** A cell as a good file has it: in quotes where RFC 4180 asks for them. */
export function encodeCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A record's line without its line break. */
export function encodeRecord(cells: readonly string[]): string {
  return cells.map(encodeCell).join(",");
}
