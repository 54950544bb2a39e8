import type { DocumentKind } from "./kinds";

/** MAAS's ids of most objects are numbers. */
const isNumbered = ({ kind }: DocumentKind): boolean => kind === undefined || kind.id.form.test("7");

/** Whether an object of the kind can have that id, and the path of a call that id in it. */
export function isId(kind: DocumentKind, id: unknown): boolean {
  if (typeof id !== "string" || id.split("/").some((part) => /^(\.{0,2}|.*[\s?#].*)$/s.test(part))) return false;
  return kind.kind === undefined || kind.kind.id.form.test(id);
}

/** What an id of the kind is, for a sentence such as `Write it as "7".` */
export const idWords = (kind: DocumentKind): string => (isNumbered(kind) ? 'it as "7"' : (kind.kind?.id.words ?? ""));
