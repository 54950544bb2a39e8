import type { Picture } from "../../src/graph/picture";
import { companyOf, picture } from "./networks";

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
