/** Colours in light. Text has a contrast of 4.5 or more on what it stands on, marks one of 3 (WCAG AA). */
const LIGHT = `--page: #f3f5f8; --card: #ffffff; --line: #cfd6df; --text: #1b2430; --quiet: #545e6e; --accent: #1a5fb4;
  --rack: #e3edfb; --on-rack: #17467f; --relay: #efe7fb; --on-relay: #57298f; --vlan: #e9edf2; --on-vlan: #333f4f;
  --track: #e8ecf1; --dynamic: #2f7de1; --reserved: #717b8a; --static: #15855a; --v4: #944700; --v6: #6236b8;
  --error: #b3261e; --warning: #855000; --information: #2a5d8f;`;

const DARK = `--page: #10141a; --card: #1a212b; --line: #38434f; --text: #e8edf4; --quiet: #a6b2c2; --accent: #8ab8ff;
  --rack: #1d3250; --on-rack: #b9d5ff; --relay: #33264a; --on-relay: #dac7ff; --vlan: #2a3441; --on-vlan: #d3dbe6;
  --track: #2f3947; --dynamic: #5b9df0; --reserved: #8d98a8; --static: #3fbf8a; --v4: #f0a35c; --v6: #bda2ff;
  --error: #ff8a80; --warning: #f0b94a; --information: #8cc1ff;`;

/** Colours and what is drawn alike in the page and in the image, light or dark as the viewer's system is; light on paper. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
@media print { :root { color-scheme: light; } }
.track { fill: var(--track); } .range { fill: var(--reserved); }
.dynamic { fill: var(--dynamic); background: var(--dynamic); } .static { fill: var(--static); background: var(--static); }
.reserved { fill: var(--reserved); background: var(--reserved); }
`.trim();

/** What the bars mean, for legends. */
export const LEGEND = [
  "Bars show the ranges in a subnet: IPv4 to scale, IPv6 on a log scale (each stretch as wide as log2 of its addresses).",
  "None is thinner than 2%.",
].join(" ");

/** Types of range, in the order of the legend. */
export const RANGE_TYPES = ["dynamic", "reserved", "static"] as const;
