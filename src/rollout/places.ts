import { isKnown, type Known } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetworkKind } from "../../lib/model/network/objects";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Finding } from "../../lib/rules/report";

const SCOPES: ReadonlyMap<string, NetworkKind> = new Map(IPV6_RULES.map(({ id, scope }) => [id, scope]));

/** Which VLANs the objects of a network belong to: what a finding about one of them is told at. */
export class VlanPlaces {
  readonly #byObject = new Map<string, Set<string>>();
  readonly #byPath = new Map<string, Set<string>>();

  constructor(network: Network) {
    const add = (kind: NetworkKind, object: { key: string; at: { path: string } }, vlans: readonly string[]): void => {
      for (const [index, name] of [
        [this.#byObject, `${kind} ${object.key}`],
        [this.#byPath, object.at.path],
      ] as const)
        index.set(name, new Set([...(index.get(name) ?? []), ...vlans]));
    };
    const known = (key: Known<string | null>): string[] => (isKnown(key) && key !== null ? [key] : []);
    const ofSubnet = (key: Known<string>): string[] => known(network.tryFind("subnet", key)?.vlan ?? null);
    for (const vlan of network.all("vlan")) add("vlan", vlan, [vlan.key]);
    for (const subnet of network.all("subnet")) add("subnet", subnet, known(subnet.vlan));
    for (const range of network.all("ip_range")) add("ip_range", range, ofSubnet(range.subnet));
    for (const one of network.all("router_advertisement")) add("router_advertisement", one, ofSubnet(one.subnet));
    for (const dhcp of network.all("vlan_dhcp")) add("vlan_dhcp", dhcp, known(dhcp.vlan));
    for (const nic of network.all("rack_interface")) add("rack_interface", nic, known(nic.vlan));
    for (const nic of network.all("machine_interface")) add("machine_interface", nic, known(nic.vlan));
    for (const rack of network.all("rack_controller")) {
      const vlans = network.interfacesOf(rack).items.flatMap(({ vlan }) => known(vlan));
      add("rack_controller", rack, vlans);
      add("url", { key: `region URL of ${rack.key}`, at: rack.at }, vlans);
    }
  }

  /** Keys of the VLANs that the finding is about; none for what is about the region as a whole. */
  of({ id, key = "", related }: Finding): ReadonlySet<string> {
    const own = this.#byObject.get(`${SCOPES.get(id) ?? ""} ${key}`) ?? [];
    return new Set([...own, ...related.flatMap(({ path }) => [...(this.#byPath.get(path) ?? [])])]);
  }
}
