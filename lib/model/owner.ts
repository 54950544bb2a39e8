import { type Attributes, textAt } from "./known";

/** The kinds of node whose interfaces can be managed. Each is referred to by an attribute of its own name. */
export const OWNER_KINDS = ["machine", "device"] as const;

export type OwnerKind = (typeof OWNER_KINDS)[number];

/** The node that an interface, a link or a set of tags is of. */
export interface Owner {
  readonly kind: OwnerKind;
  /** What it is called: a hostname, an FQDN or a system id. */
  readonly key: string;
}

/**
 * What a natural key says before the name of a node of that kind. MAAS gives no two nodes one hostname; the prefix is for
 * documents, in which nothing else tells the kind.
 */
export const OWNER_PREFIX: Readonly<Record<OwnerKind, string>> = { machine: "", device: "device:" };

/** The node that the attributes name; undefined while that is not known. */
export function ownerOf(attributes: Attributes | undefined): Owner | undefined {
  for (const kind of OWNER_KINDS) {
    const key = textAt(attributes, kind);
    if (key !== undefined) return { kind, key };
  }
  return undefined;
}

/** `node-1`, `device:switch-1`: a node as the natural keys of its interfaces name it. */
export const ownerName = ({ kind, key }: Owner): string => `${OWNER_PREFIX[kind]}${key}`;

/** `node-1/eth0`, `device:switch-1/eth0`: what belongs to a node, by the name of the node in natural keys. */
export const ownedName = (owner: Owner, name: string): string => `${ownerName(owner)}/${name}`;

/** The node that a text names as {@link ownerName} does. */
export function parseOwner(text: string): Owner {
  const kind = OWNER_KINDS.find((one) => OWNER_PREFIX[one] !== "" && text.startsWith(OWNER_PREFIX[one])) ?? "machine";
  return { kind, key: text.slice(OWNER_PREFIX[kind].length) };
}
