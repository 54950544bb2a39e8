import { type IConstruct, TerraformDataSource, type TerraformStack } from "../cdk";
import { toValue } from "../constructs/internal/properties";
import { type DeclaredObject, objectOf, objectsOf } from "../constructs/internal/declared-object";
import { identityOf } from "../constructs/internal/natural-key";
import { type StackRegion, regionOf } from "../constructs/internal/region";
import { advertisementsOn } from "../constructs/internal/radvd-files";
import type { IRouterAdvertisement } from "../constructs/router-advertisement";
import type { DocumentObject, DocumentSuppression, NetworkDocument, Origin } from "../model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../model/document/kinds";
import type { Field } from "../model/field";
import { type Attributes, isKnown, UNKNOWN, type Value } from "../model/known";
import { canonical, isNone } from "../model/spelling";
import { suppressionsAt } from "./suppressions";

type Sections = Map<DocumentKindName, Map<string, DocumentObject>>;

/** The natural key of a range is its ends and its subnet; the other kinds have theirs already. */
function keyOf(object: DeclaredObject): string {
  const { kind, path, attributes, references } = object;
  if (kind.name !== "ip_range" || references.subnet === undefined) return identityOf(object);
  const [start, end] = [attributes.start_ip, attributes.end_ip].map((ip) => canonical(END, ip ?? null));
  const isLiteral = typeof start === "string" && typeof end === "string";
  return isLiteral ? `${start}-${end} in ${identityOf(references.subnet)}` : path;
}

const END: Field = { name: "ip", type: "string", presence: "required", format: "ip", doc: "" };

/** A rack may be given by one of its interfaces. */
function referred({ refers }: Field, target: DeclaredObject): DeclaredObject {
  return (refers === "rack_controller" ? target.references.rack_controller : undefined) ?? target;
}

function valueOf(field: Field, { attributes, references }: DeclaredObject): Value {
  const target = references[field.name];
  const value = attributes[field.name] ?? null;
  // An id or a key in place of a construct: which object of the document that is, only the region tells.
  if (target === undefined && field.refers !== undefined && value !== null && !(isKnown(value) && isNone(field, value)))
    return UNKNOWN;
  if (target === undefined || field.refers === undefined) return value;
  return identityOf(referred(field, target));
}

/** What the document says beyond the kind's own attributes. */
function extrasOf({ attributes, stated: { regionUrl, family } }: DeclaredObject): Attributes {
  return { region_url: toValue(regionUrl), family: isKnown(attributes.cidr ?? null) ? null : (family ?? null) };
}

/** The default VLAN, VID 0 in a new fabric, comes with the fabric, so it is as new as that. */
function originOf({ construct, attributes, references, existing, kind }: DeclaredObject, isOwn: boolean): Origin {
  if (!isOwn || TerraformDataSource.isTerraformDataSource(construct)) return "look_up";
  const isFound = kind.name === "vlan" && attributes.vid === 0 && references.fabric?.existing !== false;
  return existing || isFound ? "adopt" : "create";
}

/** Adds the object, and those of other stacks that it refers to. What the stack makes itself is never hidden by a look-up. */
function add(sections: Sections, object: DeclaredObject, stack: TerraformStack): void {
  const { construct, kind, ignored } = object;
  const { name } = kind;
  const origin = originOf(object, construct.node.scopes.includes(stack));
  const key = keyOf(object);
  const section = sections.get(name) ?? new Map<string, DocumentObject>();
  sections.set(name, section);
  const present = section.get(key);
  if (present !== undefined && (present.origin !== "look_up" || origin === "look_up")) return;
  const all: Attributes = {
    ...Object.fromEntries(DOCUMENT_KINDS[name].fields.map((field) => [field.name, valueOf(field, object)])),
    ...extrasOf(object),
  };
  const known = Object.entries(all).filter(([, value]) => value !== null);
  // The region tells the rest of what is looked up: that it is not known here is no news.
  const said = known.filter(([, value]) => origin !== "look_up" || isKnown(value));
  const left = DOCUMENT_KINDS[name].fields.map((field) => field.name).filter((field) => ignored.has(field));
  section.set(key, {
    ...{ key, path: object.path, origin, attributes: Object.fromEntries(said) },
    ...(left.length > 0 && origin !== "look_up" && { ignoreChanges: left }),
  });
  for (const target of Object.values(object.references)) add(sections, target, stack);
}

function advertisementObject(subnet: IConstruct, advertisement: IRouterAdvertisement): DocumentObject {
  const { router, autonomousAddresses: a, otherConfigFromDhcp: o, addressesFromDhcp: m } = advertisement;
  const key = identityOf(subnet);
  return {
    key: `${router} on ${key}`,
    path: advertisement.node.path,
    origin: "create",
    attributes: {
      subnet: key,
      router: toValue(router),
      autonomous_addresses: a ?? null,
      other_config_from_dhcp: o ?? null,
      addresses_from_dhcp: m ?? null,
    },
  };
}

function suppressionsOf(stack: TerraformStack): DocumentSuppression[] {
  return [...stack.node.scopes, ...stack.node.findAll().slice(1)]
    .flatMap(suppressionsAt)
    .map(({ id, where, reason, until }) => ({ id, where, reason, ...(until !== undefined && { until }) }));
}

/** The desired state that a stack has for one of its regions. Objects of other stacks are in it as looked up. */
export function documentOf(stack: TerraformStack, region: StackRegion): NetworkDocument {
  const sections: Sections = new Map();
  const advertisements = new Map<string, DocumentObject>();
  for (const construct of stack.node.findAll()) {
    const objects = objectsOf(construct);
    if (objects.length === 0 || regionOf(construct) !== region) continue;
    for (const object of objects) add(sections, object, stack);
    for (const advertisement of objectOf(construct) === undefined ? [] : advertisementsOn(construct)) {
      const object = advertisementObject(construct, advertisement);
      advertisements.set(object.key, object);
    }
  }
  const objects = [...sections].map(([kind, section]) => [kind, [...section.values()]] as const);
  const url = toValue(region.apiUrl);
  return {
    ...(url !== null && { apiUrl: typeof url === "string" ? url : UNKNOWN }),
    objects: { ...Object.fromEntries(objects), router_advertisement: [...advertisements.values()] },
    suppressions: suppressionsOf(stack),
  };
}
