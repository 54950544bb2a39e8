import { AddressPools } from "./address-pools";
import { Journal } from "./journal";
import type {
  ConfigRow,
  DnsDataRow,
  DnsResourceRow,
  DomainRow,
  FabricRow,
  InterfaceRow,
  IpAddressRow,
  NodeRow,
  RangeRow,
  ReservedIpRow,
  SpaceRow,
  StaticRouteRow,
  SubnetRow,
  UserRow,
  VlanRow,
} from "./rows";
import { SubnetIndex } from "./subnet-index";
import { Table } from "./table";

/** Everything the region knows. */
export class Store {
  private readonly journal = new Journal();

  readonly users = new Table<UserRow, "username">(this.journal, 1, { username: (row) => row.username });
  readonly configs = new Table<ConfigRow, "name">(this.journal, 1, { name: (row) => row.name });
  readonly fabrics = new Table<FabricRow, "name">(this.journal, 0, { name: (row) => row.name });
  readonly spaces = new Table<SpaceRow, "name">(this.journal, 1, { name: (row) => row.name });
  readonly vlans = new Table<VlanRow, "fabric" | "space" | "relay" | "vid">(this.journal, 5001, {
    fabric: (row) => row.fabricId,
    space: (row) => row.spaceId,
    relay: (row) => row.relayVlanId,
    vid: (row) => row.vid,
  });
  readonly subnets = new Table<SubnetRow, "cidr" | "vlan" | "name">(this.journal, 1, {
    cidr: (row) => row.cidr,
    vlan: (row) => row.vlanId,
    name: (row) => row.name,
  });
  readonly ranges = new Table<RangeRow, "subnet">(this.journal, 1, { subnet: (row) => row.subnetId });
  readonly routes = new Table<StaticRouteRow, "source" | "destination">(this.journal, 1, {
    source: (row) => row.sourceId,
    destination: (row) => row.destinationId,
  });
  readonly reservedIps = new Table<ReservedIpRow, "subnet" | "ip" | "mac">(this.journal, 1, {
    subnet: (row) => row.subnetId,
    ip: (row) => row.ip,
    mac: (row) => row.macAddress,
  });
  readonly addresses = new Table<IpAddressRow, "subnet" | "ip" | "interface">(this.journal, 1, {
    subnet: (row) => row.subnetId,
    ip: (row) => row.ip,
    interface: (row) => row.interfaceId,
  });
  readonly interfaces = new Table<InterfaceRow, "node" | "vlan" | "mac">(this.journal, 1, {
    node: (row) => row.nodeId,
    vlan: (row) => row.vlanId,
    mac: (row) => row.macAddress,
  });
  readonly nodes = new Table<NodeRow, "systemId">(this.journal, 1, { systemId: (row) => row.systemId });
  readonly domains = new Table<DomainRow, "name">(this.journal, 0, { name: (row) => row.name });
  readonly dnsResources = new Table<DnsResourceRow, "domain">(this.journal, 1, { domain: (row) => row.domainId });
  readonly dnsData = new Table<DnsDataRow, "resource">(this.journal, 1, { resource: (row) => row.resourceId });

  /** Subnets by the addresses they hold. */
  readonly networks = new SubnetIndex();

  readonly pools = new AddressPools();

  constructor() {
    this.subnets.watch(this.networks);
  }

  /** Runs a request's work: all of it, or, when it throws, none of it. */
  transaction<T>(work: () => T): T {
    return this.journal.transaction(work);
  }

  config(name: string): unknown {
    return this.configs.by("name", name)[0]?.value;
  }

  setConfig(name: string, value: unknown): void {
    const row = this.configs.by("name", name)[0];
    if (row === undefined) this.configs.insert({ name, value });
    else this.configs.update(row, { value });
  }
}
