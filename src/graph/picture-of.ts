import { isKnown, type Known } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetworkObject, NetworkRackController, NetworkSubnet, NetworkVlan } from "../../lib/model/network/objects";
import { countsOf, type Finding, type Report } from "../../lib/rules/report";
import type { FabricPicture, LinkPicture, Picture, RackPicture, SubnetPicture, VlanPicture } from "./picture";
import { grouped } from "../../lib/model/grouped";
import { barsOf } from "./range-bar";

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const shown = (value: Known<string | number>): string => (isKnown(value) ? String(value) : "(known after apply)");

/** Interfaces named on a rack; each VLAN names its own. */
const MOST_INTERFACES = 10;

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_INTERFACES) return lines;
  return [...lines.slice(0, MOST_INTERFACES), `and ${lines.length - MOST_INTERFACES} more interfaces`];
}

/** Subnets as a reader looks for them: by family and address, those not known yet last. */
function compareSubnets(a: NetworkSubnet, b: NetworkSubnet): number {
  if (isKnown(a.block) && isKnown(b.block))
    return a.block.first.compare(b.block.first) || a.block.prefixLength - b.block.prefixLength;
  return Number(!isKnown(a.block)) - Number(!isKnown(b.block));
}

/** Draws one network: what belongs where, and what stands on it. */
class Painter {
  readonly #findings: ReadonlyMap<string, readonly Finding[]>;
  readonly #vlans: ReadonlyMap<Known<string>, readonly NetworkVlan[]>;
  readonly #urls: ReadonlyMap<string, readonly NetworkObject[]>;
  readonly #used = new Set<string>();

  constructor(
    private readonly network: Network,
    private readonly report: Report,
  ) {
    this.#findings = grouped(report.findings, ({ where }) => where.path);
    this.#vlans = grouped(network.all("vlan"), ({ fabric }) => fabric);
    this.#urls = grouped(network.all("url"), ({ at }) => at.path);
  }

  paint(title: string): Picture {
    const fabrics = [...this.network.all("fabric").map((fabric) => this.#fabric(fabric)), ...this.#strays()];
    const racks = this.network.all("rack_controller").map((rack) => this.#rack(rack));
    const { error, warning, information } = countsOf(this.report);
    const summary = [
      counted(this.network.all("fabric").length, "fabric"),
      counted(this.network.all("vlan").length, "VLAN"),
      counted(this.network.all("subnet").length, "subnet"),
      counted(racks.length, "rack"),
      counted(error, "error"),
      counted(warning, "warning"),
      counted(information, "note"),
    ].join(", ");
    const { findings } = this.report;
    const elsewhere = findings.filter(({ where }) => !this.#used.has(where.path));
    return { title, summary, fabrics, racks, links: this.#links(), findings, elsewhere };
  }

  /** The findings about these objects, each once. */
  #about(objects: readonly NetworkObject[]): Finding[] {
    const paths = new Set(objects.map(({ at }) => at.path));
    for (const path of paths) this.#used.add(path);
    return [...paths].flatMap((path) => this.#findings.get(path) ?? []);
  }

  #vlanName({ fabric, vid }: NetworkVlan): string {
    const name = this.network.tryFind("fabric", fabric)?.name ?? fabric;
    return `${shown(name)}:${vid === 0 ? "untagged" : shown(vid)}`;
  }

  #rackName(key: Known<string | null>): string {
    const rack = this.network.tryFind("rack_controller", key);
    return rack === undefined ? shown(key ?? "none") : shown(rack.hostname);
  }

  #dhcp(vlan: NetworkVlan): string[] {
    const served = this.network.dhcpOf(vlan).items.flatMap(({ on, primary, secondary, relayTo }) => {
      const relay = this.network.tryFind("vlan", relayTo);
      if (relay !== undefined) return [`DHCP relayed to ${this.#vlanName(relay)}`];
      if (on !== true) return [];
      return [
        `DHCP by ${[primary, secondary]
          .filter((key) => key !== null)
          .map((key) => this.#rackName(key))
          .join(" and ")}`,
      ];
    });
    return served.length > 0 ? served : ["no DHCP"];
  }

  #subnet(subnet: NetworkSubnet): SubnetPicture {
    const ranges = this.network.rangesOf(subnet).items;
    const { gatewayIp, managed, block, family } = subnet;
    const facts = [gatewayIp === null ? "no gateway" : `gateway ${shown(gatewayIp)}`];
    if (managed === false) facts.push("unmanaged");
    const about = [
      subnet,
      ...ranges,
      ...this.network.routesOf(subnet).items,
      ...this.network.advertisementsOf(subnet).items,
    ];
    return {
      cidr: isKnown(subnet.cidr) ? subnet.cidr : `${subnet.at.path} (CIDR known after apply)`,
      lines: [facts.join(", ")],
      family: isKnown(family) ? family : undefined,
      bars: isKnown(block) ? barsOf(block, ranges) : [],
      findings: this.#about(about),
    };
  }

  #vlan(vlan: NetworkVlan): VlanPicture {
    const nics = this.network.interfacesOn(vlan).items;
    const space = this.network.tryFind("space", vlan.space ?? null);
    return {
      id: `vlan ${vlan.key}`,
      label: vlan.vid === 0 ? "untagged" : `VLAN ${shown(vlan.vid)}`,
      lines: [
        ...this.#dhcp(vlan),
        ...nics.map(({ rack, name }) => `rack interface ${this.#rackName(rack)}/${shown(name)}`),
        ...(space === undefined ? [] : [`space ${shown(space.name)}`]),
      ],
      subnets: [...this.network.subnetsOf(vlan).items].sort(compareSubnets).map((subnet) => this.#subnet(subnet)),
      findings: this.#about([vlan, ...this.network.dhcpOf(vlan).items]),
    };
  }

  #fabric(fabric: NetworkObject & { readonly name: Known<string> }): FabricPicture {
    const vlans = [...(this.#vlans.get(fabric.key) ?? [])];
    const vid = ({ vid: tag }: NetworkVlan): number => (isKnown(tag) ? tag : Infinity);
    return {
      id: `fabric ${fabric.key}`,
      label: `fabric ${shown(fabric.name)}`,
      vlans: vlans.sort((a, b) => vid(a) - vid(b)).map((vlan) => this.#vlan(vlan)),
      findings: this.#about([fabric]),
    };
  }

  /** What is on no fabric or VLAN of the network: its place is not known yet, or somebody else's. */
  #strays(): FabricPicture[] {
    const vlans = this.network
      .all("vlan")
      .filter(({ fabric }) => this.network.tryFind("fabric", fabric) === undefined)
      .map((vlan) => this.#vlan(vlan));
    const subnets = this.network.all("subnet").filter(({ vlan }) => this.network.tryFind("vlan", vlan) === undefined);
    const lost: VlanPicture[] =
      subnets.length === 0
        ? []
        : [
            {
              ...{ id: "vlan ?", label: "VLAN not known", lines: [], findings: [] },
              subnets: subnets.sort(compareSubnets).map((subnet) => this.#subnet(subnet)),
            },
          ];
    const all = [...vlans, ...lost];
    return all.length === 0 ? [] : [{ id: "fabric ?", label: "fabric not known", vlans: all, findings: [] }];
  }

  #rack(rack: NetworkRackController): RackPicture {
    const nics = this.network.interfacesOf(rack).items;
    const urls = this.#urls.get(rack.at.path) ?? [];
    return {
      id: `rack ${rack.key}`,
      label: `rack ${shown(rack.hostname)}`,
      lines: shortened(
        nics.map(({ name, vlan }) => {
          const on = this.network.tryFind("vlan", vlan);
          return `${shown(name)}: ${on === undefined ? "no VLAN" : this.#vlanName(on)}`;
        }),
      ),
      findings: this.#about([rack, ...nics, ...urls]),
    };
  }

  #links(): LinkPicture[] {
    const labels = new Map<string, LinkPicture>();
    const link = (from: string, to: string, label: string): void => {
      const key = `${from}\n${to}`;
      const known = labels.get(key)?.label;
      labels.set(key, { from, to, label: known === undefined ? label : `${known}, ${label}` });
    };
    for (const { rack, vlan, name } of this.network.all("rack_interface")) {
      const [from, to] = [this.network.tryFind("rack_controller", rack), this.network.tryFind("vlan", vlan)];
      if (from !== undefined && to !== undefined) link(`rack ${from.key}`, `vlan ${to.key}`, shown(name));
    }
    for (const { vlan, on, primary, secondary, relayTo } of this.network.all("vlan_dhcp")) {
      const served = this.network.tryFind("vlan", vlan);
      if (served === undefined) continue;
      const relay = this.network.tryFind("vlan", relayTo);
      if (relay !== undefined) link(`vlan ${served.key}`, `vlan ${relay.key}`, "DHCP relay");
      for (const [key, role] of on === true
        ? ([
            [primary, "DHCP"],
            [secondary, "DHCP, secondary"],
          ] as const)
        : []) {
        const rack = this.network.tryFind("rack_controller", key);
        if (rack !== undefined) link(`rack ${rack.key}`, `vlan ${served.key}`, role);
      }
    }
    return [...labels.values()];
  }
}

/** What a picture of the network shows, with the findings of the rules at their place. */
export function pictureOf(network: Network, report: Report, title: string): Picture {
  return new Painter(network, report).paint(title);
}
