import { grouped, inNaturalOrder } from "../../lib/model/lists";
import { isKnown, type Known } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type {
  NetworkFabric,
  NetworkObject,
  NetworkRackController,
  NetworkSubnet,
  NetworkVlan,
} from "../../lib/model/network/objects";
import { countsOf, type Finding, type Report } from "../../lib/rules/report";
import type { Card, Chip, FabricPicture, Picture, SubnetPicture } from "./picture";
import { type Notes, notesOf } from "./notes";
import { barsOf } from "./range-bar";

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

const shown = (value: Known<string | number>): string => (isKnown(value) ? String(value) : "(known after apply)");

/** Other cards that one names, of those that may be connected to all of them. */
const MOST_CHIPS = 10;

const LEVELS = [
  ["error", "error"],
  ["warning", "warning"],
  ["information", "note"],
] as const;

const NO_CARD = { name: "", facts: [], chips: [], subnets: [], findings: [] } as const;

/** A name that says more than the object's title does. */
const ownName = (name: Known<string | null> | undefined, ...titles: readonly unknown[]): string =>
  typeof name === "string" && !titles.map(String).includes(name) ? name : "";

/** Draws one network: what belongs where, and what stands on it. */
class Painter {
  readonly #findings: ReadonlyMap<string, readonly Finding[]>;
  readonly #vlans: ReadonlyMap<Known<string>, readonly NetworkVlan[]>;
  readonly #urls: ReadonlyMap<string, readonly NetworkObject[]>;
  readonly #notes: Notes;
  readonly #used = new Set<string>();
  readonly #ids = new Map<NetworkObject, string>();

  constructor(
    private readonly network: Network,
    private readonly report: Report,
  ) {
    this.#findings = grouped(report.findings, ({ where }) => where.path);
    this.#vlans = grouped(network.all("vlan"), ({ fabric }) => fabric);
    this.#notes = notesOf(network);
    this.#urls = grouped(network.all("url"), ({ at }) => at.path);
  }

  paint(title: string): Picture {
    const { network, report } = this;
    const racks = inNaturalOrder(network.all("rack_controller"), (rack) => shown(rack.hostname));
    const fabrics = inNaturalOrder(network.all("fabric"), (fabric) => shown(fabric.name));
    const drawn = {
      racks: racks.map((rack) => this.#rack(rack)),
      fabrics: [...fabrics.map((fabric) => this.#fabric(fabric)), ...this.#strays(), ...this.#beside()],
    };
    const objects = {
      ...{ fabric: fabrics.length, VLAN: network.all("vlan").length, subnet: network.all("subnet").length },
      rack: racks.length,
    };
    const found = countsOf(report);
    const counts = [
      ...Object.entries(objects).map(([one, count]) => [counted(count, one), ""] as const),
      ...LEVELS.map(([level, one]) => [counted(found[level], one), found[level] > 0 ? level : ""] as const),
    ];
    const elsewhere = report.findings.filter(({ where }) => !this.#used.has(where.path));
    return { title, counts, ...drawn, findings: report.findings, elsewhere };
  }

  #id(object: NetworkObject): string {
    const id = this.#ids.get(object) ?? `n${this.#ids.size}`;
    this.#ids.set(object, id);
    return id;
  }

  /** The findings about these objects, each once. */
  #about(objects: readonly NetworkObject[]): Finding[] {
    const paths = new Set(objects.map(({ at }) => at.path));
    for (const path of paths) this.#used.add(path);
    return [...paths].flatMap((path) => this.#findings.get(path) ?? []);
  }

  #fabricName = ({ fabric }: NetworkVlan): string => shown(this.network.tryFind("fabric", fabric)?.name ?? fabric);

  /** The chip of a VLAN. Its VID comes first, so that a long name of its fabric never hides it; its own fabric goes without saying. */
  #vlanChip(role: Chip["role"], what: string, vlan: NetworkVlan, from: NetworkVlan): Chip {
    const detail = vlan.fabric === from.fabric ? "" : this.#fabricName(vlan);
    return { role, label: `${what} ${titleOf(vlan)}`, detail, target: this.#id(vlan) };
  }

  /** The racks on the VLAN and those that serve it, each with its interfaces and its part. */
  #rackChips(vlan: NetworkVlan): Chip[] {
    const nics = inNaturalOrder(this.network.interfacesOn(vlan).items, ({ name }) => shown(name));
    const served = this.network.dhcpOf(vlan).items.filter(({ on }) => on === true);
    const parts = [
      ...nics.map(({ rack, name }) => ({ rack, part: shown(name) })),
      ...served.map(({ primary }) => ({ rack: primary, part: "DHCP" })),
      ...served.map(({ secondary }) => ({ rack: secondary, part: "DHCP, secondary" })),
    ];
    const chips = [...grouped(parts, ({ rack }) => rack)].flatMap(([key, own]): Chip[] => {
      if (key === null) return [];
      const rack = this.network.tryFind("rack_controller", key);
      const target = rack === undefined ? {} : { target: this.#id(rack) };
      const detail = own.map(({ part }) => part).join(", ");
      return [{ role: "rack", label: shown(rack?.hostname ?? key), detail, ...target }];
    });
    return inNaturalOrder(chips, ({ label }) => label);
  }

  /** Where the VLAN's requests are relayed to, and whose are relayed to it. */
  #relayChips(vlan: NetworkVlan): Chip[] {
    const to = this.network.dhcpOf(vlan).items.flatMap(({ relayTo }): Chip[] => {
      if (relayTo === null || !isKnown(relayTo)) return [];
      const target = this.network.tryFind("vlan", relayTo);
      if (target === undefined) return [{ role: "relay", label: "DHCP relay to", detail: relayTo }];
      return [this.#vlanChip("relay", "DHCP relay to", target, vlan)];
    });
    const from = this.network
      .relaysTo(vlan)
      .items.flatMap((relay) => this.network.tryFind("vlan", relay.vlan) ?? [])
      .map((one) => this.#vlanChip("vlan", "relays", one, vlan));
    return [...to, ...inNaturalOrder(from, ({ label, detail }) => `${label} ${detail}`)];
  }

  #subnet(subnet: NetworkSubnet): SubnetPicture {
    const { gatewayIp, managed, block, family, cidr, name, at } = subnet;
    const ranges = this.network.rangesOf(subnet).items;
    const about = [
      ...[subnet, ...ranges],
      ...this.network.takenIn(subnet).items,
      ...this.network.advertisementsOf(subnet).items,
    ];
    return {
      id: this.#id(subnet),
      cidr: isKnown(cidr) ? cidr : `${at.path} (CIDR known after apply)`,
      name: ownName(name, cidr),
      facts: [
        gatewayIp === null ? "no gateway" : `gateway ${shown(gatewayIp)}`,
        ...(managed === false ? ["unmanaged"] : []),
        ...this.#notesOn("subnet", subnet),
      ],
      family: isKnown(family) ? family : undefined,
      bars: isKnown(block) ? barsOf(block, ranges) : [],
      findings: this.#about(about),
    };
  }

  /** By family and address; those not known yet last. */
  #subnets(subnets: readonly NetworkSubnet[]): SubnetPicture[] {
    const family = ({ block }: NetworkSubnet): number => (isKnown(block) ? block.family : Infinity);
    return inNaturalOrder(subnets, family, ({ cidr, key }) => (isKnown(cidr) ? cidr : key)).map((subnet) =>
      this.#subnet(subnet),
    );
  }

  #vlan = (vlan: NetworkVlan): Card => {
    const { items: dhcp, missing } = this.network.dhcpOf(vlan);
    const [space, mtu] = [this.network.tryFind("space", vlan.space ?? null), vlan.mtu];
    const isServed = dhcp.some(({ on, relayTo }) => on === true || (isKnown(relayTo) && relayTo !== null));
    const isOpen = missing !== undefined || dhcp.some(({ on }) => !isKnown(on));
    const [relays, more] = shortened(this.#relayChips(vlan), "relay");
    return {
      ...{ id: this.#id(vlan), role: "vlan", title: titleOf(vlan), name: ownName(vlan.name, vlan.vid, titleOf(vlan)) },
      ...(isKnown(vlan.vid) && { vid: vlan.vid }),
      facts: [
        ...(mtu !== undefined && isKnown(mtu) ? [`MTU ${mtu}`] : []),
        ...(space === undefined ? [] : [`space ${shown(space.name)}`]),
        ...(isServed ? [] : [isOpen ? "DHCP not known" : "no DHCP"]),
        ...more,
        ...this.#notesOn("vlan", vlan),
      ],
      chips: [...this.#rackChips(vlan), ...relays],
      subnets: this.#subnets(this.network.subnetsOf(vlan).items),
      findings: this.#about([vlan, ...dhcp]),
    };
  };

  #inOrder = (vlans: readonly NetworkVlan[]): NetworkVlan[] =>
    inNaturalOrder(
      vlans,
      ({ vid }) => (isKnown(vid) ? vid : Infinity),
      ({ key }) => key,
    );

  #fabric(fabric: NetworkFabric): FabricPicture {
    return {
      id: this.#id(fabric),
      label: `fabric ${shown(fabric.name)}`,
      vlans: this.#inOrder(this.#vlans.get(fabric.key) ?? []).map(this.#vlan),
      findings: this.#about([fabric]),
    };
  }

  /** What is on no fabric or VLAN of the network: its place is not known yet, or somebody else's. */
  #strays(): FabricPicture[] {
    const { network } = this;
    const vlans = network.all("vlan").filter(({ fabric }) => network.tryFind("fabric", fabric) === undefined);
    const subnets = network.all("subnet").filter(({ vlan }) => network.tryFind("vlan", vlan) === undefined);
    const lost: Card[] =
      subnets.length === 0
        ? []
        : [{ ...NO_CARD, id: "lost", role: "vlan", title: "VLAN not known", subnets: this.#subnets(subnets) }];
    const all = [...this.#inOrder(vlans).map(this.#vlan), ...lost];
    return all.length === 0 ? [] : [{ id: "strays", label: "fabric not known", vlans: all, findings: [] }];
  }

  /** What is on no network of the picture, such as DNS. */
  #beside(): FabricPicture[] {
    const cards = [...this.#notes.beside].map(([title, facts], index): Card => ({
      ...NO_CARD,
      id: `beside${index}`,
      role: "vlan",
      title,
      facts,
    }));
    return cards.length === 0 ? [] : [{ id: "beside", label: "beside the networks", vlans: cards, findings: [] }];
  }

  #notesOn = (kind: string, { key }: NetworkObject): readonly string[] => this.#notes.on.get(`${kind} ${key}`) ?? [];

  #rack(rack: NetworkRackController): Card {
    const nics = inNaturalOrder(this.network.interfacesOf(rack).items, ({ name }) => shown(name));
    const [chips, more] = shortened(
      nics.map(({ name, vlan }): Chip => {
        const on = this.network.tryFind("vlan", vlan);
        const label = shown(name);
        if (on === undefined) return { role: "vlan", label, detail: "no VLAN" };
        return { role: "vlan", label, detail: `${titleOf(on)}, ${this.#fabricName(on)}`, target: this.#id(on) };
      }),
      "interface",
    );
    const findings = this.#about([rack, ...nics, ...(this.#urls.get(rack.at.path) ?? [])]);
    return {
      ...NO_CARD,
      id: this.#id(rack),
      role: "rack",
      title: `rack ${shown(rack.hostname)}`,
      facts: [...more, ...this.#notesOn("rack_controller", rack)],
      chips,
      findings,
    };
  }
}

const titleOf = ({ vid }: NetworkVlan): string => (vid === 0 ? "untagged" : `VLAN ${shown(vid)}`);

/** The first chips, and how many others there are. The cards at their other ends have them all. */
const shortened = (chips: readonly Chip[], what: string): readonly [readonly Chip[], readonly string[]] =>
  chips.length <= MOST_CHIPS
    ? [chips, []]
    : [chips.slice(0, MOST_CHIPS), [`and ${counted(chips.length - MOST_CHIPS, `more ${what}`)}`]];

/** What a picture of the network shows, with the findings of the rules at their place. */
export function pictureOf(network: Network, report: Report, title: string): Picture {
  return new Painter(network, report).paint(title);
}
