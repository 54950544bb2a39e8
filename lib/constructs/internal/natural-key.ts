import { textOf, withArticle, withThe } from "../../model/text";
import { type Construct, type IConstruct, ImportableResource, type TerraformProvider, TerraformStack } from "../../cdk";
import type { Field } from "../../model/field";
import type { Kind } from "../../model/kind";
import { findField, isManaged } from "../../model/kinds";
import { type AttributeName, isKnown, type Known, UNKNOWN, type Value } from "../../model/known";
import { formatKey, keyParts } from "../../model/natural-key";
import { canonical } from "../../model/spelling";
import { MaasEngine } from "../maas-engine";
import { type DeclaredObject, objectOf } from "./declared-object";
import { PROVIDER } from "./facts";
import { defaultRegion, regionFor } from "./region";

/** Who an object is: its natural key where that is literal, so that two lookups of one object are equal; else its path. */
export function identityOf(of: DeclaredObject | IConstruct): string {
  const object = "construct" in of ? of : objectOf(of);
  if (object === undefined) return (of as IConstruct).node.path;
  return naturalKey(object) ?? object.path;
}

/**
 * The object that a reference means: the target itself, or where another kind is wanted what the target says of that, as an
 * interface of a rack controller does of the rack.
 */
export function referredBy({ references }: Field, target: DeclaredObject): DeclaredObject {
  const through = target.kind.fields.find(
    (field) => references !== target.kind.name && field.references === references,
  );
  return (through && target.references[through.name]) ?? target;
}

/** The name of an interface that the app makes; its MAC address, by which it is known too, where MAAS chooses the name. */
function interfaceName(nic: DeclaredObject): Known<string> {
  const { name, mac_address: mac } = nic.attributes;
  if (typeof name === "string") return name;
  if ((name ?? null) === null && typeof mac === "string") return mac;
  const { parent, vlan } = nic.kind.fields.some((field) => field.name === "parent")
    ? { parent: interfacesNamed(findField(nic.kind, "parent"), nic), vlan: nic.references.vlan?.attributes.vid }
    : {};
  const isToBeNamed = (name ?? null) === null && typeof parent === "string" && typeof vlan === "number";
  return isToBeNamed ? `${parent}.${vlan}` : UNKNOWN;
}

/** The interfaces that an attribute names: those that the app makes by the names that they are to have. */
export function interfacesNamed({ name }: Field, { attributes, references }: DeclaredObject): Value {
  const value = attributes[name] ?? null;
  const named = (item: Value, place: string): Value => {
    const target = references[place];
    return isKnown(item) || target === undefined ? item : interfaceName(target);
  };
  return Array.isArray(value) ? value.map((item, at) => named(item, `${name}.${at}`)) : named(value, name);
}

/** A part of the natural key; null where nothing is set, unknown where only Terraform or the region can tell. */
function partOf(kind: Kind, name: AttributeName, object: DeclaredObject): Known<string | null> {
  const { attributes, references } = object;
  const field = findField(kind, name);
  const target = references[name];
  const value = field.namesInterface === undefined ? (attributes[name] ?? null) : interfacesNamed(field, object);
  if (target !== undefined && field.references !== undefined) return identityOf(referredBy(field, target));
  if (value === null) return null;
  return !isKnown(value) || field.references !== undefined ? UNKNOWN : textOf(canonical(field, value));
}

/** What MAAS knows the object by, as far as literals tell; undefined when a token is part of it. */
export function naturalKey(object: DeclaredObject): string | undefined {
  const { kind } = object;
  const parts: Record<string, string> = {};
  for (const name of keyParts(kind.name)) {
    const part = partOf(kind, name, object);
    if (!isKnown(part)) return undefined;
    if (part !== null) parts[name] = part;
  }
  return formatKey(kind.name, parts);
}

/** What `generateConfigForImport` of a class was given. */
interface Request {
  readonly scope: Construct;
  readonly importToId: string;
  readonly importFromId: string;
  readonly provider: TerraformProvider | undefined;
}

/** Why Terraform could not import it, in one message. */
function problems(kind: Kind, path: string, { scope, importFromId, provider }: Request): string[] {
  if (!isManaged(kind)) {
    const { example } = kind.construct;
    return [
      `${path} is to import ${withArticle(kind.title)}, which is looked up and never made. ` +
        `Fix: use ${example(importFromId)} in place of generateConfigForImport.`,
    ];
  }
  const region = regionFor(TerraformStack.of(scope), provider);
  if (region?.engine !== MaasEngine.APPLY_STEP) return [];
  return [
    `${path} is to be imported by Terraform, which has no provider of this region: with MaasEngine.APPLY_STEP there are no resources. ` +
      `Fix: use MaasEngine.PROVIDER, or make ${withThe(kind.title)} with adoptExisting: true.`,
  ];
}

/** Has Terraform import an object and write its configuration, from the region that is given, else the stack's default one. */
export function importConfig(kind: Kind, request: Request): ImportableResource {
  const { scope, importToId, importFromId, provider } = request;
  const importable = new ImportableResource(scope, importToId, {
    terraformResourceType: kind.type,
    importId: importFromId,
    // The stack's provider may be made later.
    get provider() {
      const own = provider ?? defaultRegion(TerraformStack.of(scope))?.provider;
      return own?.fqn === PROVIDER.name ? undefined : own;
    },
  });
  importable.node.addValidation({ validate: () => problems(kind, importable.node.path, request) });
  return importable;
}
