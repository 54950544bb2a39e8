import type { Column, Columns, GivenColumn, ReferenceColumn } from "../model/columns";
import type { TableName } from "../model/store";
import { ALL } from "../resources";
import type { DnsRecordColumns } from "../resources/dns/dns-record";
import type { DnsResourceColumns } from "../resources/dns/dns-resource";
import type { DomainColumns } from "../resources/dns/domain";
import type { FabricColumns } from "../resources/fabric";
import type { InterfaceColumns } from "../resources/interface/interface";
import type { RangeColumns } from "../resources/ip-range";
import type { NodeColumns } from "../resources/node/node";
import type { ReservedIpColumns } from "../resources/reserved-ip";
import type { SpaceColumns } from "../resources/space";
import type { StaticRouteColumns } from "../resources/static-route";
import type { SubnetColumns } from "../resources/subnet/subnet";
import type { VlanColumns } from "../resources/vlan";

/** A VLAN by its parts; by default the untagged one of fabric-0. The same as the key `FABRIC:VID`. */
export interface SeedPlace {
  readonly fabric?: string;
  readonly vid?: number;
}

type SeedValue<C> =
  C extends ReferenceColumn<unknown, infer N>
    ? N extends "vlans"
      ? string | SeedPlace
      : string
    : // Ids of rows are natural keys in a seed.
      C extends Column<number[]>
      ? string[]
      : C extends Column<infer T>
        ? Exclude<T, null>
        : never;

type Given<C extends Columns> = {
  readonly [K in keyof C as C[K] extends GivenColumn<unknown> ? K : never]: SeedValue<C[K]>;
};

/** An object of a seed: the columns that can be given, by MAAS's names; references hold natural keys. */
type SeedOf<C extends Columns, Required extends keyof Given<C> = never> = Partial<Given<C>> & Pick<Given<C>, Required>;

export type SeedVlan = SeedOf<VlanColumns, "vid">;
export type SeedSubnet = SeedOf<SubnetColumns, "cidr"> & SeedPlace;

/** With `addresses` and `gateways` that its host has configured, if it is a rack's: `10.0.0.2/24`. */
export type SeedInterface = Omit<SeedOf<InterfaceColumns, "name">, "vlan"> &
  SeedPlace & {
    /** Null for an interface that is on no VLAN. */
    readonly vlan?: string | SeedPlace | null;
  };

export interface SeedLink {
  readonly mode: string;
  readonly subnet?: string;
  readonly ip_address?: string;
}

export type SeedRackInterface = SeedInterface;

/** Of a machine or a device; by default a physical interface. */
export type SeedMachineInterface = SeedInterface & Partial<SeedLayer> & { readonly links?: SeedLink[] };

/** How an interface is made over others of its node, which stand before it. */
export interface SeedLayer {
  readonly type: "physical" | "bond" | "bridge" | "vlan";
  /** Their names. */
  readonly parents: string[];
  /** By MAAS's names: `bond_mode`, `bridge_stp`, `mtu`. */
  readonly params: Readonly<Record<string, string | number | boolean>>;
}
export type SeedNode<I> = SeedOf<NodeColumns, "hostname"> & { readonly interfaces?: I[] };

/**
 * A region in the simulator's one notation, which seeds are written in and `document` is read in: for each resource of
 * MAAS its objects, with the columns that can be given by MAAS's names of them. References hold natural keys as in a network
 * document: `lab` for a fabric or a space, `lab:10` for a VLAN, `10.20.0.0/24` for a subnet, a rack's hostname, a DNS domain's name.
 *
 * Everything may be left out, and has MAAS's default then; fabric-0 with its untagged VLAN always exists.
 */
export interface Seed {
  readonly spaces?: SeedOf<SpaceColumns, "name">[];
  /** Their VLANs may stand in them, without `fabric`. */
  readonly fabrics?: (SeedOf<FabricColumns, "name"> & { readonly vlans?: SeedVlan[] })[];
  readonly vlans?: SeedVlan[];
  /** The VLAN is `vlan`, or `fabric` and `vid`. */
  readonly subnets?: SeedSubnet[];
  /** The subnet is found by the start when left out. */
  readonly ip_ranges?: Omit<SeedOf<RangeColumns, "type" | "start_ip" | "end_ip">, "user">[];
  readonly static_routes?: SeedOf<StaticRouteColumns, "source" | "destination" | "gateway_ip">[];
  readonly reserved_ips?: SeedOf<ReservedIpColumns, "ip" | "mac_address">[];
  /** `maas` always exists. */
  readonly domains?: SeedOf<DomainColumns, "name">[];
  /** Names in a domain, which is a domain's name, with their addresses. */
  readonly dns_resources?: SeedOf<DnsResourceColumns, "name" | "domain">[];
  /** Records other than addresses; `dnsresource` is the full name of one of `dns_resources`. */
  readonly dns_records?: SeedOf<DnsRecordColumns, "dnsresource" | "rrtype" | "rrdata">[];
  readonly racks?: SeedNode<SeedRackInterface>[];
  readonly machines?: SeedNode<SeedMachineInterface>[];
  readonly devices?: SeedNode<SeedMachineInterface>[];
  readonly dhcp_snippets?: SeedSnippet[];
  readonly settings?: Record<string, string>;
}

/** For the node of that hostname, for a subnet by its CIDR, or for all. */
export interface SeedSnippet {
  readonly name: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly subnet?: string | undefined;
  readonly node?: string | undefined;
}

/** The tables whose objects are a section of seeds, in the order in which one needs another. */
export const SECTIONS: readonly TableName[] = ALL.flatMap(([name, { seed }]) =>
  seed === undefined ? [] : [name as TableName],
);

/** Values of one object, by column. */
export type Values = Readonly<Record<string, unknown>>;

export interface ParsedInterface {
  readonly values: Values;
  readonly layer: SeedLayer;
  readonly links: readonly SeedLink[];
}

/** A rack, a machine or a device. */
export interface ParsedNode {
  readonly values: Values;
  readonly interfaces: readonly ParsedInterface[];
}

/** A seed with everything filled in that was left out. */
export interface ParsedSeed {
  /** The objects of each table that has a section; VLANs of fabrics are among the others. */
  readonly objects: ReadonlyMap<TableName, readonly Values[]>;
  readonly racks: readonly ParsedNode[];
  readonly machines: readonly ParsedNode[];
  readonly devices: readonly ParsedNode[];
  readonly snippets: readonly SeedSnippet[];
  readonly settings: Readonly<Record<string, string>>;
}
