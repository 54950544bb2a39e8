import type { Picture } from "../../src/graph/picture";
import { companyOf, picture } from "./networks";

/** Names that mean something to HTML, XML, JavaScript or Mermaid. */
export const hostileNames: readonly string[] = [
  `"><img src=x onerror=alert(1)>`,
  "</title></style></script></svg><script>alert(1)</script>",
  "]]><!-- <![CDATA[ &lt; &amp;#34; -->",
  `'"\`\${alert(1)}`,
  `"] --> x["end`,
  "%%{init: {'theme': 'dark'}}%%",
  "$$\\frac{1}{2}$$ fa:fa-bolt #quot; A:::error",
  "end",
];

/** A picture in which everything that has a name has this one. */
export function hostilePicture(name: string): Picture {
  const { objects, suppressions } = companyOf(3);
  const renamed = Object.entries(objects).map(([kind, list]) => [
    kind,
    list.map((object) => ({
      ...object,
      path: `${name}/${object.path}`,
      attributes: { ...object.attributes, name, ...("hostname" in object.attributes && { hostname: name }) },
    })),
  ]);
  const document = { objects: Object.fromEntries(renamed) as typeof objects, suppressions };
  return picture(document, name);
}
