/** Filters the cards, and shows what else a chip leads to. The page is whole without it. */
export const SCRIPT = String.raw`
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
