/** Colours and fonts of a picture, in light and in dark as the viewer's system is. */
export const STYLE = `
:root, svg { color-scheme: light dark; --page: #ffffff; --fabric: #f3f5f8; --card: #ffffff; --rack: #eef4ff; --line: #c5ccd6;
  --text: #1c2430; --quiet: #566072; --link: #6b7a90; --track: #e6eaf0; --dynamic: #2f7de1; --reserved: #8b94a3; --static: #1a9464;
  --error: #c62828; --warning: #9a6200; --information: #3a6ea5; --v4: #a35200; --v6: #6a3fc4; }
@media (prefers-color-scheme: dark) { :root, svg { --page: #12161c; --fabric: #1a2029; --card: #222a35; --rack: #1e2d45; --line: #3d4858;
  --text: #e8edf4; --quiet: #a3afc0; --link: #8492a8; --track: #333d4b; --dynamic: #5b9df0; --reserved: #8792a3; --static: #3fbf8a;
  --error: #ff7b72; --warning: #e3b341; --information: #79b8ff; --v4: #f0a35c; --v6: #b89bff; } }
svg { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.page { fill: var(--page); } .fabric { fill: var(--fabric); stroke: var(--line); } .vlan { fill: var(--card); stroke: var(--line); }
.rack { fill: var(--rack); stroke: var(--line); } svg text { fill: var(--text); } svg .quiet { fill: var(--quiet); }
svg .head { font-size: 18px; font-weight: 600; } svg .title { font-size: 14px; font-weight: 600; } svg .subnet { font-weight: 600; }
svg .v4 { fill: var(--v4); } svg .v6 { fill: var(--v6); } .rule { stroke: var(--line); } .track { fill: var(--track); }
.dynamic { fill: var(--dynamic); } .reserved { fill: var(--reserved); } .static { fill: var(--static); } .unknown { fill: var(--quiet); }
.bar { fill-opacity: 0.85; } .link { fill: none; stroke: var(--link); stroke-width: 1.5; } .tip { fill: var(--link); }
svg .error { fill: var(--error); font-weight: 600; } svg .warning { fill: var(--warning); font-weight: 600; }
svg .information { fill: var(--information); } svg .suppressed { fill: var(--quiet); text-decoration: line-through; }
svg .halo { paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
`.trim();
