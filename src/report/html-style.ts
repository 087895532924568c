/** The report's own style sheet: light and dark by the reader's setting, black on white when printed, no fonts fetched. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5a6675; --paper: #ffffff; --panel: #f4f6f8;
  --line: #d5dbe1; --clean: #1f7a4d; --track: #dfe5ea; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --soft: #a3afbb; --paper: #14191f;
  --panel: #1d242c; --line: #343d47; --clean: #58c48e; --track: #323c46; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", Roboto, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.75rem 0 .5rem; }
p { margin: .4rem 0; max-width: 60rem; }
.en { color: var(--soft); font-size: .88em; font-weight: normal; }
.below { display: block; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 1rem; margin: 1.5rem 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1.1rem 1.3rem; }
.card h2 { margin: 0; font-size: 1rem; }
.big { font-size: 2.6rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; margin: .2rem 0 0; }
.warn { border-left: .3rem solid var(--bad); background: var(--panel); padding: .7rem 1rem; margin: 1rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--soft); padding: .3rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; }
thead th { background: var(--panel); border-bottom: 2px solid var(--line); overflow-wrap: normal; }
tbody th { font-weight: 550; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: block; min-width: 5rem; height: .7rem; margin-top: .35rem; border-radius: .2rem; background: var(--track); }
.bar span { display: block; height: 100%; border-radius: .2rem; background: var(--clean); }
.bad { color: var(--bad); font-weight: 650; }
code { font: .92em ui-monospace, Consolas, "Liberation Mono", monospace; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --panel: #fff; --line: #999;
  --clean: #1f7a4d; --track: #ddd; --bad: #b3261e; }
  body { max-width: none; padding: 0; font-size: 10pt; } .scroll { overflow: visible; } tr, .card { break-inside: avoid; }
  thead { display: table-header-group; } .bar, .bar span { print-color-adjust: exact; } }
`;
