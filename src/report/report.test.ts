import { createHash } from "node:crypto";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { Cause, DimensionRow, Metrics } from "./metrics.js";
import { chooseMonths } from "./page/charts.js";
import { renderReport } from "./page/page.js";
import type { ReportInput } from "./report-input.js";
import { noHistory } from "./run-history.js";
import { drawSlides } from "./slides.js";
import { formatSummaryCsv } from "./summary-csv.js";
import { formatSummaryJson } from "./summary-json.js";
import { renderTerminalSummary } from "./terminal-table.js";
import { showLabel } from "./visible-text.js";

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
    {
      ...{ name: "b.csv", format: "csv", encoding: "utf-8", layout: "long" },
      ...{ records: 1200, blankLines: 3, isWhole: true },
    },
    {
      ...{ name: "a.csv", format: "csv.gz", encoding: "utf-16le", layout: "wide" },
      ...{ records: 800, blankLines: 0, isWhole: false },
    },
  ],
  causes: [],
  leftOut: [{ name: "c.csv", reason: "the file is empty; expected at least a header. Deliver it again" }],
  gates: [
    { name: "maxErrorShare", limit: 0.5, value: 0.025, passed: true },
    { name: "minFoundShare", limit: 0.2, value: null, passed: false },
  ],
};

function inputOf(of: Metrics): ReportInput {
  return { metrics: of, history: noHistory, audit: null };
}

/** The same counts, met in another order. */
const shuffled: Metrics = {
  gates: metrics.gates,
  files: [...metrics.files].reverse(),
  causes: metrics.causes,
  leftOut: metrics.leftOut,
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

const writeJson = (of: Metrics): string => [...formatSummaryJson(of)].join("");
const writeCsv = (of: Metrics): string => [...formatSummaryCsv(of)].join("");

describe("formatSummaryJson(metrics)", () => {
  it("keeps the metrics, and puts the sets and percentages beside each tally", () => {
    const summary = JSON.parse(writeJson(metrics));
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
    expect(writeJson(shuffled)).toBe(writeJson(metrics));
    expect(writeJson(metrics)).toMatch(/^\{\n {2}"run": \{\n[\s\S]*\n\}\n$/);
  });
});

describe("formatSummaryCsv(metrics)", () => {
  it("is tidy, with a total, each dimension and the codes, for doses and people", () => {
    const lines = writeCsv(metrics).split("\n");
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
    expect(writeCsv(shuffled)).toBe(writeCsv(metrics));
  });

  it("leaves a percentage that is not applicable empty", () => {
    const none = { records: 3, byCode: { X10: 3 } };
    const [, total] = writeCsv({ ...metrics, doses: none, dimensions: {} }).split("\n");
    expect(total).toBe("doses,total,,,3,0,0,3,0,0,,0,3,0");
  });

  it("lets no label run as a formula, break a row or hide its direction", () => {
    const text = writeCsv(hostileMetrics);
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

describe("renderReport(input)", () => {
  it("shows the headline with its numerator and denominator, in doses and people, in both languages", () => {
    const page = renderReport(inputOf(metrics));
    const [, headline = ""] = page.split('<section id="headline"');
    const [, doses = "", people = ""] = headline.split('<p class="big">');
    expect(doses).toMatch(/^<span class="vi">96,55 %<\/span><span class="en" lang="en">96\.55 %<\/span>/);
    expect(doses).toContain("1.400 ÷ 1.450");
    expect(doses).toContain("1,400 ÷ 1,450");
    expect(people).toMatch(/^<span class="vi">94,11 %/);
    expect(people).toContain("800 ÷ 850");
  });

  it("says in the reader's language why a file was refused, and where an older run kept English alone, that it is", () => {
    const page = renderReport(inputOf(metrics));
    expect(page).toContain('<span class="vi">Lý do (tiếng Anh): the file is empty; ');
    const [old] = metrics.leftOut as [Metrics["leftOut"][number]];
    const told = renderReport(inputOf({ ...metrics, leftOut: [{ ...old, reasonVi: "Tệp rỗng." }] }));
    expect(told).toContain('<span class="vi">Tệp rỗng.</span><span class="en" lang="en">the file is empty; ');
    expect(told).not.toContain("tiếng Anh)");
  });

  it("says what changed since the last night, and that there was none", () => {
    expect(renderReport(inputOf(metrics))).toContain("There is no earlier night to compare with.");
    const before = { records: 1990, cleaned: 1390, errors: 60, exceptions: 540 };
    const page = renderReport({
      ...inputOf(metrics),
      history: { ...noHistory, runs: [{ id: "a", asOf: "2022-03-30", doses: before, people: before }] },
    });
    expect(page).toContain("Since 2022-03-30: 95.86 % then; cleaned +10, errors −10.");
    expect(page).toContain("So với 30/03/2022: khi đó 95,86 %; số sạch +10, số lỗi −10.");
  });

  it("says that all sent as usual by the nights compared, however many are listed", () => {
    const before = { records: 1990, cleaned: 1390, errors: 60, exceptions: 540 };
    const night = { id: "a", asOf: "2022-03-30", doses: before, people: before };
    const show = (nights: number, province: number, facility: number): string => {
      const runs = Array.from({ length: nights }, () => night);
      return renderReport({
        ...inputOf(metrics),
        history: { ...noHistory, runs, compared: { province, facility } },
      });
    };
    const notYet = "that can be told only from 3 earlier nights on";
    // Of seven nights, two could be read; of one that is listed (--since), seven were compared.
    expect(show(7, 2, 2)).toContain(notYet);
    expect(show(7, 2, 2)).not.toContain("as much as it does as a rule");
    const all = show(1, 7, 7);
    expect(all).toContain("Every province and facility sent about as much as it does as a rule.");
    expect(all).toContain("Mọi tỉnh và mọi cơ sở đều gửi gần như thường lệ.");
    expect(all).not.toContain(notYet);
    expect(show(7, 3, 0)).toContain("Every province sent about as much as it does as a rule.");
    expect(show(7, 3, 0)).toContain(
      "(provinces: 3, facilities: 0), at least 3; places that send under 10 records as a rule are not looked at; of each level at most 200 are listed.",
    );
  });

  it("names in one sentence the provinces that never sent, and only counts them where they are most of the table", () => {
    const show = (count: number, province = 4): string => {
      const compared = { province, facility: 0 };
      const neverSent = Array.from({ length: count }, (_, at) => ({ key: `${at}`, label: `Tỉnh ${at}` }));
      return renderReport({ ...inputOf(metrics), history: { ...noHistory, compared, neverSent } });
    };
    expect(show(0)).not.toContain("chưa từng gửi");
    expect(show(2)).toContain("2 tỉnh chưa từng gửi, kể cả trong 4 lượt trước được so sánh: Tỉnh 0, Tỉnh 1.");
    expect(show(2)).toContain("2 provinces never sent anything, nor in the 4 earlier nights");
    expect(show(2, 0)).toContain("2 tỉnh chưa từng gửi: Tỉnh 0, Tỉnh 1.");
    expect(show(21)).toContain("21 tỉnh chưa từng gửi");
    expect(show(21)).not.toContain("Tỉnh 0, ");
  });

  it("writes every day as its reader does: dd/mm/yyyy in Vietnamese, ISO in English", () => {
    const sets = { records: 1990, cleaned: 1390, errors: 60, exceptions: 540 };
    const page = renderReport({
      ...inputOf(metrics),
      history: { ...noHistory, runs: [{ id: "a", asOf: "2022-03-30", doses: sets, people: sets }] },
      audit: { population: 9, checkedOn: "2022-04-02", right: 1, low: 0.9, high: 1, strata: [] },
    });
    for (const [vi, en] of [
      ["31/03/2022", "2022-03-31"],
      ["30/03/2022", "2022-03-30"],
    ]) {
      expect(page).toContain(`<span class="vi">${vi}</span><span class="en" lang="en">${en}</span>`);
    }
    expect(page).toContain("tính đến ngày 02/04/2022");
    const vietnamese = [...page.matchAll(/<span class="vi">([^<]*)</g)].map(([, text]) => text);
    expect(vietnamese.filter((text) => /\d{4}-\d\d-\d\d/.test(text ?? ""))).toEqual([]);
  });

  it("names what the gates ask, and the clean share of all, in both languages", () => {
    const page = renderReport(inputOf(metrics));
    expect(page).toContain('<span class="vi">Tỷ lệ lỗi, nhiều nhất</span>');
    expect(page).toContain("Share found in the register, at least");
    expect(page).toContain("Tỷ lệ sạch trên tổng số nhận được");
    // Of vaccines the same words say something else.
    expect(page).not.toMatch(/bao phủ|Coverage,|>Coverage/i);
  });

  it("asks nobody to act on what nobody has to act on", () => {
    const doses = { records: 750, byCode: { E40: 700, E34: 50 } };
    const [, steps = ""] = renderReport(inputOf({ ...metrics, doses })).split('<section id="next-steps"');
    const [section = ""] = steps.split("</section>");
    expect(section).toContain("<code>E34</code>");
    expect(section).not.toContain("<code>E40</code>");
  });

  it("names who sent too little, and how far clean can be trusted once it was audited", () => {
    const late = { dimension: "facility", key: "01015", label: "Trạm", records: 3, usual: 2400 } as const;
    const stratum = { code: "C1", population: 1300, drawn: 300, checked: 290, right: 289 };
    const page = renderReport({
      ...inputOf(metrics),
      history: { ...noHistory, late: [late] },
      audit: {
        ...{ population: 1400, checkedOn: "2022-04-02", strata: [stratum] },
        ...{ right: 0.9966, low: 0.981, high: 0.9999 },
      },
    });
    expect(page).toMatch(/<bdi>Trạm<\/bdi>[\s\S]{0,200}>3<[\s\S]{0,100}2\.400/);
    expect(page).toContain("99.66 % (95 % CI 98.10 % – 99.99 %) of cleaned records are truly right");
    expect(renderReport(inputOf(metrics))).toContain("Not audited");
  });

  it("tells the main reasons of each group beside how clean it is", () => {
    const groups = ["no", "yes"].map((key) => ({ ...saigon, key, label: `Nơi ${key}` }));
    const page = renderReport(inputOf({ ...metrics, dimensions: { abroad: groups } }));
    const [, fairness = ""] = page.split('<section id="fairness"');
    expect(fairness).toContain("Where the birth was registered");
    expect(fairness).toContain('<span class="en" lang="en">Birth registered abroad</span>');
    expect(fairness).toMatch(/<code>X31<\/code> 500<\/span>/);
    expect(renderReport(inputOf(metrics))).not.toContain('<section id="fairness"');
  });

  it("leads what to do first with the causes, in both languages", () => {
    const cause: Cause = {
      ...({ kind: "day-month-swapped", dimension: "facility" } as const),
      ...{ key: "01015", label: "Trạm <b>" },
      ...{ finding: "birth-date.day-month-swapped", saved: 870, records: 1000, withFinding: 870 },
      ...{ restRecords: 9000, restWithFinding: 9, sinceDay: "2023-03-03", sinceLine: null },
    };
    const page = renderReport(inputOf({ ...metrics, causes: [cause] }));
    const [, steps = ""] = page.split('<section id="next-steps"');
    expect(steps).toMatch(/87,00 %[\s\S]*E34/);
    expect(steps).toContain("Trạm &lt;b&gt;");
    expect(steps).toMatch(/2023-03-03|03\/03\/2023/);
    expect(renderReport(inputOf(metrics))).toContain("No one mistake was seen behind many records.");
  });

  it("keeps the carve-outs apart from the errors, with who acts next", () => {
    const page = renderReport(inputOf(metrics));
    const [, carveOuts = "", errors = ""] = page.split(/<section id="carve-outs"|<section id="errors"/);
    expect(carveOuts).toMatch(/X31[\s\S]*X10/);
    expect(carveOuts).not.toContain("<code>E34</code>");
    expect(carveOuts).toContain("Trạm y tế");
    expect(errors).toContain("<code>E34</code>");
  });

  it("fetches nothing, lets only its own style and script run, and is the same bytes each time", () => {
    const page = renderReport(inputOf(metrics));
    const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    for (const tag of ["style", "script"]) {
      const [, text = ""] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
      const hash = createHash("sha256").update(text).digest("base64");
      expect(policy).toContain(`${tag}-src 'sha256-${hash}'`);
    }
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(page.replace(/<script>[\s\S]*<\/script>/, "")).not.toMatch(
      /<link(?! rel="icon" href="data:,">)|<img|<iframe|\son\w+=|\sstyle=|url\(|@import|https?:|src=|href="(?!#|data:,")/i,
    );
    expect(renderReport(inputOf(shuffled))).toBe(page);
  });

  it("closes every tag that it opens, and names every table and column", () => {
    const page = renderReport(inputOf(hostileMetrics)).replace(/<script>[\s\S]*<\/script>/, "");
    const open: string[] = [];
    for (const [, slash, tag, end] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (["meta", "br", "input", "link"].includes(tag as string) || end === "/") continue;
      if (slash === "") open.push(tag as string);
      else expect(open.pop()).toBe(tag);
    }
    expect(open).toEqual([]);
    expect(page.match(/<table/g)?.length).toBe(page.match(/<caption>/g)?.length);
    expect(page).not.toMatch(/<th(?! scope|ead)/);
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it("shows a hostile label as text, in tables, drawings and the script's data", () => {
    const rows = hostileMetrics.dimensions.facility ?? [];
    const page = renderReport(
      inputOf({ ...hostileMetrics, dimensions: { ...hostileMetrics.dimensions, province: rows } }),
    );
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/(?:script|style)>/g)).toHaveLength(3);
    expect(page).not.toMatch(/<img/i);
    expect(page.replace(/<script>[\s\S]*<\/script>/, "")).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u200b\u202e]/,
    );
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(page).toContain("gpj.&lt;U+202E&gt;fdp");
    expect(page).toContain("&amp;lt;already&amp;gt;");
    const [, data = ""] = /id="places">([\s\S]*?)<\/script>/.exec(page) ?? [];
    const labels = JSON.parse(data).facility.map(([, label]: string[]) => label);
    expect(labels.sort()).toEqual(rows.map(({ label }) => showLabel(label)).sort());
  });

  it("shows 50 values of a long dimension, counts the rest, and hands all of them to the script", () => {
    const doses = { records: 2, byCode: { C1: 1, E34: 1 } };
    const rows = Array.from({ length: 60 }, (_, index) => ({
      key: `F${String(index).padStart(2, "0")}`,
      label: "",
      doses,
      people: doses,
    }));
    const page = renderReport(inputOf({ ...metrics, dimensions: { facility: rows } }));
    expect(page).toContain("<bdi>F49</bdi>");
    expect(page).not.toContain("<bdi>F50</bdi>");
    expect(page).toContain("còn 10 giá trị khác: 20 mũi, trong đó 10 chưa sạch");
    expect(page).toContain('["F59","",1,1,0,1,1,0]');
  });

  it("says what is not applicable, and that nothing was authenticated without a register", () => {
    const none = { records: 0, byCode: {} };
    const run = { ...metrics.run, registerVersion: null, registerPeople: 0 };
    const page = renderReport(
      inputOf({ ...metrics, run, doses: none, people: none, dimensions: {}, gates: [] }),
    ).replace(/<script>[\s\S]*<\/script>/, "");
    expect(page).toContain('<p class="big"><span class="vi">không áp dụng</span>');
    expect(page).toContain("No population register was given");
    expect(page).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  });
});

describe("chooseMonths(rows)", () => {
  const month = (key: string, code: string, records: number) => {
    const tally = { records, byCode: { [code]: records } };
    return { key, label: key, doses: tally, people: tally };
  };

  it("leaves out mistyped years and counts what it leaves out", () => {
    const rows = [
      month("", "E24", 1),
      month("2020-01", "E31", 2),
      month("2021-04", "C1", 4),
      month("2021-05", "E50", 8),
      month("2021-06", "C2", 16),
      month("2093-09", "E32", 32),
    ];
    const { months, outside } = chooseMonths(rows);
    expect([months.map(({ key }) => key), outside]).toEqual([["2021-04", "2021-05", "2021-06"], 35]);
  });

  it("shows all of them where no dose is clean", () => {
    const { months, outside } = chooseMonths([month("2020-01", "E31", 2), month("2093-09", "E32", 3)]);
    expect([months.length, outside]).toEqual([2, 0]);
  });
});

describe("drawSlides({ metrics, history })", () => {
  it("draws what there is to draw, as pictures that stand alone, the same bytes each time", () => {
    const month = ["2021-03", "2021-04", ""].map((key) => ({ ...hanoi, key, label: key }));
    const full = { ...metrics, dimensions: { ...metrics.dimensions, month } };
    const past = { records: 10, cleaned: 5, errors: 2, exceptions: 3 };
    const history = { ...noHistory, runs: [{ id: "a", asOf: "2022-03-30", doses: past, people: past }] };
    const slides = drawSlides({ metrics: full, history });
    expect(Object.keys(slides)).toEqual([
      ...["flow.svg", "months.svg", "provinces.svg", "trend.svg"],
      ...["flow-en.svg", "months-en.svg", "provinces-en.svg", "trend-en.svg"],
    ]);
    for (const text of Object.values(slides)) {
      expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"><style>:root\{--cleaned:/);
      expect(text.match(/<svg/g)).toHaveLength(1);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(drawSlides({ metrics: full, history })).toEqual(slides);
    expect(slides["flow.svg"]).toContain("2.000");
    expect(slides["flow-en.svg"]).toContain("1,400");
    expect(slides["provinces.svg"]).toContain("Hồ Chí Minh");
    expect(slides["trend.svg"]).toContain("30/03/2022");
    expect(slides["trend-en.svg"]).toContain("2022-03-30");
    expect(slides["provinces-en.svg"]).toMatch(/>errors<[\s\S]*>exceptions</);
    expect(slides["months.svg"]).toMatch(/>sạch<[\s\S]*>lỗi<[\s\S]*>ngoại lệ</);
    expect(Object.keys(drawSlides({ metrics: { ...metrics, dimensions: {} }, history: noHistory }))).toEqual([
      "flow.svg",
      "flow-en.svg",
    ]);
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

      LEFT OUT: these deliveries could not be read
        c.csv: the file is empty; expected at least a header. Deliver it again

      Look at these deliveries
        a.csv  its last line has no line break: it may have been cut short

      Sets
                    doses  people
        cleaned     1,400     800
        errors         50      50
        exceptions    550     350
        records     2,000   1,200

      Percentages
                        doses                  people
        cleanliness   96.55 %  1,400 ÷ 1,450  94.11 %  800 ÷ 850
        clean of all  70.00 %  1,400 ÷ 2,000  66.66 %  800 ÷ 1,200

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
