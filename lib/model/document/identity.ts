import type { DocumentObject, NetworkDocument } from "../document";
import { isKnown } from "../known";
import { isWellFormedKey, keyProblem } from "../natural-key";
import { fault, type Problem } from "../problem";
import { isNone } from "../spelling";
import { withArticle } from "../text";
import { problemAt, quoted } from "./error";
import { DOCUMENT_KINDS, type DocumentKind, type DocumentKindName } from "./kinds";

// What of a document only the records of kinds can tell: whether its keys, ids and references can be right.

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

/** MAAS's ids of most objects are numbers. */
const isNumbered = ({ kind }: DocumentKind): boolean => kind === undefined || kind.id.form.test("7");

/** Whether an object of the kind can have that id, and the path of a call that id in it. */
function isId(kind: DocumentKind, id: unknown): boolean {
  if (typeof id !== "string" || id.split("/").some((part) => /^(\.{0,2}|.*[\s?#].*)$/s.test(part))) return false;
  return kind.kind === undefined || kind.kind.id.form.test(id);
}

/** What is wrong with the id that a document gives an object; `pointer` is the object's. */
export function idProblems(pointer: string, kind: DocumentKind, id: unknown): Problem[] {
  if (id === undefined || isId(kind, id)) return [];
  const fix = `Write ${isNumbered(kind) ? 'it as "7"' : (kind.kind?.id.words ?? "")}.`;
  return [problemAt(`${pointer}/id`, fault("MAAS-DOC-03", undefined, { what: `${quoted(id)} is no id`, fix }))];
}

/** References to objects that the document does not have. */
export function danglingReferences(sections: NetworkDocument["objects"]): Problem[] {
  const kinds = Object.entries(DOCUMENT_KINDS) as [DocumentKindName, DocumentKind][];
  const keys = new Map(kinds.map(([name]) => [name, new Set((sections[name] ?? []).map(({ key }) => key))]));
  return kinds.flatMap(([name, { fields }]) =>
    (sections[name] ?? []).flatMap(({ attributes }, index) =>
      fields.flatMap((field) => {
        const { name: attribute, references } = field;
        const value = attributes[attribute];
        if (references === undefined || typeof value !== "string" || isNone(field, value)) return [];
        if (keys.get(references)?.has(value) === true) return [];
        const { title, key } = DOCUMENT_KINDS[references];
        const what = `there is no ${title} "${value}" in the document`;
        // What can't be a key can't be added either.
        const fix = isWellFormedKey(references, value)
          ? `Add it to /objects/${references}, with the origin "look_up" if it is somebody else's.`
          : `Write ${key.words}, as in ${key.examples.join(" or ")}.`;
        return [problemAt(`/objects/${name}/${index}/attributes`, fault("MAAS-DOC-07", attribute, { what, fix }))];
      }),
    ),
  );
}
