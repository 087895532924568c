/**
 * Colours of the three sets, and of what is still on its way. Any two that meet in a bar differ in lightness too, and
 * each from the paper (WCAG 2.2, 1.4.11), so that they are told apart without seeing red or green.
 */
export const setColours = {
  light: { cleaned: "#0d9488", errors: "#b23a07", exceptions: "#343b68", left: "#7f8c9b" },
  dark: { cleaned: "#2dd4bf", errors: "#ea7317", exceptions: "#5f6bb5", left: "#b8c1cc" },
} as const;

/** What they lie on: the page, and its panels. */
export const papers = {
  light: { paper: "#ffffff", panel: "#f5f7f9" },
  dark: { paper: "#12171d", panel: "#1b222a" },
} as const;

function writeColours(scheme: keyof typeof setColours): string {
  return Object.entries(setColours[scheme])
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

const [light, dark] = [writeColours("light"), writeColours("dark")];

/** What a drawing needs outside of the page. */
export const chartStyle = `:root{${light};color:#1b2430;font-family:system-ui,"Noto Sans",sans-serif}`;

/** The page's own style sheet: light and dark by the reader's setting, all on white when printed, no fonts fetched. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#1b2430;--soft:#556270;--paper:${papers.light.paper};--panel:${papers.light.panel};--line:#d3dae1;--track:#e3e8ed;
--bad:#b3261e;--link:#0b57a4;${light}}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf0;--soft:#aab5c0;--paper:${papers.dark.paper};--panel:${papers.dark.panel};--line:#36414c;
--track:#2b353f;--bad:#ff9d94;--link:#8ec5ff;${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:74rem;padding:1rem 1.25rem 4rem;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,"Segoe UI","Noto Sans",Roboto,sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0 .25rem;letter-spacing:-.01em}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .6rem}
h3{font-size:1rem;margin:1.5rem 0 .3rem}
p{margin:.45rem 0;max-width:46rem}
section{margin:3rem 0 0;scroll-margin-top:1rem}
a{color:var(--link)}
code{font:.92em ui-monospace,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
.soft,.small,caption,figcaption{color:var(--soft)}
.small{font-size:.82em}
td .small,th .small{display:block}
.nowrap{white-space:nowrap;font-variant-numeric:tabular-nums}
.choice{position:absolute;opacity:0;width:1px;height:1px}
.choice+label{display:inline-block;padding:.55rem .9rem;min-height:44px;border:1px solid var(--line);cursor:pointer;font-size:.9rem}
#vi+label{border-radius:.5rem 0 0 .5rem}
#en+label{border-radius:0 .5rem .5rem 0;border-left:0}
.choice:checked+label{background:var(--ink);color:var(--paper)}
.choice:focus-visible+label{outline:3px solid var(--link);outline-offset:2px}
#vi:checked~* .en,#en:checked~* .vi{display:none}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:1rem 0 0;padding:.5rem 0;border-block:1px solid var(--line)}
nav a{display:inline-block;padding:.35rem 0;text-decoration:none}
nav a:hover{text-decoration:underline}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(21rem,100%),1fr));gap:1.25rem;margin:1.5rem 0 0}
.card{background:var(--panel);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem 1.5rem}
.card h2{font-size:1rem;color:var(--soft);font-weight:600;margin:0}
.big{font-size:3.2rem;line-height:1.1;font-weight:700;letter-spacing:-.02em;font-variant-numeric:tabular-nums;margin:.15rem 0 .35rem}
.bar{display:block;width:100%;min-width:5rem;height:.55rem;margin-top:.3rem;border-radius:.2rem}
.card .bar{height:1rem;margin:.8rem 0 .5rem}
.track{fill:var(--track)}rect.cleaned{fill:var(--cleaned)}rect.errors{fill:var(--errors)}rect.exceptions{fill:var(--exceptions)}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.4rem 0 .8rem;padding:0;font-size:.92rem}
.key li::before{content:"";display:inline-block;width:.75rem;height:.75rem;margin-right:.4rem;border-radius:.15rem;vertical-align:-.05rem}
.key .cleaned::before{background:var(--cleaned)}.key .errors::before{background:var(--errors)}.key .exceptions::before{background:var(--exceptions)}
.key b{font-variant-numeric:tabular-nums}
.warn{border-left:.3rem solid var(--bad);background:var(--panel);padding:.7rem 1rem;margin:1rem 0;max-width:none}
.steps{padding-left:1.4rem;max-width:52rem}
.steps li{margin:.9rem 0}
.who{font-weight:600}
figure{margin:1rem 0}
figcaption{font-size:.88rem}
.scroll{overflow-x:auto;margin:.6rem 0}
.scroll:focus-visible{outline:3px solid var(--link)}
.chart{display:block;width:100%;min-width:40rem;height:auto;max-width:60rem}
.chart text{white-space:pre}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;font-size:.88rem;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.5rem .65rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
thead th{background:var(--panel);border-bottom:2px solid var(--line);vertical-align:bottom;font-size:.85rem}
tbody th{font-weight:550;min-width:9rem}
tbody tr:hover>*{background:var(--panel)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .number{white-space:normal}
.text{min-width:14rem}
tbody th:has(>code){min-width:0}th>code{overflow-wrap:normal}
.left{display:block;white-space:nowrap}
.text .left{display:inline-block;margin-right:.9rem}
.bad{color:var(--bad)}
button,input[type=search]{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:.4rem;min-height:44px;padding:.3rem .7rem}
thead button{border:0;padding:0;min-height:2.2rem;text-align:inherit;font-weight:inherit;cursor:pointer}
thead button::after{content:" ↕";color:var(--soft)}
[aria-sort=ascending] button::after{content:" ↑"}[aria-sort=descending] button::after{content:" ↓"}
tbody button{border:0;padding:.2rem 0;text-align:left;cursor:pointer;font-weight:inherit;min-height:0;color:var(--link)}
tbody button::before{content:"▸ "}tbody button[aria-expanded=true]::before{content:"▾ "}
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.filter{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem;margin:.6rem 0;font-size:.92rem}
.filter label{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem}
.filter input{min-width:14rem;background:var(--paper)}
tr[data-depth="1"]>th{padding-left:1.8rem}tr[data-depth="2"]>th{padding-left:3.2rem}
tr[data-depth]>*{background:var(--panel)}
[hidden]{display:none}
@media (min-width:60rem){main>section .scroll{overflow-x:visible}thead th{position:sticky;top:0;z-index:1}}
@media (max-width:40rem){body{padding:.75rem .9rem 3rem}.big{font-size:2.6rem}section{margin-top:2.25rem}.card{padding:1rem 1.1rem}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--panel:#fff;--line:#999;--track:#ddd;--bad:#b3261e;--link:#000;${light}}
@page{size:A4;margin:14mm}
body{max-width:none;padding:0;font-size:9.5pt}.choice+label,nav,.filter{display:none}.scroll{overflow:visible}.chart{min-width:0}
table{font-size:7.5pt}th,td{padding:.25rem .35rem}thead{display:table-header-group}thead th{position:static}tr[hidden]{display:table-row}
thead button::after,tbody button::before{content:""}tr,.card,figure,.steps li{break-inside:avoid}h2,h3{break-after:avoid}
tbody th,.text{min-width:0}.number{white-space:normal}.bar,.chart,.key li::before{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
