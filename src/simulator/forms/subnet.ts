import { Cidr } from "../../../lib/model/cidr";
import { crash, type FieldMessages } from "../errors";
import { defaultVlan, fabricLabel, regionVlan } from "../models/fabric";
import { adoptAddresses } from "../models/subnet";
import { vlanLabel } from "../models/vlan";
import { asText, type Params } from "../params";
import type { Region } from "../region";
import type { FabricRow, SubnetRow, VlanRow } from "../store/rows";
import { readAddress, readNetwork, showCidr } from "../text/addresses";
import { readInteger } from "../text/python";
import { bootArchitecture } from "./boot-architectures";
import {
  checkbox,
  checkLength,
  choice,
  cleanIpAddress,
  integer,
  ipAddress,
  isEmpty,
  row,
  text,
  textArray,
} from "./fields";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const NAME = /^[.: \p{L}\p{N}_/-]+$/u;
const TRUE_TEXTS = new Set(["true", "t", "1"]);

/** What a subnet is when nothing is said. */
export const NEW_SUBNET = {
  description: "",
  rdnsMode: 2,
  gatewayIp: null,
  dnsServers: [] as string[],
  allowDns: true,
  allowProxy: true,
  activeDiscovery: false,
  managed: true,
  disabledBootArchitectures: [] as string[],
};

const idOf = (cleaned: unknown) => (cleaned as VlanRow).id;

/** The network the model stores. @throws Invalid, as MAAS's CIDR column does */
function checkCidr(value: unknown): unknown {
  const network = readNetwork(value as string);
  if (network === undefined) throw Invalid.whole(`invalid IPNetwork ${value as string}`);
  return showCidr(network);
}

function checkRdnsMode(value: unknown): unknown {
  const mode = readInteger(String(value));
  if (mode === undefined) throw Invalid.whole(`“${String(value)}” value must be an integer.`);
  return mode;
}

function checkName(value: unknown): unknown {
  if (isEmpty(value)) throw Invalid.whole("This field cannot be blank.");
  if (!NAME.test(value as string)) throw Invalid.whole("Enter a valid value.");
  checkLength(value as string, 255);
  return value;
}

/** Creating and editing subnets. */
export class SubnetForm extends ModelForm<SubnetRow> {
  protected override readonly fields = {
    name: text({ maxLength: 255 }),
    description: text(),
    vlan: row((id) => this.region.store.vlans.get(id)),
    cidr: text({ required: true }),
    gateway_ip: ipAddress(),
    dns_servers: textArray,
    rdns_mode: choice({ choices: ["0", "1", "2"] }),
    active_discovery: checkbox,
    allow_dns: checkbox,
    allow_proxy: checkbox,
    managed: checkbox,
    ...(this.region.version.features.bootArchitectures ? { disabled_boot_architectures: textArray } : {}),
    fabric: row((id) => this.region.store.fabrics.get(id)),
    vid: integer({ min: 0, max: 4094 }),
  };
  protected override readonly columns: Record<string, Column<SubnetRow>> = {
    name: { key: "name", check: checkName },
    description: { key: "description", blank: true },
    vlan: { key: "vlanId", isRelation: true, store: idOf },
    cidr: { key: "cidr", check: checkCidr },
    gateway_ip: { key: "gatewayIp", blank: true },
    dns_servers: { key: "dnsServers", blank: true, hasDefault: true },
    rdns_mode: { key: "rdnsMode", hasDefault: true, check: checkRdnsMode },
    active_discovery: { key: "activeDiscovery", hasDefault: true },
    allow_dns: { key: "allowDns", hasDefault: true },
    allow_proxy: { key: "allowProxy", hasDefault: true },
    managed: { key: "managed", hasDefault: true },
    disabled_boot_architectures: { key: "disabledBootArchitectures", blank: true, hasDefault: true },
  };

  constructor(region: Region, data: Params, instance?: SubnetRow) {
    super(region, data, instance, NEW_SUBNET, {
      name: instance?.name,
      description: instance?.description,
      vlan: instance?.vlanId,
      cidr: instance?.cidr,
      gateway_ip: instance?.gatewayIp,
      dns_servers: instance?.dnsServers,
      rdns_mode: instance?.rdnsMode,
      active_discovery: instance?.activeDiscovery,
      allow_dns: instance?.allowDns,
      allow_proxy: instance?.allowProxy,
      managed: instance?.managed,
      disabled_boot_architectures: instance?.disabledBootArchitectures,
    });
  }

  protected override cleanField(name: string, value: unknown): unknown {
    if (name !== "cidr") return value;
    const network = readNetwork(value as string);
    if (network === undefined) throw Invalid.whole("Required format: <network>/<prefixlen>.");
    if (network.prefixLength === 0) throw Invalid.whole("Prefix length must be greater than 0.");
    if (this.instance !== undefined && this.instance.cidr !== value) this.checkReservedIps(this.instance, network);
    return value;
  }

  private checkReservedIps(live: SubnetRow, network: Cidr): void {
    const { store, version } = this.region;
    if (!version.features.reservedIps) return;
    for (const { ip } of store.reservedIps.by("subnet", live.id)) {
      const address = readAddress(ip);
      if (address !== undefined && network.contains(address)) continue;
      throw Invalid.whole(`The new subnet CIDR would exclude the reserved ip ${ip}. Please remove it first.`);
    }
  }

  protected override cleanForm(): void {
    if (this.data.has("space")) {
      this.addError("space", "Spaces may no longer be set on subnets. Set the space on the underlying VLAN.");
    }
    this.cleanAllowFlag("allow_dns");
    this.cleanAllowFlag("allow_proxy");
    if (!this.data.has("managed")) this.cleaned.set("managed", true);
    if (this.data.has("dns_servers") && this.data.get("dns_servers") !== "") {
      this.cleaned.set("dns_servers", this.data.all("dns_servers"));
    }
    this.cleanName();
    this.cleanDnsServers();
    this.cleanBootArchitectures();
    if (this.instance === undefined) this.cleanVlan();
  }

  private cleanAllowFlag(name: "allow_dns" | "allow_proxy"): void {
    if (this.region.version.features.strictAllowFlags) {
      const given = this.data.has(name) ? asText(this.data.get(name)) : "true";
      this.cleaned.set(name, TRUE_TEXTS.has(given.toLowerCase()));
    } else if (!this.data.has(name)) {
      this.cleaned.set(name, true);
    }
  }

  /** A nameless subnet is called by its CIDR as it was sent; a subnet called by its CIDR keeps being so. */
  private cleanName(): void {
    if (this.hasError("cidr")) return;
    const name = this.cleaned.get("name");
    const live = this.instance;
    const isNew = live === undefined && !name;
    const isNamedByCidr = live !== undefined && name === live.name && name === live.cidr;
    if (isNew || isNamedByCidr) this.cleaned.set("name", this.cleaned.get("cidr"));
  }

  private cleanDnsServers(): void {
    const servers = this.cleaned.get("dns_servers") as readonly unknown[] | undefined;
    if (servers === undefined) return;
    const cleaned: string[] = [];
    for (const given of servers) {
      const addresses = String(given as string)
        .split(/[,\s]+/)
        .filter((address) => address !== "");
      for (const address of addresses) checkDnsServer(address);
      cleaned.push(...(addresses.length === 0 ? [""] : addresses));
    }
    this.cleaned.set("dns_servers", cleaned);
  }

  private cleanBootArchitectures(): void {
    const given = this.cleaned.get("disabled_boot_architectures") as readonly string[] | undefined;
    if (given === undefined) return;
    const names = new Set<string>();
    for (const architecture of given.flatMap((item) => item.split(" "))) {
      const name = bootArchitecture(architecture);
      if (name === undefined) {
        this.addError("disabled_boot_architectures", `Unknown boot architecture ${architecture}`);
      } else {
        names.add(name);
      }
    }
    this.cleaned.set("disabled_boot_architectures", [...names]);
  }

  /** A new subnet's VLAN from what was given: the VLAN, the fabric's VLAN of that VID, or the fabric's default VLAN. */
  private cleanVlan(): void {
    const { store, version } = this.region;
    const given = (name: string) => this.cleaned.get(name) ?? undefined;
    const fabric = given("fabric") as FabricRow | undefined;
    const vlan = given("vlan") as VlanRow | undefined;
    const vid = given("vid") as number | undefined;
    if (vlan !== undefined) {
      if (fabric !== undefined && vlan.fabricId !== fabric.id) {
        this.addError(
          "vlan",
          `VLAN ${vlanLabel(store, version.features, vlan)} is not in fabric ${fabricLabel(fabric)}.`,
        );
      }
      return;
    }
    const untagged = fabric === undefined ? regionVlan(store) : defaultVlan(store, fabric.id);
    const inFabric = store.vlans.by("fabric", untagged.fabricId);
    const chosen = vid ? inFabric.find((row) => row.vid === vid) : untagged;
    if (chosen !== undefined) {
      this.cleaned.set("vlan", chosen);
      return;
    }
    const where = fabric === undefined ? "default fabric" : `fabric ${fabricLabel(fabric)}`;
    this.addError("vid", `No VLAN with vid ${vid} in ${where}.`);
  }

  protected override cleanModel(): void {
    if (!this.draft.name && this.draft.cidr) this.draft.name = this.draft.cidr;
    this.checkGateway();
    this.checkOverlap();
  }

  private checkGateway(): void {
    const gateway = this.draft.gatewayIp;
    if (!gateway) return;
    const network = this.draftNetwork;
    if (network === undefined) throw crash("invalid IPNetwork ");
    const address = readAddress(gateway);
    if (address !== undefined && network.contains(address)) return;
    if (network.family === 6 && address?.isLinkLocal() === true) return;
    throw Invalid.field("gateway_ip", "Gateway IP must be within CIDR range.");
  }

  /** From 3.7, a whole-form message. A gateway outside the CIDR is said before, and alone. */
  private checkOverlap(): void {
    const { store, version } = this.region;
    const network = this.draftNetwork;
    if (!version.features.subnetOverlapRefused || network === undefined) return;
    if (!store.networks.overlapping(network).some((subnet) => subnet.id !== this.draft.id)) return;
    throw Invalid.whole(`Subnet ${showCidr(network)} would overlap with existing subnets.`);
  }

  protected override uniquenessMessages(except: ReadonlySet<string>): FieldMessages {
    const network = this.draftNetwork;
    if (network === undefined || except.has("cidr")) return {};
    const same = this.region.store.subnets.by("cidr", showCidr(network));
    return same.some((subnet) => subnet.id !== this.draft.id)
      ? { cidr: ["Subnet with this Cidr already exists."] }
      : {};
  }

  private get draftNetwork(): Cidr | undefined {
    return this.draft.cidr === undefined ? undefined : readNetwork(this.draft.cidr);
  }

  protected override write(): SubnetRow {
    const { store } = this.region;
    const live = this.instance;
    const network = readNetwork(this.draft.cidr ?? "") ?? Cidr.parse("0.0.0.0/32");
    const values = {
      ...this.draft,
      network,
      gatewayIp: isEmpty(this.draft.gatewayIp) ? null : this.draft.gatewayIp,
    } as Omit<SubnetRow, "id">;
    const isMoved = live?.cidr !== values.cidr;
    const subnet = live ?? store.subnets.insert(values);
    if (live !== undefined) store.subnets.update(live, values);
    if (isMoved) adoptAddresses(store, subnet);
    return subnet;
  }
}

function checkDnsServer(address: string): void {
  try {
    cleanIpAddress(address);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw Invalid.whole(`Invalid IP address: ${address}; provide a list of space-separated IP addresses`);
  }
}
