import type { Resource } from "../model/resource";
import type { Row } from "../model/table";
import { account } from "./account";
import { dhcpSnippets } from "./dhcp/dhcp-snippet";
import { textFiles } from "./dhcp/text-file";
import { discoveries } from "./discovery";
import { dnsRecords } from "./dns/dns-record";
import { dnsResources } from "./dns/dns-resource";
import { domains } from "./dns/domain";
import { fabrics } from "./fabric";
import { interfaces } from "./interface/interface";
import { ipAddresses } from "./ip-address/ip-address";
import { ipRanges } from "./ip-range";
import { nodes } from "./node/node";
import { reservedIps } from "./reserved-ip";
import { resourcePools } from "./resource-pool";
import { settings } from "./settings";
import { spaces } from "./space";
import { staticRoutes } from "./static-route";
import { subnets } from "./subnet/subnet";
import { tags } from "./tag";
import { users } from "./user";
import { vlans } from "./vlan";
import { zones } from "./zone";

/**
 * Every resource of MAAS that the region has, by the name of its table: the one list of them. The store's tables, the
 * API's paths, the seed's sections and the state file's are made from it. A seed is loaded in this order: what others
 * refer to comes first.
 *
 * The record of a resource with a folder of its own is imported here only: what others call is in the folder's other files.
 */
export const RESOURCES = {
  users,
  settings,
  spaces,
  fabrics,
  vlans,
  subnets,
  ip_ranges: ipRanges,
  static_routes: staticRoutes,
  reserved_ips: reservedIps,
  ip_addresses: ipAddresses,
  nodes,
  interfaces,
  domains,
  dns_resources: dnsResources,
  dns_records: dnsRecords,
  zones,
  resource_pools: resourcePools,
  tags,
  text_files: textFiles,
  dhcp_snippets: dhcpSnippets,
  discoveries,
  account,
};

/** All of them, whatever their rows. */
export const ALL = Object.entries(RESOURCES) as unknown as readonly (readonly [string, Resource<Row>])[];
