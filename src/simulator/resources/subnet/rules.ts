import type { Cidr } from "../../../../lib/model/cidr";
import { asText } from "../../api/params";
import { crash, Invalid, onInvalid } from "../../model/errors";
import { byId, cleanIpAddress, integer, isEmpty } from "../../model/fields";
import { type Form, type FormRules, isTaken } from "../../model/form";
import type { Store } from "../../model/store";
import { readAddress, readNetwork, showCidr } from "../../text/addresses";
import { type FabricRow, regionVlan } from "../fabric";
import { AllocType } from "../ip-address/addresses";
import { defaultVlan, fabricLabel, vlanLabel } from "../names";
import type { VlanRow } from "../vlan";
import type { SubnetRow } from "./subnet";

const TRUE_TEXTS = new Set(["true", "t", "1"]);

/** MAAS's rules for subnets. */
export const subnetRules: FormRules<SubnetRow> = {
  parameters: { fabric: byId("fabrics"), vid: integer({ min: 0, max: 4094 }) },
  clean: { cidr: cleanCidr },
  cleanForm(form) {
    const { data, cleaned } = form;
    if (data.has("space")) {
      form.addError("space", "Spaces may no longer be set on subnets. Set the space on the underlying VLAN.");
    }
    cleanAllowFlag(form, "allow_dns");
    cleanAllowFlag(form, "allow_proxy");
    if (!data.has("managed")) cleaned.set("managed", true);
    if (data.has("dns_servers") && data.get("dns_servers") !== "") cleaned.set("dns_servers", data.all("dns_servers"));
    cleanName(form);
    cleanDnsServers(form);
    cleanBootArchitectures(form);
    if (form.live === undefined) cleanVlan(form);
  },
  cleanModel(form) {
    const { draft } = form;
    if (!draft.name && draft.cidr) draft.name = draft.cidr;
    checkGateway(form);
    checkOverlap(form);
  },
  unique(form, except) {
    const network = draftNetwork(form);
    if (network === undefined || except.has("cidr")) return undefined;
    const same = form.table.by("cidr", showCidr(network));
    return isTaken(form, same) ? ["cidr", "Subnet with this Cidr already exists."] : undefined;
  },
  write(form) {
    const { live, draft, table, region } = form;
    if (isEmpty(draft.gateway_ip)) draft.gateway_ip = null;
    const isMoved = live?.cidr !== draft.cidr;
    const subnet = live === undefined ? table.insert(draft) : form.writeTo(live);
    if (isMoved) adoptAddresses(region.store, subnet);
    return subnet;
  },
};

function cleanCidr(value: unknown, { live, region: { store, version } }: Form<SubnetRow>): unknown {
  const network = readNetwork(value as string);
  if (network === undefined) throw Invalid.whole("Required format: <network>/<prefixlen>.");
  if (network.prefixLength === 0) throw Invalid.whole("Prefix length must be greater than 0.");
  if (live === undefined || live.cidr === value || !version.features.reservedIps) return value;
  for (const { ip } of store.reserved_ips.by("subnet", live.id)) {
    const address = readAddress(ip);
    if (address !== undefined && network.contains(address)) continue;
    throw Invalid.whole(`The new subnet CIDR would exclude the reserved ip ${ip}. Please remove it first.`);
  }
  return value;
}

function cleanAllowFlag({ data, cleaned, region }: Form<SubnetRow>, name: "allow_dns" | "allow_proxy"): void {
  if (region.version.features.strictAllowFlags) {
    const given = data.has(name) ? asText(data.get(name)) : "true";
    cleaned.set(name, TRUE_TEXTS.has(given.toLowerCase()));
  } else if (!data.has(name)) {
    cleaned.set(name, true);
  }
}

/** A nameless subnet is called by its CIDR as it was sent; a subnet called by its CIDR keeps being so. */
function cleanName(form: Form<SubnetRow>): void {
  if (form.hasError("cidr")) return;
  const { cleaned, live } = form;
  const name = cleaned.get("name");
  const isNew = live === undefined && !name;
  const isNamedByCidr = live !== undefined && name === live.name && name === live.cidr;
  if (isNew || isNamedByCidr) cleaned.set("name", cleaned.get("cidr"));
}

function cleanDnsServers({ cleaned }: Form<SubnetRow>): void {
  const servers = cleaned.get("dns_servers") as readonly unknown[] | undefined;
  if (servers === undefined) return;
  const read: string[] = [];
  for (const given of servers) {
    const addresses = String(given as string)
      .split(/[,\s]+/)
      .filter((address) => address !== "");
    for (const address of addresses) checkDnsServer(address);
    read.push(...(addresses.length === 0 ? [""] : addresses));
  }
  cleaned.set("dns_servers", read);
}

/** @throws Invalid for text that is not an address */
export function checkDnsServer(address: string): void {
  onInvalid(
    () => cleanIpAddress(address),
    () => {
      throw Invalid.whole(`Invalid IP address: ${address}; provide a list of space-separated IP addresses`);
    },
  );
}

function cleanBootArchitectures(form: Form<SubnetRow>): void {
  const given = form.cleaned.get("disabled_boot_architectures") as readonly string[] | undefined;
  if (given === undefined) return;
  const names = new Set<string>();
  for (const architecture of given.flatMap((item) => item.split(" "))) {
    const name = bootArchitecture(architecture);
    if (name === undefined) form.addError("disabled_boot_architectures", `Unknown boot architecture ${architecture}`);
    else names.add(name);
  }
  form.cleaned.set("disabled_boot_architectures", [...names]);
}

/** A new subnet's VLAN from what was given: the VLAN, the fabric's VLAN of that VID, or the fabric's default VLAN. */
function cleanVlan(form: Form<SubnetRow>): void {
  const { store, version } = form.region;
  const fabric = form.get<FabricRow>("fabric");
  const vlan = form.get<VlanRow>("vlan");
  const vid = form.get<number>("vid");
  if (vlan !== undefined) {
    if (fabric !== undefined && vlan.fabric !== fabric.id) {
      const label = vlanLabel(store, version.features, vlan);
      form.addError("vlan", `VLAN ${label} is not in fabric ${fabricLabel(fabric)}.`);
    }
    return;
  }
  const untagged = fabric === undefined ? regionVlan(store) : defaultVlan(store, fabric.id);
  const inFabric = store.vlans.by("fabric", untagged.fabric);
  const chosen = vid ? inFabric.find((row) => row.vid === vid) : untagged;
  if (chosen !== undefined) {
    form.cleaned.set("vlan", chosen);
    return;
  }
  const where = fabric === undefined ? "default fabric" : `fabric ${fabricLabel(fabric)}`;
  form.addError("vid", `No VLAN with vid ${vid} in ${where}.`);
}

function checkGateway(form: Form<SubnetRow>): void {
  const gateway = form.draft.gateway_ip;
  if (!gateway) return;
  const network = draftNetwork(form);
  if (network === undefined) throw crash("invalid IPNetwork ");
  const address = readAddress(gateway);
  if (address !== undefined && network.contains(address)) return;
  if (network.family === 6 && address?.isLinkLocal() === true) return;
  throw Invalid.field("gateway_ip", "Gateway IP must be within CIDR range.");
}

/** From 3.7, a whole-form message. A gateway outside the CIDR is said before, and alone. */
function checkOverlap(form: Form<SubnetRow>): void {
  const { store, version } = form.region;
  const network = draftNetwork(form);
  if (!version.features.subnetOverlapRefused || network === undefined) return;
  if (!isTaken(form, store.networks.overlapping(network))) return;
  throw Invalid.whole(`Subnet ${showCidr(network)} would overlap with existing subnets.`);
}

const draftNetwork = ({ draft: { cidr } }: Form<SubnetRow>): Cidr | undefined =>
  cidr === undefined ? undefined : readNetwork(cidr);

/** Boot methods that a subnet can leave out, by MAAS's name; with the DHCP architecture number that is an alias. */
const METHODS: Readonly<Record<string, string | null>> = {
  ipxe: null,
  pxe: "00:00",
  uefi_amd64_tftp: "00:07",
  uefi_amd64_http: "00:10",
  uefi_ebc_tftp: "00:09",
  uefi_arm64_tftp: "00:0B",
  uefi_arm64_http: "00:13",
  "open-firmware_ppc64el": "00:0C",
  powernv: "00:0E",
  windows: null,
  s390x: "00:1F",
  s390x_partition: "00:20",
};

/** Methods with neither an architecture number nor an HTTP path: MAAS does not take them here. */
const UNSERVED = new Set(["ipxe", "windows"]);

/** MAAS's name for a boot method given by name or number; undefined when MAAS knows none. */
export function bootArchitecture(text: string): string | undefined {
  const number = text.replace("0x", "00:");
  const byNumber = Object.entries(METHODS).find(([, octet]) => octet === number)?.[0];
  const name = text in METHODS ? text : byNumber;
  return name === undefined || UNSERVED.has(name) ? undefined : name;
}

/** After a subnet is made or its CIDR changed: addresses that users reserved find their subnet anew. */
export function adoptAddresses(store: Store, subnet: SubnetRow): void {
  for (const row of store.ip_addresses.by("subnet", subnet.id)) {
    if (row.alloc_type === AllocType.USER_RESERVED && !holds(subnet, row.ip)) {
      store.ip_addresses.update(row, { subnet: null });
    }
  }
  for (const row of store.ip_addresses.by("subnet", null)) {
    if (holds(subnet, row.ip)) store.ip_addresses.update(row, { subnet: subnet.id });
  }
}

function holds(subnet: SubnetRow, ip: string | null): boolean {
  const address = ip === null ? undefined : readAddress(ip);
  const isOneAddress = subnet.network.size === 1n;
  return address !== undefined && !isOneAddress && subnet.network.contains(address);
}
