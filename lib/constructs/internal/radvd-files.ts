import { type IConstruct, type IStackSynthesizer, type ISynthesisSession, TerraformStack } from "../../cdk";
import { writeFolder } from "./rendered-files";
import { AroundSynthesis, folderOf } from "./synthesised";
import { checkRadvdInterface } from "../../model/checks/radvd";
import { RADVD_DEFAULTS, RADVD_PREFIX_DEFAULTS, type RadvdInterface, renderRadvd } from "../../model/radvd";
import { fault, type Problem } from "../../model/problem";
import { told } from "./users-language";
import { literalCidr } from "./static-ranges";
import { isInTree, ListFact, registerTrace } from "./facts";
import { objectOf, objectsOf } from "./declared-object";
import { identityOf } from "./natural-key";
import type { IRouterAdvertisement, RouterAdvertisementProps } from "../router-advertisement";

const ADVERTISEMENTS = new ListFact<IRouterAdvertisement>("advertisements");

/** Records a source of router advertisements with its subnet. */
export function registerAdvertisement(advertisement: IRouterAdvertisement): void {
  ADVERTISEMENTS.add(advertisement.subnet, advertisement);
  registerTrace(advertisement);
}

/** The sources of router advertisements that were named for this construct of a subnet. */
export function advertisementsOn(subnet: IConstruct): readonly IRouterAdvertisement[] {
  return ADVERTISEMENTS.of(subnet).filter(isInTree);
}

/** Folder of the files, in the stack's folder. */
const FOLDER = "radvd";

/** What one advertisement says, with the subnet's CIDR in place of its construct. */
export type Advertised = Omit<RouterAdvertisementProps, "subnet" | "router"> & { readonly prefix: string };

/** One advertisement of one router. */
interface RadvdEntry {
  readonly construct: IRouterAdvertisement;
  readonly router: string;
  readonly advertised: Advertised;
}

/** What is one value for all prefixes of an interface. */
const SHARED = [
  "routerLifetime",
  "routerPreference",
  "mtu",
  "dnsServersLifetime",
  "dnsSearchLifetime",
] as const satisfies readonly (keyof Advertised)[];

/** The value that one of them sets; undefined where none does. */
function shared<K extends (typeof SHARED)[number]>(all: readonly Advertised[], name: K): Advertised[K] {
  return all.find((one) => one[name] !== undefined)?.[name];
}

const union = (lists: readonly (readonly string[] | undefined)[]): string[] => [
  ...new Set(lists.flatMap((list) => list ?? [])),
];

/** The section of an interface, from all that is advertised on it. They must agree on what is {@link SHARED}. */
export function mergeAdvertised(all: readonly [Advertised, ...Advertised[]]): RadvdInterface {
  const mtu = shared(all, "mtu");
  const dnsServersLifetime = shared(all, "dnsServersLifetime");
  const dnsSearchLifetime = shared(all, "dnsSearchLifetime");
  return {
    interfaceName: all[0].interfaceName,
    prefixes: all.map(({ prefix, autonomousAddresses, validLifetime, preferredLifetime }) => ({
      prefix,
      autonomous: autonomousAddresses ?? false,
      validLifetime: validLifetime ?? RADVD_PREFIX_DEFAULTS.validLifetime,
      preferredLifetime: preferredLifetime ?? RADVD_PREFIX_DEFAULTS.preferredLifetime,
    })),
    otherConfig: all.some(({ otherConfigFromDhcp }) => otherConfigFromDhcp),
    managedAddress: all.some(({ addressesFromDhcp }) => addressesFromDhcp),
    routerLifetime: shared(all, "routerLifetime") ?? RADVD_DEFAULTS.routerLifetime,
    preference: shared(all, "routerPreference") ?? RADVD_DEFAULTS.preference,
    ...(mtu !== undefined && { mtu }),
    dnsServers: union(all.map(({ dnsServers }) => dnsServers)),
    ...(dnsServersLifetime !== undefined && { dnsServersLifetime }),
    dnsSearch: union(all.map(({ dnsSearch }) => dnsSearch)),
    ...(dnsSearchLifetime !== undefined && { dnsSearchLifetime }),
  };
}

/** The VLAN that the advertisement's subnet is on, by its natural key; undefined for a subnet that is looked up. */
function vlanOf({ subnet }: IRouterAdvertisement): string | undefined {
  const vlan = objectOf(subnet)?.references.vlan;
  return vlan && identityOf(vlan);
}

/** Why two advertisements can't be sections of one interface; undefined when they can. */
function conflict(first: RadvdEntry, second: RadvdEntry): Problem | undefined {
  const { router, advertised } = second;
  const between = (what: string, fix: string): Problem => fault("MAAS-RAD-07", undefined, { what, fix });
  const both = `${first.construct.node.path} and ${second.construct.node.path} both configure ${advertised.interfaceName} of ${router}`;
  const [prefix, otherPrefix] = [advertisedNow(first).prefix, advertisedNow(second).prefix];
  if (prefix === otherPrefix) {
    const fix = `drop one of them, or give ${second.construct.node.path} the interface or router that it is for.`;
    return between(`${both}, and both for ${prefix}`, fix);
  }
  const [vlan, other] = [vlanOf(first.construct), vlanOf(second.construct)];
  if (vlan !== undefined && other !== undefined && vlan !== other) {
    const what = `${both}, but their subnets are on two VLANs (${vlan} and ${other}), and an interface is on one`;
    const fix = `give ${second.construct.node.path} the interface that is on ${other}, such as ${advertised.interfaceName}.20.`;
    return between(what, fix);
  }
  for (const name of SHARED) {
    const [one, another] = [first.advertised[name], advertised[name]];
    if (one !== undefined && another !== undefined && one !== another) {
      const what = `${both}, with ${name} ${one} and ${another}, which is one value per interface`;
      return between(what, `set ${name} to ${one} in both, or in one of them only.`);
    }
  }
  return undefined;
}

/** Writes one radvd.conf per router into the stack's folder, so that it travels with the stack. */
export class RadvdFiles extends AroundSynthesis {
  /** The files of the construct's stack. */
  static installFor(construct: IConstruct): RadvdFiles {
    return AroundSynthesis.around("radvd-files", RadvdFiles, TerraformStack.of(construct));
  }

  /** Path of a router's file, relative to the stack's folder, with forward slashes. */
  static pathOf(router: string): string {
    return `${FOLDER}/${router}.conf`;
  }

  readonly #entries: RadvdEntry[] = [];

  constructor(stack: TerraformStack, inner: IStackSynthesizer) {
    super(stack, inner);
    stack.node.addValidation({ validate: () => this.#conflicts() });
  }

  add(entry: RadvdEntry): void {
    this.#entries.push(entry);
  }

  override synthesize(session: ISynthesisSession): void {
    this.inner.synthesize(session);
    const files = [...this.#byRouter()].map(
      ([router, sections]) => [RadvdFiles.pathOf(router), renderRadvd(sections.map(sectionOf))] as const,
    );
    writeFolder(folderOf(this.stack, session), FOLDER, new Map(files));
  }

  /** The advertisements of each interface, by router. */
  #byRouter(): Map<string, Section[]> {
    const routers = new Map<string, Map<string, Section>>();
    // A subnet that is not made (count = 0) is not advertised either.
    const isMade = ({ construct }: RadvdEntry): boolean =>
      isInTree(construct) && objectsOf(construct.subnet).length > 0;
    for (const entry of this.#entries.filter(isMade)) {
      const sections = routers.get(entry.router) ?? new Map<string, Section>();
      routers.set(entry.router, sections);
      const { interfaceName } = entry.advertised;
      const present = sections.get(interfaceName);
      if (present === undefined) sections.set(interfaceName, [entry]);
      else present.push(entry);
    }
    return new Map([...routers].map(([router, sections]) => [router, [...sections.values()]]));
  }

  /** What is wrong between the advertisements of one interface; each by itself was checked when it was made. */
  #conflicts(): string[] {
    return [...this.#byRouter().values()].flat().flatMap((section) => {
      const conflicts = section.flatMap((entry, index) =>
        section.slice(0, index).flatMap((earlier) => conflict(earlier, entry) ?? []),
      );
      if (conflicts.length > 0 || section.length === 1) return conflicts.map((problem) => told(problem));
      const [first, ...others] = section;
      const paths = others.map(({ construct }) => construct.node.path);
      return checkRadvdInterface(sectionOf(section)).map(
        (problem) =>
          `${first.construct.node.path} and ${paths.join(", ")} don't go together on ${first.advertised.interfaceName} of ${first.router}: ` +
          told(problem),
      );
    });
  }
}

/** The advertisements of one interface of one router. */
type Section = [RadvdEntry, ...RadvdEntry[]];

/** The CIDR of the subnet may have been overridden since the advertisement was made. */
const advertisedNow = ({ construct, advertised }: RadvdEntry): Advertised => ({
  ...advertised,
  prefix: literalCidr(construct.subnet)?.toString() ?? advertised.prefix,
});

const sectionOf = ([first, ...others]: Section): RadvdInterface =>
  mergeAdvertised([advertisedNow(first), ...others.map(advertisedNow)]);
