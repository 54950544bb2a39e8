import { propertyOf } from "../../lib/model/construct-view";
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import type { Field, KindName } from "../../lib/model/field";
import { INTERFACE_KINDS, isManaged, KINDS } from "../../lib/model/kinds";
import type { AttributeName, Value } from "../../lib/model/known";
import { keyParts } from "../../lib/model/natural-key";
import { grouped, inNaturalOrder } from "../../lib/model/lists";
import { OWNER_KINDS, ownedName, type Owner, ownerOf } from "../../lib/model/owner";
import { textOf } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/region/live-objects";
import { type NameSource, wordsOf } from "./names";
import { nameOf, referencesOf, type Selection } from "./selection";

/** What is passed to a construct: a value, another part by its name, several of them, or code. */
export type Argument =
  | { readonly value: Value }
  | { readonly part: string }
  | { readonly parts: readonly string[] }
  | { readonly code: string };

/** One construct of the source. */
export interface Part {
  /** What others refer to it by: kind and natural key. */
  readonly name: string;
  readonly called: NameSource;
  /** The expression that makes it, without its arguments: `new Fabric`, `Vlan.fromVid`. */
  readonly make: string;
  /** After scope and id. */
  readonly args: readonly Argument[];
  readonly properties: readonly (readonly [string, Argument])[];
  /** Terraform's id of the object, of what is managed. */
  readonly importId?: string;
  /** The part that has this one as a property, in place of being made. */
  readonly memberOf?: { readonly part: string; readonly property: string };
}

/** The class of the construct that stands for the object. */
export function classOf({ kind, attributes }: Pick<LiveObject, "kind" | "attributes">): string {
  const { name, className } = KINDS[kind].construct;
  return className?.(attributes) ?? name;
}

/** An interface of a node that an object is linked to, or made over. */
interface UsedInterface {
  readonly owner: Owner;
  readonly name: string;
}

const nicOf = ({ owner, name }: UsedInterface): string => ownedName(owner, name);

/** The interfaces that an attribute names. */
function interfacesAt({ attributes }: LiveObject, { name, namesInterface }: Field): UsedInterface[] {
  const owner = namesInterface === true ? ownerOf(attributes) : undefined;
  const names = [attributes[name] ?? []].flat();
  return owner === undefined ? [] : names.map((nic) => ({ owner, name: textOf(nic) }));
}

/** What an interface that is managed itself is called among those of all nodes. */
function ownNic({ attributes }: LiveObject): string {
  const owner = ownerOf(attributes);
  return owner === undefined ? "" : ownedName(owner, textOf(attributes.name));
}

/**
 * The construct that stands for the interface which an object is linked to, as far as the node has it by itself. Undefined
 * for what is linked to none.
 */
export function nodeInterfaceOf(object: LiveObject): string | undefined {
  const [used] = DOCUMENT_KINDS[object.kind].fields.flatMap((field) => interfacesAt(object, field));
  return used && `node_interface ${nicOf(used)}`;
}

/** The part for an interface that the node has by itself. */
const nodeInterface = (used: UsedInterface): Part => ({
  name: `node_interface ${nicOf(used)}`,
  called: { words: [used.owner.key, used.name], noun: "NodeInterface" },
  make: "new NodeInterface",
  args: [],
  properties: [
    [used.owner.kind, { part: `${used.owner.kind} ${used.owner.key}` }],
    ["name", { value: used.name }],
  ],
});

/** The kinds of interfaces of nodes. */
const INTERFACES: readonly KindName[] = INTERFACE_KINDS.map(({ name }) => name);

/** The kinds of what interfaces have. */
const ON_INTERFACES: readonly KindName[] = (Object.keys(KINDS) as KindName[]).filter(
  (kind) =>
    !INTERFACES.includes(kind) && DOCUMENT_KINDS[kind].fields.some(({ namesInterface }) => namesInterface === true),
);

/** Makes the parts of a selection. */
export class PartMaker {
  readonly #words: ReadonlyMap<string, readonly string[]>;
  readonly #managed: ReadonlyMap<KindName, readonly LiveObject[]>;
  readonly #lookedUp: ReadonlyMap<KindName, readonly LiveObject[]>;
  /** The interfaces that are managed themselves, by node and name. */
  readonly #interfaces: ReadonlyMap<string, LiveObject>;
  /** By kind, attribute and what that refers to. */
  readonly #referring: ReadonlyMap<string, readonly LiveObject[]>;

  constructor({ managed, lookedUp }: Selection) {
    this.#words = wordsOf([...managed, ...lookedUp]);
    const sorted = inNaturalOrder(managed, ({ key }) => key);
    this.#managed = grouped(sorted, ({ kind }) => kind);
    this.#lookedUp = grouped(
      inNaturalOrder(lookedUp, ({ key }) => key),
      ({ kind }) => kind,
    );
    this.#interfaces = new Map(
      managed.filter(({ kind }) => INTERFACES.includes(kind)).map((nic) => [ownNic(nic), nic]),
    );
    const references = sorted.flatMap((object) =>
      referencesOf(object).map(({ attribute, key }) => ({ object, name: `${object.kind}.${attribute} ${key}` })),
    );
    const groups = [...grouped(references, ({ name }) => name)];
    this.#referring = new Map(groups.map(([name, group]) => [name, group.map(({ object }) => object)]));
  }

  /** The parts in groups that belong together, what is referred to first. */
  groups(): readonly (readonly Part[])[] {
    const own = (kind: KindName): readonly LiveObject[] => this.#managed.get(kind) ?? [];
    const others = (kind: KindName): readonly LiveObject[] => this.#lookedUp.get(kind) ?? [];
    const within = (kind: KindName, attribute: string, { key }: LiveObject): readonly LiveObject[] =>
      this.#referring.get(`${kind}.${attribute} ${key}`) ?? [];
    const fabrics = own("fabric").map((fabric) => [
      fabric,
      ...within("vlan", "fabric", fabric).flatMap((vlan) => [
        vlan,
        ...within("subnet", "vlan", vlan).flatMap((subnet) => [subnet, ...within("ip_range", "subnet", subnet)]),
      ]),
    ]);
    const racks = others("rack_controller").map((rack) => [
      this.#lookUp(rack),
      ...within("rack_interface", "rack_controller", rack).map((nic) => this.#manage(nic)),
    ]);
    const nodes = OWNER_KINDS.flatMap((owner) =>
      [...others(owner), ...own(owner)].map((node) => [
        own(owner).includes(node) ? this.#manage(node) : this.#lookUp(node),
        ...this.#onNode([...INTERFACES, ...ON_INTERFACES].flatMap((kind) => within(kind, owner, node))),
      ]),
    );
    const groups = [
      [...own("space").map((space) => this.#manage(space)), ...others("space").map((space) => this.#lookUp(space))],
      ...fabrics.map((group) => group.map((object) => this.#manage(object))),
      [...others("fabric"), ...others("vlan"), ...others("subnet")].map((object) => this.#lookUp(object)),
      ...racks,
      own("vlan_dhcp").map((dhcp) => this.#manage(dhcp)),
      ...nodes,
    ];
    const placed = new Set(groups.flat().map(({ name }) => name));
    const isLeft = ({ name }: Part): boolean => !placed.has(name);
    const rest = (Object.keys(KINDS) as KindName[]).map((kind) => [
      ...others(kind).map((object) => this.#lookUp(object)),
      ...own(kind).map((object) => this.#manage(object)),
    ]);
    groups.push(...rest.map((parts) => parts.filter(isLeft)));
    return groups.filter((group) => group.length > 0);
  }

  #called(object: LiveObject): NameSource {
    return { words: this.#words.get(nameOf(object)) ?? [object.key], noun: classOf(object) };
  }

  #manage(object: LiveObject): Part {
    const { kind, id, attributes, comesWithParent } = object;
    const { properties: views = {} } = KINDS[kind].construct;
    const said = DOCUMENT_KINDS[kind].fields.filter(
      // That there is none, only a document says: Terraform imports it as null, so that an empty text would be a change.
      ({ name }) => attributes[name] !== undefined && attributes[name] !== "" && views[name]?.implied !== true,
    );
    const part = { name: nameOf(object), called: this.#called(object), make: `new ${classOf(object)}`, args: [] };
    const taken = isManaged(KINDS[kind]) ? { importId: id } : {};
    // The default VLAN as MAAS made it, with a fabric and a VID only.
    if (comesWithParent === true && attributes.vid === 0 && said.length === 2) {
      const memberOf = { part: `fabric ${textOf(attributes.fabric)}`, property: "untagged" };
      return { ...part, ...taken, properties: [], memberOf };
    }
    const properties = said.map(({ name }) => [propertyOf(KINDS[kind], name), this.#argument(object, name)] as const);
    return { ...part, ...taken, properties };
  }

  #lookUp(object: LiveObject): Part {
    const { lookUp } = KINDS[object.kind].construct;
    if (lookUp === undefined) return this.#manage(object);
    return {
      name: nameOf(object),
      called: this.#called(object),
      make: `${classOf(object)}.${lookUp}`,
      args: keyParts(object.kind).map((name) => this.#argument(object, name)),
      properties: [],
    };
  }

  /** What is on a node: each interface before what is made over it, or linked to it. */
  #onNode(objects: readonly LiveObject[]): Part[] {
    const parts = new Map<string, Part>();
    const add = (object: LiveObject): void => {
      if (parts.has(nameOf(object))) return;
      for (const used of DOCUMENT_KINDS[object.kind].fields.flatMap((field) => interfacesAt(object, field))) {
        const own = this.#interfaces.get(nicOf(used));
        if (own !== undefined) add(own);
        else if (!parts.has(this.#interfaceName(used))) parts.set(this.#interfaceName(used), nodeInterface(used));
      }
      parts.set(nameOf(object), this.#manage(object));
    };
    for (const object of objects) add(object);
    return [...parts.values()];
  }

  /** The part that stands for an interface. */
  #interfaceName(used: UsedInterface): string {
    const own = this.#interfaces.get(nicOf(used));
    return own === undefined ? `node_interface ${nicOf(used)}` : nameOf(own);
  }

  #argument(object: LiveObject, name: AttributeName): Argument {
    const value = object.attributes[name] ?? null;
    const field = DOCUMENT_KINDS[object.kind].fields.find((candidate) => candidate.name === name);
    if (field?.namesInterface === true) {
      const parts = interfacesAt(object, field).map((used) => this.#interfaceName(used));
      return Array.isArray(value) ? { parts } : { part: parts[0] ?? "" };
    }
    const { properties: views = {} } = KINDS[object.kind].construct;
    // What is neither a reference nor of the field's own type is a word of an enumeration.
    const { type } = views[name] ?? {};
    if (type !== undefined && typeof value === "string" && field?.references === undefined)
      return { code: `${type}.${textOf(value)}` };
    if (field?.references === undefined || typeof value !== "string") return { value };
    // DHCP is switched on after the rack's interface is in place if that is what it is given.
    const isRack = field.references === "rack_controller" && type === undefined;
    const [nic] = isRack ? this.#interfacesOn(value, object.attributes.vlan) : [];
    return { part: nic === undefined ? `${field.references} ${value}` : nameOf(nic) };
  }

  #interfacesOn(rack: string, vlan: Value | undefined): readonly LiveObject[] {
    const nics = this.#referring.get(`rack_interface.rack_controller ${rack}`) ?? [];
    return nics.filter(({ attributes }) => attributes.vlan === vlan);
  }
}
