import { ALL } from "../resources";
import type { Features } from "../versions";
import type { Handlers } from "./handler";

interface Route {
  readonly pattern: RegExp;
  readonly path: string;
  readonly handlers: Handlers;
  readonly since?: keyof Features | undefined;
}

/** The paths of the API below `/MAAS/api/2.0/`. A path without its last slash is none of them. */
const ROUTES: readonly Route[] = ALL.flatMap(([, { endpoints = {}, since, idPattern = "[^/]+" }]) =>
  Object.entries(endpoints).map(([path, handlers]) => {
    const group = (name: string) => `(?<${name}>${name === "id" ? idPattern : "[^/]+"})`;
    const pattern = path.replace(/\{(\w+)\}/g, (_part, name: string) => group(name));
    return { pattern: new RegExp(`^${pattern}$`, "u"), path, handlers, since };
  }),
);

export interface Match {
  readonly handlers: Handlers;
  readonly path: Readonly<Record<string, string>>;
  /** The operation when it is part of the path: `.../op-<name>`. */
  readonly operation?: string | undefined;
}

/** What serves the path, or undefined where MAAS has no endpoint. */
export function route(path: string, features: Features): Match | undefined {
  const inPath = /^(?<base>.+\/)op-(?<operation>[^/]+)$/.exec(path)?.groups;
  const base = inPath?.base ?? path;
  for (const { pattern, handlers, since } of ROUTES) {
    const match = pattern.exec(base);
    if (match === null || (since !== undefined && !features[since])) continue;
    return { handlers, path: match.groups ?? {}, operation: inPath?.operation };
  }
  return undefined;
}

/** HTTP methods that any call of the handlers uses. */
export const methodsOf = (handlers: Handlers): string[] => [
  ...new Set(Object.keys(handlers).map((signature) => signature.split(" ")[0] ?? "")),
];

export interface ResourceDescription {
  readonly name: string;
  /** With `{placeholders}` for its parts. */
  readonly path: string;
  readonly params: readonly string[];
  readonly actions: readonly {
    readonly name: string;
    readonly method: string;
    readonly op: string | null;
    readonly restful: boolean;
    readonly doc: string;
  }[];
}

const VERBS: Readonly<Record<string, string>> = { GET: "read", POST: "create", PUT: "update", DELETE: "delete" };

/** Every endpoint of the release with its calls, for the API's description of itself. */
export function describeResources(features: Features): ResourceDescription[] {
  return ROUTES.filter(({ since }) => since === undefined || features[since]).map(({ path, handlers }) => {
    const isItem = path.endsWith("}/");
    const noun =
      path
        .split("/")
        .filter((word) => word !== "" && !word.startsWith("{"))
        .at(-1) ?? "";
    const name = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}${isItem ? "" : "List"}Handler`;
    const actions = Object.keys(handlers).map((signature) => {
      const [method = "", op = null] = signature.split(" ");
      return { name: op ?? VERBS[method] ?? method, method, op, restful: op === null, doc: "" };
    });
    return {
      name,
      path: `/MAAS/api/2.0/${path}`,
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, it]) => it ?? ""),
      actions,
    };
  });
}
