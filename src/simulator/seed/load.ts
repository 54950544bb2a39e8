import { Params } from "../api/params";
import { MaasError } from "../model/errors";
import { Form } from "../model/form";
import type { Region } from "../model/region";
import type { Store } from "../model/store";
import { linkForm } from "../resources/interface/link-forms";
import { NodeType } from "../resources/node/kinds";
import { reportAll } from "../resources/node/rack-report";
import { setSetting } from "../resources/settings";
import type { SubnetRow } from "../resources/subnet/subnet";
import { findVlan, type VlanRow } from "../resources/vlan";
import { readNetwork, showCidr } from "../text/addresses";
import type { MaasVersion } from "../versions";
import { addInterface, addNode, ADMIN, emptyRegion } from "./default-region";
import { SeedError } from "./notation";
import type { ParsedSeed } from "./read";

type SeedVlan = ParsedSeed["fabrics"][number]["vlans"][number];

/**
 * Makes the region through MAAS's own forms, so that a seed holds what a real region could hold.
 * @throws SeedError naming the object that MAAS refuses, with MAAS's words
 */
export function loadSeed(seed: ParsedSeed, version: MaasVersion, source: string): Store {
  const store = emptyRegion();
  const user = store.users.by("username", ADMIN)[0];
  if (user === undefined) throw new Error("an empty region has no administrator");
  const now = new Date().toISOString().slice(0, -1);
  new Loader({ store, version, user, now: () => now }, source).load(seed);
  return store;
}

class Loader {
  constructor(
    private readonly region: Region,
    private readonly source: string,
  ) {}

  /** In the order in which one object needs another. */
  load(seed: ParsedSeed): void {
    const { region } = this;
    this.each("spaces", seed.spaces, (space) => new Form(region.store.spaces, region, given(space)).save());
    this.each("fabrics", seed.fabrics, (fabric) => {
      this.loadFabric(fabric);
    });
    this.each("racks", seed.racks, (rack) => {
      const node = addNode(
        region.store,
        { hostname: rack.hostname, node_type: NodeType.RACK_CONTROLLER, is_dynamic: true },
        rack.system_id,
      );
      for (const { name, mac_address, addresses, gateways, ...at } of rack.interfaces) {
        const host = { host_addresses: addresses, host_gateways: gateways };
        addInterface(region.store, node, { name, mac_address: mac_address ?? null, vlan: this.vlan(at).id, ...host });
      }
    });
    this.each("subnets", seed.subnets, ({ fabric, vid, dns_servers, ...subnet }) => {
      const params = given({ ...subnet, vlan: this.vlan({ fabric, vid }).id });
      if (dns_servers !== undefined) params.setAll("dns_servers", dns_servers);
      new Form(region.store.subnets, region, params).save();
    });
    this.each("ip_ranges", seed.ip_ranges, ({ subnet, ...range }) => {
      const id = subnet === undefined ? undefined : this.subnet(subnet).id;
      new Form(region.store.ip_ranges, region, given({ ...range, subnet: id })).save();
    });
    this.each("static_routes", seed.static_routes, (route) =>
      new Form(region.store.static_routes, region, given(route)).save(),
    );
    this.each("reserved_ips", seed.reserved_ips, (reserved) =>
      new Form(region.store.reserved_ips, region, given(reserved)).save(),
    );
    this.each("machines", seed.machines, (machine) => {
      this.loadMachine(machine);
    });
    this.each("settings", Object.entries(seed.settings), ([name, value]) => {
      setSetting(region, name, value);
    });
    reportAll(region);
    this.each("fabrics", seed.fabrics, ({ name, vlans }) => {
      for (const vlan of vlans) this.switchOn(name, vlan);
    });
  }

  private loadFabric({ name, class_type, vlans }: ParsedSeed["fabrics"][number]): void {
    const { region } = this;
    const known = region.store.fabrics.by("name", name)[0];
    const fabric = known ?? new Form(region.store.fabrics, region, given({ name, class_type })).save();
    for (const { vid, name: label, description, mtu, space } of vlans) {
      const live = region.store.vlans.by("fabric", fabric.id).find((vlan) => vlan.vid === vid);
      const params = given({ vid, name: label, description, mtu, space });
      new Form(region.store.vlans, region, params, live, { given: { fabric: fabric.id } }).save();
    }
  }

  private loadMachine(machine: ParsedSeed["machines"][number]): void {
    const { region } = this;
    const node = addNode(region.store, { hostname: machine.hostname, node_type: NodeType.MACHINE }, machine.system_id);
    for (const { name, mac_address, links, ...at } of machine.interfaces) {
      const nic = addInterface(region.store, node, { name, mac_address: mac_address ?? null, vlan: this.vlan(at).id });
      for (const link of links) linkForm(region, nic, node, given(link), false);
    }
  }

  /** DHCP and relays come last: they need ranges and racks. */
  private switchOn(fabric: string, { vid, dhcp_on, primary_rack, secondary_rack, relay_vlan }: SeedVlan): void {
    const relay = relay_vlan === undefined ? undefined : this.vlan(relay_vlan).id;
    const params = given({ dhcp_on, primary_rack, secondary_rack, relay_vlan: relay });
    if (params.names().length > 0)
      new Form(this.region.store.vlans, this.region, params, this.vlan({ fabric, vid })).save();
  }

  private vlan({ fabric, vid }: { readonly fabric: string; readonly vid: number }): VlanRow {
    const { store } = this.region;
    const found = store.fabrics.by("name", fabric)[0];
    if (found === undefined) throw new SeedError(`there is no fabric "${fabric}"`);
    return findVlan(store, found.id, String(vid));
  }

  private subnet(cidr: string): SubnetRow {
    const network = readNetwork(cidr);
    const found = network && this.region.store.subnets.by("cidr", showCidr(network))[0];
    if (found === undefined) throw new SeedError(`there is no subnet "${cidr}"`);
    return found;
  }

  private each<T>(kind: keyof ParsedSeed, items: readonly T[], load: (item: T) => unknown): void {
    for (const [at, item] of items.entries()) {
      try {
        load(item);
      } catch (error) {
        if (!(error instanceof MaasError) && !(error instanceof SeedError)) throw error;
        throw new SeedError(`${this.source}: ${kind}[${at}] cannot be loaded: ${error.message}`);
      }
    }
  }
}

/** The values that are there, as a client would send them. */
function given(values: Readonly<Record<string, unknown>>): Params {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Params.of(entries.map(([name, value]) => [name, String(value as string)] as const));
}
