import type { Finding } from "../../lib/rules/report";
import type { Scene } from "./layout";
import { STYLE } from "./style";
import { svg } from "./svg";
import { xml } from "./xml";

const PAGE_STYLE = `
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; display: flex; gap: 1rem; align-items: center; padding: 0.6rem 1.25rem; background: var(--page);
  border-bottom: 1px solid var(--line); } header strong { margin-right: auto; } #picture { overflow: auto; }
#picture svg { display: block; } body.fit #picture svg { width: 100%; height: auto; } .dim { opacity: 0.15; }
section { padding: 0 1.25rem 2rem; max-width: 70rem; } li { margin: 0 0 0.9rem; } code { font: 13px ui-monospace, monospace; }
b.error { color: var(--error); } b.warning { color: var(--warning); } b.information { color: var(--information); } b.suppressed { color: var(--quiet); }
input, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.2rem 0.6rem; }
`.trim();

/** Dims what does not hold the text; switches between life size and the width of the window. */
const SCRIPT = `
const cards = [...document.querySelectorAll("g.card")];
document.getElementById("find").addEventListener("input", ({ target: { value } }) => {
  const words = value.trim().toLowerCase();
  const hits = cards.filter((card) => card.textContent.toLowerCase().includes(words));
  for (const card of cards) card.classList.toggle("dim", !hits.includes(card));
  if (words !== "" && hits.length > 0) hits[0].scrollIntoView({ block: "center", inline: "center" });
});
document.getElementById("fit").addEventListener("click", () => document.body.classList.toggle("fit"));
`.trim();

function item({ id, level, where, what, why, fix, suppressed }: Finding): string {
  const [mark, reason] = suppressed === undefined ? [level, ""] : ["suppressed", ` Suppressed: ${suppressed.reason}`];
  return `<li><b class="${mark}">${xml(id)} ${mark}</b> <code>${xml(where.path)}</code><br>${xml(`${what}. ${why}${reason}`)}<br>Fix: ${xml(fix)}</li>`;
}

/** The picture as one page: with the findings in full, a search, and nothing to load. */
export function html(scene: Scene): string {
  const { title, summary, findings, elsewhere } = scene.picture;
  const others = elsewhere.length === 0 ? "" : ` ${elsewhere.length} of them are about nothing in the picture.`;
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
<header><strong>${xml(title)}</strong><span>${xml(summary)}</span><input id="find" type="search" placeholder="Find, such as 10.20." aria-label="Find">
<button id="fit" type="button">Fit width</button></header>
<div id="picture">${svg(scene)}</div>
<section><h2>Findings</h2>
<p>${findings.length === 0 ? "None: every rule that could be judged holds." : `${findings.length}, suppressed ones included.${others}`}</p>
<ol>${findings.map(item).join("\n")}</ol></section>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
