import * as fc from "fast-check";
import { html } from "../../src/graph/html";
import { mermaid } from "../../src/graph/mermaid";
import { svg } from "../../src/graph/svg";
import { hostileName } from "../support/hostile-names";
import { hostilePicture } from "./hostile";

/** The tags of a text without what is quoted in them, and what of its markup is in none. */
function skeletonOf(text: string): { readonly tags: ReadonlySet<string>; readonly loose: string } {
  const bare = text.replace(/(<(script|style)>).*?(<\/\2>)/gs, "$1$3");
  const tags = [...bare.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));
  return { tags: new Set(tags), loose: bare.replace(/<[^>]*>/g, "").replace(/[^<>]/g, "") };
}

test.each([
  ["HTML", html],
  ["SVG", svg],
])("no name adds markup to %s", (_, write) => {
  const plain = skeletonOf(write(hostilePicture("lab")));
  fc.assert(
    fc.property(hostileName, (name) => {
      const { tags, loose } = skeletonOf(write(hostilePicture(name)));
      expect([...tags].filter((tag) => !plain.tags.has(tag))).toEqual([]);
      expect(loose).toBe("");
    }),
    { numRuns: 60 },
  );
});

const LABEL = String.raw`"(?:[^"#<>&;\x60{}$\\]|#\d+;|<br\/>)*"`;
const NODE = String.raw`\w+(?:\[${LABEL}\]|\(\[${LABEL}\]\))(?::::(?:error|warning))?`;
const LINE = new RegExp(
  String.raw`^(?:flowchart LR|%% [^"<>&\x60{}$\\]*| *end| *(?:subgraph )?${NODE}| *\w+ -->\|${LABEL}\| \w+| {2}classDef \w+ [\w:#,-]+)$`,
);

test("no name adds a statement to Mermaid", () => {
  const count = mermaid(hostilePicture("lab")).split("\n").length;
  fc.assert(
    fc.property(hostileName, (name) => {
      const lines = mermaid(hostilePicture(name)).split("\n");
      expect(lines.filter((line) => line !== "" && !LINE.test(line))).toEqual([]);
      expect(lines).toHaveLength(count);
    }),
    { numRuns: 60 },
  );
});
