import type { NetworkDocument } from "../../lib/model/document";

/** The stack that all objects of a document are of; undefined = it does not say so. */
export function documentStack({ objects }: NetworkDocument): string | undefined {
  const paths = Object.values(objects).flatMap((list) => list.map(({ path }) => path));
  const [stack, ...others] = new Set(paths.map((path) => (path.includes("/") ? path.split("/")[0] : undefined)));
  return others.length === 0 ? stack : undefined;
}
