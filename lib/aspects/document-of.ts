import { type IConstruct, TerraformDataSource, TerraformResource, TerraformStack } from "../cdk";
import { type DeclaredObject, objectOf, objectsOf } from "../constructs/internal/declared-object";
import { identityOf, interfacesNamed, referredBy } from "../constructs/internal/natural-key";
import { toValue } from "../constructs/internal/properties";
import { advertisementsOn } from "../constructs/internal/radvd-files";
import { regionOf, type StackRegion } from "../constructs/internal/region";
import type { IRouterAdvertisement } from "../constructs/router-advertisement";
import type { DocumentObject, DocumentSuppression, NetworkDocument, Origin } from "../model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../model/document/kinds";
import type { Field } from "../model/field";
import { type Attributes, isKnown, UNKNOWN, type Value } from "../model/known";
import { isNone } from "../model/spelling";
import { suppressionsAt } from "./suppressions";

function valueOf(field: Field, object: DeclaredObject): Value {
  const { attributes, references } = object;
  if (field.namesInterface !== undefined) return interfacesNamed(field, object);
  const target = references[field.name];
  const value = attributes[field.name] ?? null;
  if (field.references === undefined) return value;
  if (target !== undefined) return identityOf(referredBy(field, target));
  // An id or a key in place of a construct: which object of the document that is, only the region tells.
  return value === null || (isKnown(value) && isNone(field, value)) ? value : UNKNOWN;
}

/** What the document says beyond the kind's own attributes. */
function extrasOf({ attributes, stated: { regionUrl, family } }: DeclaredObject): Attributes {
  return { region_url: toValue(regionUrl), family: isKnown(attributes.cidr ?? null) ? null : (family ?? null) };
}

function originOf({ construct, existing }: DeclaredObject, isOwn: boolean): Origin {
  if (!isOwn || TerraformDataSource.isTerraformDataSource(construct)) return "look_up";
  return existing ? "adopt" : "create";
}

/** The object as a document has it. */
function documentObject(object: DeclaredObject, isOwn: boolean): DocumentObject {
  const { kind, ignored, path } = object;
  const origin = originOf(object, isOwn);
  const { fields } = DOCUMENT_KINDS[kind.name];
  const all: Attributes = {
    ...Object.fromEntries(fields.map((field) => [field.name, valueOf(field, object)])),
    ...extrasOf(object),
  };
  const known = Object.entries(all).filter(([, value]) => value !== null);
  // The region tells the rest of what is looked up: that it is not known here is no news.
  const said = known.filter(([, value]) => origin !== "look_up" || isKnown(value));
  const left = fields.map((field) => field.name).filter((field) => ignored.has(field));
  return {
    ...{ key: identityOf(object), path, origin, attributes: Object.fromEntries(said) },
    ...(left.length > 0 && origin !== "look_up" && { ignoreChanges: left }),
  };
}

function advertisementObject(subnet: DeclaredObject, advertisement: IRouterAdvertisement): DocumentObject {
  const { router, autonomousAddresses: a, otherConfigFromDhcp: o, addressesFromDhcp: m } = advertisement;
  const key = identityOf(subnet);
  const said = {
    ...{ autonomous_addresses: a, other_config_from_dhcp: o, addresses_from_dhcp: m },
    ...{ router_lifetime: advertisement.routerLifetime, valid_lifetime: advertisement.validLifetime },
    ...{ preferred_lifetime: advertisement.preferredLifetime, dns_servers: advertisement.dnsServers },
  };
  return {
    key: `${router} on ${key}`,
    path: advertisement.node.path,
    origin: "create",
    attributes: {
      ...{ subnet: key, router: toValue(router) },
      ...Object.fromEntries(
        Object.entries(said).filter(
          (entry): entry is [string, Exclude<(typeof entry)[1], undefined>] => entry[1] !== undefined,
        ),
      ),
    },
  };
}

/** The objects of a document, by kind and key. What is made itself is never hidden by a look-up of the same object. */
class Sections {
  readonly #byKind = new Map<DocumentKindName, Map<string, DocumentObject>>();

  /** Adds the object in place of a look-up. @returns the object that is there already and stays. */
  add(kind: DocumentKindName, object: DocumentObject): DocumentObject | undefined {
    const section = this.#byKind.get(kind) ?? new Map<string, DocumentObject>();
    this.#byKind.set(kind, section);
    const present = section.get(object.key);
    if (present !== undefined && (present.origin !== "look_up" || object.origin === "look_up")) return present;
    section.set(object.key, object);
    return undefined;
  }

  objects(): NetworkDocument["objects"] {
    return Object.fromEntries([...this.#byKind].map(([kind, section]) => [kind, [...section.values()]]));
  }
}

function suppressionsOf(stack: TerraformStack): DocumentSuppression[] {
  return [...stack.node.scopes, ...stack.node.findAll().slice(1)]
    .flatMap(suppressionsAt)
    .map(({ id, where, reason, until }) => ({ id, where, reason, ...(until !== undefined && { until }) }));
}

/** The desired state that a stack has for one of its regions. Objects of other stacks are in it as looked up. */
export function documentOf(stack: TerraformStack, region: StackRegion): NetworkDocument {
  const sections = new Sections();
  const add = (object: DeclaredObject): void => {
    const isOwn = object.construct.node.scopes.includes(stack);
    if (sections.add(object.kind.name, documentObject(object, isOwn)) !== undefined) return;
    for (const target of Object.values(object.references)) add(target);
  };
  for (const construct of stack.node.findAll()) {
    const objects = objectsOf(construct);
    if (objects.length === 0 || regionOf(construct) !== region) continue;
    for (const object of objects) add(object);
    const subnet = objectOf(construct);
    if (subnet === undefined) continue;
    for (const advertisement of advertisementsOn(construct))
      sections.add("router_advertisement", advertisementObject(subnet, advertisement));
  }
  const url = toValue(region.apiUrl);
  return {
    ...(url !== null && { apiUrl: typeof url === "string" ? url : UNKNOWN }),
    objects: sections.objects(),
    suppressions: suppressionsOf(stack),
  };
}

/** Where a finding about the object is shown: links are judged with the interface that they are on. */
function shownAt(object: DeclaredObject): string {
  const [behind] = object.kind.fields.flatMap(({ name, namesInterface }) =>
    namesInterface === undefined ? [] : (object.constructBehind(name) ?? []),
  );
  return behind?.node.path ?? object.path;
}

/**
 * Everything that the constructs of one region say together, from whatever stacks of the app: what the rules judge, and no
 * stack by itself would want. Two stacks that make one object both have it here, for a rule to report.
 */
export function sharedDocument(objects: readonly DeclaredObject[]): NetworkDocument {
  const sections = new Sections();
  const makers = new Map<string, IConstruct>();
  const isManaged = ({ construct }: DeclaredObject): boolean => TerraformResource.isTerraformResource(construct);
  // What is managed comes first, so that a look-up of the same object elsewhere does not hide what is said about it.
  for (const object of [...objects].sort((a, b) => Number(isManaged(b)) - Number(isManaged(a)))) {
    const { kind, construct } = object;
    const { attributes, ...said } = documentObject(object, true);
    // What only the construct can tell, and does not, is not set rather than not known.
    const whole = { ...said, path: shownAt(object), attributes: { ...extrasOf(object), ...attributes } };
    const present = sections.add(kind.name, whole);
    const maker = makers.get(`${kind.name} ${whole.key}`);
    const isMadeTwice =
      kind.takesAddresses === true &&
      isManaged(object) &&
      maker !== undefined &&
      TerraformStack.of(maker) !== TerraformStack.of(construct);
    if (present !== undefined && (kind.sharesKey === true || isMadeTwice))
      sections.add(kind.name, { ...whole, key: `${whole.key} at ${whole.path}` });
    if (present === undefined && isManaged(object)) makers.set(`${kind.name} ${whole.key}`, construct);
    for (const advertisement of advertisementsOn(construct)) {
      const { path } = advertisement.node;
      sections.add("router_advertisement", { ...advertisementObject(object, advertisement), key: path });
    }
  }
  return { objects: sections.objects(), suppressions: [] };
}
