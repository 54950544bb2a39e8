/** How the page is laid out: cards in as many columns as the window has room for; on paper without what needs a mouse. */
export const PAGE_STYLE = `
* { box-sizing: border-box; } [hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1, h2, h3, h4, p, ul { margin: 0; padding: 0; } ul { list-style: none; } main, #top { padding: 0 1.5rem; } main { padding-bottom: 3rem; }
h1, h2, h3, h4, p, li, a, span { overflow-wrap: anywhere; min-width: 0; }
#top { padding-top: 1.25rem; } h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.01em; } #top p { color: var(--quiet); margin-top: 0.25rem; }
#filters { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: end; padding: 0.75rem 1.5rem; margin-top: 0.5rem;
  background: var(--page); border-bottom: 1px solid var(--line); }
#filters label { display: grid; gap: 0.15rem; font-size: 0.8rem; color: var(--quiet); }
input, select, button { font: inherit; font-size: 0.9rem; height: 2.1rem; color: var(--text); background: var(--card); border: 1px solid var(--quiet);
  border-radius: 6px; padding: 0 0.6rem; max-width: 16rem; } #filters input { width: 11rem; } button { cursor: pointer; } output { align-self: center; color: var(--quiet); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.legend { margin: 1rem 0 0; font-size: 0.85rem; } .quiet, .facts { color: var(--quiet); }
.swatch { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 3px; margin: 0 0.4rem 0 0; } .legend span { margin-right: 0.4rem; } .legend .swatch:not(:first-child), .legend .quiet { margin-left: 0.7rem; }
.fabric, #racks, #findings { margin-top: 1.75rem; } .fabric > header { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; align-items: baseline; }
h2 { font-size: 1.2rem; } .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 22rem), 1fr)); gap: 0.9rem; margin-top: 0.6rem; }
.card { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--line); border-radius: 8px; padding: 0.8rem 0.9rem 0.9rem;
  transition: opacity 0.15s; scroll-margin: 6rem 0 1rem; min-width: 0; }
.worst-error { border-left-color: var(--error); } .worst-warning { border-left-color: var(--warning); } .worst-information { border-left-color: var(--information); }
.card:target { box-shadow: 0 0 0 3px var(--accent); } .card:focus { outline: none; } .lifting .card:not(.lifted) { opacity: 0.3; } .card.lifted { box-shadow: 0 0 0 2px var(--accent); }
h3 { font-size: 1.1rem; } h3 .name { font-weight: 500; margin-left: 0.3rem; } h4 { font-size: 0.95rem; } h4 .name { font-weight: 400; color: var(--text); margin-left: 0.3rem; }
.facts { font-size: 0.85rem; } .mono, code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.93em; }
.v4 { color: var(--v4); } .v6 { color: var(--v6); } .subnet { border-top: 1px solid var(--line); margin-top: 0.7rem; padding-top: 0.6rem; }
.chips { display: flex; flex-wrap: wrap; gap: 0.35rem; margin-top: 0.5rem; } .chips li { max-width: 100%; }
.chip { display: block; border-radius: 6px; padding: 0.1rem 0.5rem; font-size: 0.85rem; text-decoration: none; background: var(--vlan); color: var(--on-vlan); }
.chip.rack { background: var(--rack); color: var(--on-rack); } .chip.relay { background: var(--relay); color: var(--on-relay); } a.chip:hover { text-decoration: underline; }
.bar { display: block; width: 100%; height: 8px; margin: 0.45rem 0 0.35rem; border-radius: 4px; }
.ranges { font-size: 0.82rem; } .ranges li { padding-left: 1.1rem; text-indent: -1.1rem; } .ranges .quiet { white-space: nowrap; }
.findings { margin-top: 0.35rem; } .finding { font-size: 0.85rem; font-weight: 600; text-decoration: none; } .finding:hover { text-decoration: underline; }
.error.finding, li.error b { color: var(--error); } .warning.finding, li.warning b { color: var(--warning); } .information.finding, li.information b { color: var(--information); }
.suppressed.finding, li.suppressed b { color: var(--quiet); font-weight: 500; }
#findings { max-width: 64rem; } ol { padding-left: 2rem; } ol li { margin: 0.8rem 0 0; padding: 0.1rem 0.3rem; scroll-margin: 6rem 0 1rem; } li:target { background: var(--card); box-shadow: 0 0 0 3px var(--accent); border-radius: 4px; }
@media screen and (min-width: 60rem) and (min-height: 30rem) { #filters { position: sticky; top: 0; z-index: 1; } }
@media (prefers-reduced-motion: reduce) { .card { transition: none; } }
@media print { body { background: none; font-size: 10px; } #filters { display: none; } .card, ol li { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  .grid { grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); } .bar, .swatch, .chip { print-color-adjust: exact; } main, #top { padding: 0; } }
`.trim();
