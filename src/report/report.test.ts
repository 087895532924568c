import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { renderReport } from "./html-page.js";
import type { DimensionRow, Metrics } from "./metrics.js";
import { formatSummaryCsv } from "./summary-csv.js";
import { formatSummaryJson } from "./summary-json.js";
import { renderTerminalSummary } from "./terminal-table.js";

const hanoi: DimensionRow = {
  key: "01",
  label: "Thành phố Hà Nội",
  doses: { records: 1200, byCode: { C1: 1000, C2: 100, X10: 50, E34: 50 } },
  people: { records: 700, byCode: { C1: 600, X10: 50, E34: 50 } },
};
const saigon: DimensionRow = {
  key: "79",
  label: "Thành phố Hồ Chí Minh",
  doses: { records: 800, byCode: { C1: 300, X31: 500 } },
  people: { records: 500, byCode: { C1: 200, X31: 300 } },
};
const metrics: Metrics = {
  run: {
    id: "2022-03-31-abc",
    pipeline: "covid19-vaccination",
    asOf: "2022-03-31",
    policy: "scheme-06",
    rulesVersion: "1",
    registerVersion: "f00d",
    registerPeople: 100_000,
  },
  doses: { records: 2000, byCode: { C1: 1300, C2: 100, X10: 50, E34: 50, X31: 500 } },
  people: { records: 1200, byCode: { C1: 800, X10: 50, E34: 50, X31: 300 } },
  dimensions: {
    province: [saigon, hanoi],
    file: [
      { ...hanoi, key: "b.csv", label: "b.csv" },
      { ...saigon, key: "a.csv", label: "a.csv" },
    ],
  },
  findings: { "vaccine.unknown": 50, "citizen-id.blank": 50 },
  files: [
    { name: "b.csv", format: "csv", encoding: "utf-8", layout: "long", records: 1200, blankLines: 3 },
    { name: "a.csv", format: "csv.gz", encoding: "utf-16le", layout: "wide", records: 800, blankLines: 0 },
  ],
  gates: [
    { name: "maxErrorShare", limit: 0.5, value: 0.025, passed: true },
    { name: "minFoundShare", limit: 0.2, value: null, passed: false },
  ],
};

/** The same counts, met in another order. */
const shuffled: Metrics = {
  gates: metrics.gates,
  files: [...metrics.files].reverse(),
  findings: { "citizen-id.blank": 50, "vaccine.unknown": 50 },
  dimensions: { file: [...(metrics.dimensions.file ?? [])].reverse(), province: [hanoi, saigon] },
  people: { byCode: { X31: 300, E34: 50, X10: 50, C1: 800 }, records: 1200 },
  doses: { byCode: { X31: 500, E34: 50, X10: 50, C2: 100, C1: 1300 }, records: 2000 },
  run: { ...metrics.run },
};

const hostile = [
  '<script>alert("1")</script>',
  "'\"><img src=x onerror=alert(1)>",
  '=HYPERLINK("http://example.org";"x")',
  " +1+1",
  "@SUM(A1)",
  "\t-2",
  "gpj.\u202efdp",
  "a\u0000b\u001b[31mc\u200bd",
  'two\r\nlines, and "quotes"',
  "&lt;already&gt;",
  "</style></table></body>",
];
const hostileMetrics: Metrics = {
  ...metrics,
  run: { ...metrics.run, pipeline: hostile[0] as string, policy: hostile[1] as string },
  dimensions: {
    province: hostile.map((label) => ({ ...hanoi, key: label, label })),
    facility: hostile.map((label) => ({ ...hanoi, key: label, label: `${label} (label)` })),
  },
  files: hostile.map((name) => ({ ...(metrics.files[0] as Metrics["files"][number]), name, encoding: name })),
  gates: hostile.map((name) => ({ name, limit: 1, value: 1, passed: true })),
};

describe("formatSummaryJson(metrics)", () => {
  it("keeps the metrics, and puts the sets and percentages beside each tally", () => {
    const summary = JSON.parse(formatSummaryJson(metrics));
    expect(summary).toMatchObject({ ...metrics, dimensions: {}, files: [...metrics.files].reverse() });
    expect(summary.doses).toMatchObject({
      cleaned: 1400,
      errors: 50,
      exceptions: 550,
      cleanliness: { numerator: 1400, denominator: 1450, percent: 96.5517 },
      coverage: { numerator: 1400, denominator: 2000, percent: 70 },
    });
    expect(summary.dimensions.province.map((row: { key: string }) => row.key)).toEqual(["01", "79"]);
    expect(summary.dimensions.province[1].people.cleanliness).toEqual({
      numerator: 200,
      denominator: 200,
      percent: 100,
    });
  });

  it("gives the same bytes whatever the order of counting", () => {
    expect(formatSummaryJson(shuffled)).toBe(formatSummaryJson(metrics));
    expect(formatSummaryJson(metrics)).toMatch(/^\{\n {2}"run": \{\n[\s\S]*\n\}\n$/);
  });
});

describe("formatSummaryCsv(metrics)", () => {
  it("is tidy, with a total, each dimension and the codes, for doses and people", () => {
    const lines = formatSummaryCsv(metrics).split("\n");
    expect(lines).toEqual([
      "unit,dimension,key,label,records,cleaned,errors,exceptions,cleanliness_numerator,cleanliness_denominator,cleanliness_percent,coverage_numerator,coverage_denominator,coverage_percent",
      "doses,total,,,2000,1400,50,550,1400,1450,96.5517,1400,2000,70",
      "doses,province,01,Thành phố Hà Nội,1200,1100,50,50,1100,1150,95.6521,1100,1200,91.6666",
      "doses,province,79,Thành phố Hồ Chí Minh,800,300,0,500,300,300,100,300,800,37.5",
      "doses,file,a.csv,a.csv,800,300,0,500,300,300,100,300,800,37.5",
      "doses,file,b.csv,b.csv,1200,1100,50,50,1100,1150,95.6521,1100,1200,91.6666",
      "people,total,,,1200,800,50,350,800,850,94.1176,800,1200,66.6666",
      "people,province,01,Thành phố Hà Nội,700,600,50,50,600,650,92.3076,600,700,85.7142",
      "people,province,79,Thành phố Hồ Chí Minh,500,200,0,300,200,200,100,200,500,40",
      "people,file,a.csv,a.csv,500,200,0,300,200,200,100,200,500,40",
      "people,file,b.csv,b.csv,700,600,50,50,600,650,92.3076,600,700,85.7142",
      "doses,code,C1,,1300,,,,,,,,,",
      "doses,code,C2,,100,,,,,,,,,",
      "doses,code,E34,,50,,,,,,,,,",
      "doses,code,X10,,50,,,,,,,,,",
      "doses,code,X31,,500,,,,,,,,,",
      "people,code,C1,,800,,,,,,,,,",
      "people,code,E34,,50,,,,,,,,,",
      "people,code,X10,,50,,,,,,,,,",
      "people,code,X31,,300,,,,,,,,,",
      "",
    ]);
    expect(formatSummaryCsv(shuffled)).toBe(formatSummaryCsv(metrics));
  });

  it("leaves a percentage that is not applicable empty", () => {
    const none = { records: 3, byCode: { X10: 3 } };
    const [, total] = formatSummaryCsv({ ...metrics, doses: none, dimensions: {} }).split("\n");
    expect(total).toBe("doses,total,,,3,0,0,3,0,0,,0,3,0");
  });

  it("lets no label run as a formula, break a row or hide its direction", () => {
    const text = formatSummaryCsv(hostileMetrics);
    const rows = parse(text, { columns: true, record_delimiter: "\n" }) as Record<string, string>[];
    const facilities = rows.filter((row) => row.dimension === "facility" && row.unit === "doses");
    expect(facilities.map(({ label }) => label).sort()).toEqual(
      [
        '<script>alert("1")</script> (label)',
        "'\"><img src=x onerror=alert(1)> (label)",
        '\'=HYPERLINK("http://example.org";"x") (label)',
        "' +1+1 (label)",
        "'@SUM(A1) (label)",
        "<U+0009>-2 (label)",
        "gpj.<U+202E>fdp (label)",
        "a<U+0000>b<U+001B>[31mc<U+200B>d (label)",
        'two<U+000D><U+000A>lines, and "quotes" (label)',
        "&lt;already&gt; (label)",
        "</style></table></body> (label)",
      ].sort(),
    );
    for (const row of rows) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[\s\u0000-\u001f]*[=+\-@]/);
    }
  });
});

describe("renderReport(metrics)", () => {
  it("shows the headline with its numerator and denominator, in doses and people", () => {
    const page = renderReport(metrics);
    expect(page).toContain('<p class="big">96,55 %</p>');
    expect(page).toContain("1.400 ÷ 1.450");
    expect(page).toContain('<p class="big">94,11 %</p>');
    expect(page).toContain("800 ÷ 850");
  });

  it("keeps the carve-outs apart from the errors, with who acts next", () => {
    const page = renderReport(metrics);
    const [, carveOuts = "", errors = ""] = page.split(/Ngoại lệ theo Đề án 06 <|Lỗi cần sửa </);
    expect(carveOuts).toMatch(/X31[\s\S]*X10/);
    expect(carveOuts).not.toContain("<code>E34</code>");
    expect(carveOuts).toContain("Trạm y tế");
    expect(errors).toContain("<code>E34</code>");
  });

  it("fetches nothing, runs nothing and is the same bytes each time", () => {
    const page = renderReport(metrics);
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|<a |\son\w+=|url\(|@import|https?:|src=|href=/i);
    expect(renderReport(shuffled)).toBe(page);
  });

  it("closes every tag that it opens, and names every table and column", () => {
    const page = renderReport(hostileMetrics);
    const open: string[] = [];
    for (const [, slash, tag] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
      if (["meta", "br"].includes(tag as string)) continue;
      if (slash === "") open.push(tag as string);
      else expect(open.pop()).toBe(tag);
    }
    expect(open).toEqual([]);
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<caption>/g)?.length);
    expect(page).not.toMatch(/<th(?! scope|ead)/);
  });

  it("shows a hostile label as text", () => {
    const page = renderReport(hostileMetrics);
    expect(page).not.toMatch(/<script|<img|<\/style>[\s\S]*<\/style>/i);
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/);
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(page).toContain("gpj.&lt;U+202E&gt;fdp");
    expect(page).toContain("&amp;lt;already&amp;gt;");
  });

  it("shows 50 values of a long dimension and counts the rest", () => {
    const doses = { records: 2, byCode: { C1: 1, E34: 1 } };
    const rows = Array.from({ length: 60 }, (_, index) => ({
      key: `F${String(index).padStart(2, "0")}`,
      label: "",
      doses,
      people: doses,
    }));
    const page = renderReport({ ...metrics, dimensions: { facility: rows } });
    expect(page).toContain("<bdi>F49</bdi>");
    expect(page).not.toContain("<bdi>F50</bdi>");
    expect(page).toContain("Còn 10 giá trị khác: 20 mũi, trong đó 10 chưa sạch");
  });

  it("says what is not applicable, and that nothing was authenticated without a register", () => {
    const none = { records: 0, byCode: {} };
    const run = { ...metrics.run, registerVersion: null, registerPeople: 0 };
    const page = renderReport({ ...metrics, run, doses: none, people: none, dimensions: {}, gates: [] });
    expect(page).toContain('<p class="big">không áp dụng</p>');
    expect(page).toContain("No population register was given");
    expect(page).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  });
});

describe("renderTerminalSummary({ metrics, runDir, isInteractive })", () => {
  it("says it all on one screen", () => {
    const text = renderTerminalSummary({ metrics, runDir: "reports/2022-03-31-abc", isInteractive: false });
    expect(text).toMatchInlineSnapshot(`
      "covid19-vaccination · run 2022-03-31-abc · as of 2022-03-31
        policy    scheme-06, rules 1
        register  f00d, 100,000 people
        inputs    2 files

      Sets
                    doses  people
        cleaned     1,400     800
        errors         50      50
        exceptions    550     350
        records     2,000   1,200

      Percentages
                       doses                  people
        cleanliness  96.55 %  1,400 ÷ 1,450  94.11 %  800 ÷ 850
        coverage     70.00 %  1,400 ÷ 2,000  66.66 %  800 ÷ 1,200

      Cleaned, by how they were authenticated
        code  doses  people  meaning
        C1    1,300     800  The record agrees with the population register as written.
        C2      100       0  The record agrees with the population register once its spelling is normalised.

      Carve-outs of Scheme 06: not counted as errors
        code  doses  people  meaning
        X31     500     300  The name does not agree with the population register.
        X10      50      50  There is no citizen ID.

      Errors: to be repaired
        code  doses  people  meaning
        E34      50      50  The vaccine is not in the list.

      Provinces with the most doses that are not clean
        province               not clean  errors  exceptions  records  cleanliness
        Thành phố Hồ Chí Minh        500       0         500      800     100.00 %  300 ÷ 300
        Thành phố Hà Nội             100      50          50    1,200      95.65 %  1,100 ÷ 1,150

      Gates
        passed  maxErrorShare  0.025 (limit 0.5)
        FAILED  minFoundShare  not applicable (limit 0.2)

      Files
        cleaned     reports/2022-03-31-abc/cleaned/
        errors      reports/2022-03-31-abc/errors/
        exceptions  reports/2022-03-31-abc/exceptions/
        changes     reports/2022-03-31-abc/changes.csv
        report      reports/2022-03-31-abc/report/
        manifest    reports/2022-03-31-abc/manifest.json
      "
    `);
  });

  it("writes escape sequences only to an interactive terminal", () => {
    const options = { metrics: hostileMetrics, runDir: "reports/\u001b[2Jx" };
    expect(renderTerminalSummary({ ...options, isInteractive: false })).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u202e]/,
    );
    const bold = renderTerminalSummary({ ...options, isInteractive: true });
    expect(bold).toContain("\u001b[1mSets\u001b[22m");
    expect(bold.replaceAll(/\u001b\[(1|22)m/g, "")).toBe(
      renderTerminalSummary({ ...options, isInteractive: false }),
    );
  });
});
