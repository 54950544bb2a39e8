/** A VLAN by natural key; by default the untagged one of fabric-0. */
export interface SeedPlace {
  readonly fabric?: string;
  readonly vid?: number;
}

export interface SeedVlan {
  readonly vid: number;
  readonly name?: string;
  readonly description?: string;
  readonly mtu?: number;
  readonly space?: string;
  readonly dhcp_on?: boolean;
  readonly primary_rack?: string;
  readonly secondary_rack?: string;
  readonly relay_vlan?: SeedPlace;
}

export interface SeedSubnet extends SeedPlace {
  readonly cidr: string;
  readonly name?: string;
  readonly description?: string;
  readonly gateway_ip?: string;
  readonly dns_servers?: string[];
  readonly rdns_mode?: number;
  readonly allow_dns?: boolean;
  readonly allow_proxy?: boolean;
  readonly active_discovery?: boolean;
  readonly managed?: boolean;
}

export interface SeedRackInterface extends SeedPlace {
  readonly name: string;
  readonly mac_address?: string;
  /** What the host has configured, with prefix lengths: `10.0.0.2/24`. */
  readonly addresses?: string[];
  readonly gateways?: string[];
}

export interface SeedMachineInterface extends SeedPlace {
  readonly name: string;
  readonly mac_address?: string;
  readonly links?: { readonly mode: string; readonly subnet?: string; readonly ip_address?: string }[];
}

export interface SeedNode<I> {
  readonly hostname: string;
  readonly system_id?: string;
  readonly interfaces?: I[];
}

/** A region by natural keys, in MAAS's words. Everything may be left out; fabric-0 with its untagged VLAN always exists. */
export interface Seed {
  readonly spaces?: { readonly name: string; readonly description?: string }[];
  readonly fabrics?: { readonly name: string; readonly class_type?: string; readonly vlans?: SeedVlan[] }[];
  readonly subnets?: SeedSubnet[];
  readonly ip_ranges?: {
    readonly type: string;
    readonly start_ip: string;
    readonly end_ip: string;
    /** The subnet's CIDR; found by the start when left out. */
    readonly subnet?: string;
    readonly comment?: string;
  }[];
  readonly static_routes?: {
    readonly source: string;
    readonly destination: string;
    readonly gateway_ip: string;
    readonly metric?: number;
  }[];
  readonly reserved_ips?: { readonly ip: string; readonly mac_address: string; readonly comment?: string }[];
  readonly racks?: SeedNode<SeedRackInterface>[];
  readonly machines?: SeedNode<SeedMachineInterface>[];
  readonly settings?: Record<string, string>;
}

/** A seed that cannot be read or loaded: what is wrong, and where. */
export class SeedError extends Error {
  override readonly name = "SeedError";
}
