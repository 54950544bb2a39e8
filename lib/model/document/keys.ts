import type { DocumentObject, NetworkDocument } from "../document";
import { isKnown } from "../known";
import { keyProblem } from "../natural-key";
import { fault, type Problem } from "../problem";
import { withArticle } from "../text";
import { problemAt } from "./error";
import { DOCUMENT_KINDS, type DocumentKindName } from "./kinds";

/** What is wrong with an object's key in view of its attributes; `pointer` is the object's. */
export function keyProblems(
  pointer: string,
  name: DocumentKindName,
  key: string,
  attributes: DocumentObject["attributes"],
): Problem[] {
  const problem = keyProblem(name, key, attributes);
  if (problem === undefined) return [];
  const { title, key: form } = DOCUMENT_KINDS[name];
  const [instead] = problem.instead;
  const [what, fix] =
    instead === undefined
      ? [
          `"${key}" is not the key of ${withArticle(title)}`,
          `Write ${form.words}, such as "${form.examples[0] ?? ""}".`,
        ]
      : [
          `the key "${key}" contradicts the attributes, which make "${instead}"`,
          `Write "key": "${instead}", or change the attributes.`,
        ];
  return [problemAt(`${pointer}/key`, fault("MAAS-DOC-05", undefined, { what, fix }))];
}

/**
 * The same for objects whose key is the path of their construct. Only an object of which an attribute is not known yet
 * goes by its path, and one that refers to such an object; of any other the key would never be found in the region.
 */
export function pathKeyProblems(sections: NetworkDocument["objects"]): Problem[] {
  const find = (name: DocumentKindName, key: unknown): DocumentObject | undefined =>
    (sections[name] ?? []).find((object) => object.key === key);
  const goesByPath = (name: DocumentKindName, object: DocumentObject, seen: readonly DocumentObject[] = []): boolean =>
    DOCUMENT_KINDS[name].fields.some(({ name: attribute, references }) => {
      const value = object.attributes[attribute];
      if (value !== undefined && !isKnown(value)) return true;
      const owner = references && find(references, value);
      if (references === undefined || owner === undefined || seen.includes(owner)) return false;
      return owner.key === owner.path && goesByPath(references, owner, [...seen, owner]);
    });
  const names = Object.keys(sections) as DocumentKindName[];
  return names.flatMap((name) =>
    (sections[name] ?? []).flatMap((object, index) =>
      object.origin === "look_up" || object.key !== object.path || goesByPath(name, object)
        ? []
        : keyProblems(`/objects/${name}/${index}`, name, object.key, object.attributes),
    ),
  );
}
