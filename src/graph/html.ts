import { grouped } from "../../lib/model/lists";
import type { Finding } from "../../lib/rules/report";
import {
  type Card,
  CHANGE_LEGEND,
  CHANGE_STYLE,
  type Changes,
  type Chip,
  type FabricPicture,
  findingsOf,
  markOf,
  type Outcome,
  outcomeMark,
  OUTCOMES,
  type Picture,
  SIGN,
  stateOf,
  type SubnetPicture,
  worstOf,
} from "./picture";
import { barShapes, LEGEND, RANGE_TYPES, STYLE } from "./range-bar";
import { xml } from "../../lib/model/escape";

/** How the page is laid out: cards in as many columns as the window has room for; on paper without what needs a mouse. */
const PAGE_STYLE = `
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
@media (scripting: none) { #filters { display: none; } }
@media (prefers-reduced-motion: reduce) { .card { transition: none; } }
@media print { body { background: none; font-size: 10px; } #filters { display: none; } .card, ol li { break-inside: avoid; } h2, h3, h4 { break-after: avoid; }
  .grid { grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); } .bar, .swatch, .chip { print-color-adjust: exact; } main, #top { padding: 0; } }
`.trim();

/** A page about a plan has this as well. */
const CHANGE_PAGE_STYLE = `
${CHANGE_STYLE} .card.added, .card.changed, .card.replaced, .card.gone, .card.released, .card.imported, .card.moved { color: var(--text); }
.changes { font-size: 0.85rem; margin-top: 0.4rem; } .changes li { margin-top: 0.2rem; } .outcome { font-weight: 600; } h2 .outcome, h3 .outcome, h4 .outcome { font-size: 0.9rem; }
`.trim();

/** Filters the cards, and shows what else a chip leads to. The page is whole without it. */
const SCRIPT = String.raw`
const $ = (id) => document.getElementById(id), all = (selector, within = document) => [...within.querySelectorAll(selector)];
const form = $("filters"), cards = all("#fabrics .card"), racks = all("#racks .card"), texts = new Map();
for (const card of [...cards, ...racks]) texts.set(card, card.textContent.toLowerCase());

/** Whether a VLAN is wanted by VID, by a range of VIDs or by a part of its name: "10, 20-29, storage". */
const isWanted = ({ firstElementChild: title, dataset: { vid } }, wanted) => wanted.split(",").some((part) => {
  const [, from, to = from] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(part) ?? [];
  if (from === undefined) return part.trim() !== "" && title.textContent.toLowerCase().includes(part.trim().toLowerCase());
  return vid !== undefined && Number(from) <= Number(vid) && Number(vid) <= Number(to);
});

function filter() {
  const [fabric, vlan, family, finding, find] = ["fabric", "vlan", "family", "finding", "find"].map((name) => form.elements[name].value.trim());
  const isNarrow = fabric + vlan + family + find !== "", isAny = isNarrow || finding !== "";
  for (const subnet of all(".subnet")) subnet.hidden = family !== "" && subnet.dataset.family !== family;
  const matches = (card) => texts.get(card).includes(find.toLowerCase()) && (finding === "" || all(finding, card).some((one) => !one.closest(".subnet[hidden]")));
  for (const card of cards) card.hidden = !matches(card) || (fabric !== "" && card.closest(".fabric").id !== fabric) ||
    (vlan !== "" && !isWanted(card, vlan)) || (family !== "" && !card.querySelector(".subnet:not([hidden])"));
  const visible = cards.filter((card) => !card.hidden), sections = new Set(visible.map((card) => card.closest(".fabric")));
  for (const section of all(".fabric")) section.hidden = isAny && !sections.has(section) && (isNarrow || !section.querySelector("header " + finding));
  const links = new Set(visible.flatMap((card) => all("a", card).map(({ hash }) => hash)));
  for (const rack of racks) rack.hidden = isAny && !links.has("#" + rack.id) && (fabric + vlan + family !== "" || !matches(rack));
  $("racks").hidden = racks.every(({ hidden }) => hidden);
  for (const item of all("#findings li")) item.hidden = (finding !== "" && !item.matches(finding)) || (isNarrow && !links.has("#" + item.id));
  $("shown").textContent = isAny ? visible.length + " of " + cards.length + " VLANs" : "";
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
filter();

/** Lifts what a chip leads to, and what else leads there: the other VLANs of a rack. */
function lift({ target }) {
  const { hash } = target.closest?.("a.chip") ?? {};
  for (const card of all(".lifted")) card.classList.remove("lifted");
  document.body.classList.toggle("lifting", hash !== undefined);
  if (hash !== undefined) for (const item of all('a.chip[href="' + hash + '"], ' + hash)) item.closest(".card").classList.add("lifted");
}
for (const name of ["pointerover", "focusin"]) document.addEventListener(name, lift);
for (const name of ["pointerout", "focusout"]) document.addEventListener(name, () => lift({ target: document }));

// What a link leads to may be filtered away.
document.addEventListener("click", ({ target }) => {
  const { hash } = target.closest("a[href^='#']") ?? {};
  if (hash !== undefined && document.querySelector(hash).closest("[hidden]")) { form.reset(); filter(); }
});
`.trim();

/** Writes one picture. Findings are numbered as in the page's list of them. */
class PageWriter {
  readonly #numbers: ReadonlyMap<Finding, number>;

  constructor(private readonly picture: Picture) {
    this.#numbers = new Map(picture.findings.map((finding, index) => [finding, index + 1]));
  }

  #findings(findings: readonly Finding[]): string {
    const items = findings.map(
      (finding) =>
        `<li><a class="finding ${stateOf(finding)}" data-rule="${xml(finding.id)}" href="#f${this.#numbers.get(finding) ?? 0}" title="${xml(finding.what)}">${xml(markOf(finding))}</a></li>`,
    );
    return items.length === 0 ? "" : `<ul class="findings" aria-label="Findings">${items.join("")}</ul>`;
  }

  #outcome(outcome: Outcome | undefined): string {
    const mark = outcomeMark(outcome);
    return mark === "" ? "" : `<span class="outcome ${outcome ?? ""}">${xml(mark)}</span> `;
  }

  #changes({ changes = [] }: Changes): string {
    const items = changes.map(
      ({ outcome, text, details }) =>
        `<li>${this.#outcome(outcome)}<span class="mono">${xml(text)}</span> <span class="quiet">${xml(details.join(" · "))}</span></li>`,
    );
    return items.length === 0 ? "" : `<ul class="changes" aria-label="Changes">${items.join("")}</ul>`;
  }

  #chip({ role, label, detail, target }: Chip): string {
    const text = `<b>${xml(label)}</b> ${xml(detail)}`;
    return target === undefined
      ? `<li><span class="chip ${role}">${text}</span></li>`
      : `<li><a class="chip ${role}" href="#${target}">${text}</a></li>`;
  }

  #subnet(subnet: SubnetPicture): string {
    const { cidr, name, facts, family, bars, findings, outcome } = subnet;
    const ranges = bars.map(
      ({ type, label, share }) =>
        `<li><span class="swatch ${type ?? "reserved"}"></span><span class="mono">${xml(label)}</span> <span class="quiet">${xml(share)}</span></li>`,
    );
    const bar =
      ranges.length === 0
        ? ""
        : `<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">${barShapes(bars, 0, 0, 1000)}</svg><ul class="ranges" aria-label="Ranges">${ranges.join("")}</ul>`;
    return `<div class="subnet" data-family="${family ?? ""}"><h4 class="v${family ?? ""}">${this.#outcome(outcome)}<span class="mono">${xml(cidr)}</span> <span class="name">${xml(name)}</span></h4>
<p class="facts">${xml(facts.join(" · "))}</p>${bar}${this.#changes(subnet)}${this.#findings(findings)}</div>`;
  }

  #card = (card: Card): string => {
    const { id, role, title, name, vid, facts, chips, subnets, findings, outcome } = card;
    const chipList = chips.length === 0 ? "" : `<ul class="chips">${chips.map(this.#chip).join("")}</ul>`;
    return `<article class="card ${role} worst-${worstOf(findingsOf(card)) ?? "none"}${outcome === undefined ? "" : ` ${outcome}`}" id="${id}" tabindex="-1"${vid === undefined ? "" : ` data-vid="${vid}"`}>
<h3>${this.#outcome(outcome)}${xml(title)} <span class="name">${xml(name)}</span></h3>
<p class="facts">${xml(facts.join(" · "))}</p>${chipList}${this.#changes(card)}${this.#findings(findings)}${subnets.map((subnet) => this.#subnet(subnet)).join("")}</article>`;
  };

  #fabric = (fabric: FabricPicture): string => {
    const { id, label, vlans, findings, outcome } = fabric;
    const none = this.picture.isChange ? "" : '<p class="quiet">no VLANs</p>';
    return `<section class="fabric" id="${id}"><header><h2>${this.#outcome(outcome)}${xml(label)}</h2>${this.#findings(findings)}</header>${this.#changes(fabric)}
<div class="grid">${vlans.length === 0 ? none : vlans.map(this.#card).join("\n")}</div></section>`;
  };

  #item = (finding: Finding): string => {
    const { id, where, what, why, fix, suppressed } = finding;
    const reason = suppressed === undefined ? "" : ` Suppressed: ${suppressed.reason}`;
    return `<li id="f${this.#numbers.get(finding) ?? 0}" class="${stateOf(finding)}" data-rule="${xml(id)}" tabindex="-1"><b>${xml(markOf(finding))}</b> <code>${xml(where.path)}</code><br>${xml(`${what}. ${why}${reason}`)}<br>Fix: ${xml(fix)}</li>`;
  };

  /** The choices of a filter, each with a CSS selector of what it leaves. */
  #findingChoices(): string {
    const { findings, counts, isChange } = this.picture;
    const choice = (selector: string, label: string, { length }: readonly Finding[]): string =>
      `<option value="${xml(selector)}">${xml(label)} (${length})</option>`;
    if (isChange)
      return counts
        .filter(([, outcome]) => outcome !== "" && outcome !== "unchanged")
        .map(([text, outcome]) => `<option value=".outcome.${outcome}">${xml(text)}</option>`)
        .join("");
    const states = [...grouped(findings, stateOf)].map(([state, list]) => choice(`.${state}`, state, list));
    const rules = [...grouped(findings, ({ id }) => id)].map(([id, list]) => choice(`[data-rule="${id}"]`, id, list));
    return [...states, ...rules].join("");
  }

  page(): string {
    const { title, counts, fabrics, racks, findings, elsewhere, isChange = false } = this.picture;
    const others = elsewhere.length === 0 ? "" : ` ${elsewhere.length} of them are about nothing in the picture.`;
    const options = fabrics.map(({ id, label }) => `<option value="${id}">${xml(label)}</option>`).join("");
    const summary = counts.map(([text, level]) =>
      level === ""
        ? xml(text)
        : `<b class="finding ${level}">${xml(SIGN[level] ?? (OUTCOMES as Readonly<Record<string, string>>)[level] ?? "")} ${xml(text)}</b>`,
    );
    const ranges = RANGE_TYPES.map((type) => `<span class="swatch ${type}"></span><span>${type}</span>`).join("");
    const legend = isChange ? `<span>${xml(CHANGE_LEGEND)}</span>` : `${ranges} <span class="quiet">${LEGEND}</span>`;
    const found = `
<section id="findings"><h2>Findings</h2>
<p>${findings.length === 0 ? "None: every rule that could be judged holds." : `${findings.length}, suppressed ones included.${others}`}</p>
<ol>${findings.map(this.#item).join("\n")}</ol></section>`;
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${xml(title)}</title>
<style>${STYLE}
${PAGE_STYLE}${isChange ? `\n${CHANGE_PAGE_STYLE}` : ""}</style>
</head>
<body>
<header id="top"><h1>${xml(title)}</h1><p>${summary.join(" · ")}</p></header>
<form id="filters" role="search" aria-label="Filter the cards">
<label>Fabric <select name="fabric"><option value="">all</option>${options}</select></label>
<label>VLAN <input name="vlan" placeholder="10, 20-29, name"></label>
<label>Family <select name="family"><option value="">both</option><option value="4">IPv4</option><option value="6">IPv6</option></select></label>
<label>${isChange ? "Change" : "Finding"} <select name="finding"><option value="">any or none</option>${this.#findingChoices()}</select></label>
<label>Find <input id="find" name="find" type="search" placeholder="10.20."></label>
<button type="reset">Show all</button><output id="shown"></output>
</form>
<main>
<p class="legend">${legend}</p>
<div id="fabrics">${fabrics.map(this.#fabric).join("\n")}</div>
<section id="racks"${racks.length === 0 ? " hidden" : ""}><h2>Rack controllers</h2><div class="grid">${racks.map(this.#card).join("\n")}</div></section>${isChange ? "" : found}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
  }
}

/** The picture as one page: with the findings in full, filters, and nothing to load. */
export const html = (picture: Picture): string => new PageWriter(picture).page();
