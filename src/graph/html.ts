import { grouped } from "../../lib/model/grouped";
import type { Finding } from "../../lib/rules/report";
import { SCRIPT } from "./page-script";
import { PAGE_STYLE } from "./page-style";
import {
  type Card,
  type Chip,
  type FabricPicture,
  findingsOf,
  markOf,
  type Picture,
  SIGN,
  stateOf,
  type SubnetPicture,
  worstOf,
} from "./picture";
import { LEGEND, RANGE_TYPES, STYLE } from "./style";
import { barShapes, xml } from "./xml";

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

  #chip({ role, label, detail, target }: Chip): string {
    const text = `<b>${xml(label)}</b> ${xml(detail)}`;
    return target === undefined
      ? `<li><span class="chip ${role}">${text}</span></li>`
      : `<li><a class="chip ${role}" href="#${target}">${text}</a></li>`;
  }

  #subnet({ cidr, name, facts, family, bars, findings }: SubnetPicture): string {
    const ranges = bars.map(
      ({ type, label, share }) =>
        `<li><span class="swatch ${type ?? "reserved"}"></span><span class="mono">${xml(label)}</span> <span class="quiet">${xml(share)}</span></li>`,
    );
    const bar =
      ranges.length === 0
        ? ""
        : `<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">${barShapes(bars, 0, 0, 1000)}</svg><ul class="ranges" aria-label="Ranges">${ranges.join("")}</ul>`;
    return `<div class="subnet" data-family="${family ?? ""}"><h4 class="v${family ?? ""}"><span class="mono">${xml(cidr)}</span> <span class="name">${xml(name)}</span></h4>
<p class="facts">${xml(facts.join(" · "))}</p>${bar}${this.#findings(findings)}</div>`;
  }

  #card = (card: Card): string => {
    const { id, role, title, name, vid, facts, chips, subnets, findings } = card;
    const chipList = chips.length === 0 ? "" : `<ul class="chips">${chips.map(this.#chip).join("")}</ul>`;
    return `<article class="card ${role} worst-${worstOf(findingsOf(card)) ?? "none"}" id="${id}" tabindex="-1"${vid === undefined ? "" : ` data-vid="${vid}"`}>
<h3>${xml(title)} <span class="name">${xml(name)}</span></h3>
<p class="facts">${xml(facts.join(" · "))}</p>${chipList}${this.#findings(findings)}${subnets.map((subnet) => this.#subnet(subnet)).join("")}</article>`;
  };

  #fabric = ({ id, label, vlans, findings }: FabricPicture): string =>
    `<section class="fabric" id="${id}"><header><h2>${xml(label)}</h2>${this.#findings(findings)}</header>
<div class="grid">${vlans.length === 0 ? '<p class="quiet">no VLANs</p>' : vlans.map(this.#card).join("\n")}</div></section>`;

  #item = (finding: Finding): string => {
    const { id, where, what, why, fix, suppressed } = finding;
    const reason = suppressed === undefined ? "" : ` Suppressed: ${suppressed.reason}`;
    return `<li id="f${this.#numbers.get(finding) ?? 0}" class="${stateOf(finding)}" data-rule="${xml(id)}" tabindex="-1"><b>${xml(markOf(finding))}</b> <code>${xml(where.path)}</code><br>${xml(`${what}. ${why}${reason}`)}<br>Fix: ${xml(fix)}</li>`;
  };

  /** The choices of a filter, each with a CSS selector of what it leaves. */
  #findingChoices(): string {
    const { findings } = this.picture;
    const choice = (selector: string, label: string, { length }: readonly Finding[]): string =>
      `<option value="${xml(selector)}">${xml(label)} (${length})</option>`;
    const states = [...grouped(findings, stateOf)].map(([state, list]) => choice(`.${state}`, state, list));
    const rules = [...grouped(findings, ({ id }) => id)].map(([id, list]) => choice(`[data-rule="${id}"]`, id, list));
    return [...states, ...rules].join("");
  }

  page(): string {
    const { title, counts, fabrics, racks, findings, elsewhere } = this.picture;
    const others = elsewhere.length === 0 ? "" : ` ${elsewhere.length} of them are about nothing in the picture.`;
    const options = fabrics.map(({ id, label }) => `<option value="${id}">${xml(label)}</option>`).join("");
    const summary = counts.map(([text, level]) =>
      level === "" ? xml(text) : `<b class="finding ${level}">${SIGN[level] ?? ""} ${xml(text)}</b>`,
    );
    const legend = RANGE_TYPES.map((type) => `<span class="swatch ${type}"></span><span>${type}</span>`).join("");
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${xml(title)}</title>
<style>${STYLE}
${PAGE_STYLE}</style>
</head>
<body>
<header id="top"><h1>${xml(title)}</h1><p>${summary.join(" · ")}</p></header>
<form id="filters" role="search" aria-label="Filter the cards">
<label>Fabric <select name="fabric"><option value="">all</option>${options}</select></label>
<label>VLAN <input name="vlan" placeholder="10, 20-29, name"></label>
<label>Family <select name="family"><option value="">both</option><option value="4">IPv4</option><option value="6">IPv6</option></select></label>
<label>Finding <select name="finding"><option value="">any or none</option>${this.#findingChoices()}</select></label>
<label>Find <input id="find" name="find" type="search" placeholder="10.20."></label>
<button type="reset">Show all</button><output id="shown"></output>
</form>
<main>
<p class="legend">${legend} <span class="quiet">${LEGEND}</span></p>
<div id="fabrics">${fabrics.map(this.#fabric).join("\n")}</div>
<section id="racks"${racks.length === 0 ? " hidden" : ""}><h2>Rack controllers</h2><div class="grid">${racks.map(this.#card).join("\n")}</div></section>
<section id="findings"><h2>Findings</h2>
<p>${findings.length === 0 ? "None: every rule that could be judged holds." : `${findings.length}, suppressed ones included.${others}`}</p>
<ol>${findings.map(this.#item).join("\n")}</ol></section>
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
  }
}

/** The picture as one page: with the findings in full, filters, and nothing to load. */
export const html = (picture: Picture): string => new PageWriter(picture).page();
