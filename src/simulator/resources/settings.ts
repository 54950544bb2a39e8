import { type Handlers, json, mandatory, plain, requireAdmin } from "../api/handler";
import { kept, type RowOf } from "../model/columns";
import { badRequest, Invalid, invalidFields, onInvalid } from "../model/errors";
import { checkbox, choice, cleanIpAddress, type FormField, integer, text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import type { Region, Store } from "../model/store";
import { readAddress, readNetwork, showAddress } from "../text/addresses";
import type { MaasVersion } from "../versions";
import { checkHostname } from "./names";

interface Setting {
  readonly initial: unknown;
  readonly field: FormField;
  /** The first release that has it; the oldest the simulator plays has all others. */
  readonly since?: "3.x" | "3.5";
}

const quoted = (values: readonly string[]) => values.map((value) => `'${value}'`).join(", ");

const oneOf = (name: string, choices: readonly string[]): FormField =>
  choice({
    choices,
    message: (value) => `'${value}' is not a valid ${name}.  It should be one of: ${quoted(choices)}.`,
  });

const listOf = (clean: (item: string) => string): FormField => ({
  required: false,
  type: "text",
  clean: (value) => (value === null || value === undefined ? null : split(value).map(clean).join(" ")),
});

const split = (value: unknown): string[] =>
  String(value as string)
    .split(/[,\s]+/)
    .filter((item) => item !== "");

const ipList = listOf((item) => {
  onInvalid(
    () => cleanIpAddress(item),
    () => {
      throw Invalid.whole(`Invalid IP address: ${item}; provide a list of space-separated IP addresses`);
    },
  );
  return item;
});

const hostList = listOf((item) => {
  const address = /^[\d.]+$/.test(item) || item.includes(":") ? readAddress(item) : undefined;
  if (address !== undefined) return showAddress(address);
  if (item.includes(":") || /^\d{1,3}(\.\d{1,3}){3}$/.test(item)) {
    throw Invalid.whole(`Failed to detect a valid IP address from '${item}'.`);
  }
  onInvalid(
    () => {
      checkHostname(item);
    },
    ({ messages }) => {
      throw Invalid.whole(...messages.map((message) => `Invalid hostname: ${message}`));
    },
  );
  return item;
});

const networkList = listOf((item) => {
  if (!item.includes("/")) return item;
  if (readNetwork(item) === undefined) throw Invalid.whole(`Invalid network: ${item}.`);
  return item;
});

const optionalText = text();
const count = integer({ min: 1 });

/** The settings of `maas/?op=get_config`, in the order in which MAAS's refusal lists them. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  maas_name: { initial: "region", field: text({ required: true }) },
  theme: { initial: "", field: optionalText, since: "3.x" },
  kernel_opts: { initial: null, field: optionalText },
  enable_http_proxy: { initial: true, field: checkbox },
  maas_proxy_port: { initial: 8000, field: integer() },
  use_peer_proxy: { initial: false, field: checkbox },
  prefer_v4_proxy: { initial: false, field: checkbox },
  http_proxy: { initial: null, field: optionalText },
  default_dns_ttl: { initial: 30, field: integer() },
  upstream_dns: { initial: null, field: ipList },
  dnssec_validation: { initial: "auto", field: oneOf("dnssec_validation", ["auto", "yes", "no"]) },
  maas_internal_domain: { initial: "maas-internal", field: optionalText },
  dns_trusted_acl: { initial: null, field: networkList },
  ntp_servers: { initial: "ntp.ubuntu.com", field: hostList },
  ntp_external_only: { initial: false, field: checkbox },
  allow_only_trusted_transfers: { initial: false, field: checkbox, since: "3.5" },
  remote_syslog: { initial: null, field: optionalText },
  maas_syslog_port: { initial: 5247, field: integer() },
  network_discovery: { initial: "enabled", field: oneOf("network_discovery", ["enabled", "disabled"]) },
  active_discovery_interval: {
    initial: 10800,
    field: oneOf("active_discovery_interval", [
      "0",
      "604800",
      "86400",
      "43200",
      "21600",
      "10800",
      "3600",
      "1800",
      "600",
    ]),
  },
  default_boot_interface_link_type: {
    initial: "auto",
    field: choice({ required: true, choices: ["auto", "dhcp", "static", "link_up"] }),
    since: "3.5",
  },
  default_osystem: { initial: "ubuntu", field: optionalText },
  default_distro_series: { initial: "jammy", field: optionalText },
  default_min_hwe_kernel: { initial: "", field: optionalText },
  enable_kernel_crash_dump: { initial: false, field: checkbox, since: "3.5" },
  default_storage_layout: { initial: "flat", field: text({ required: true }) },
  commissioning_distro_series: { initial: "jammy", field: optionalText },
  enable_third_party_drivers: { initial: true, field: checkbox },
  windows_kms_host: { initial: null, field: optionalText },
  enable_disk_erasing_on_release: { initial: false, field: checkbox },
  disk_erase_with_secure_erase: { initial: true, field: checkbox },
  disk_erase_with_quick_erase: { initial: false, field: checkbox },
  boot_images_auto_import: { initial: true, field: checkbox },
  boot_images_no_proxy: { initial: false, field: checkbox },
  curtin_verbose: { initial: true, field: checkbox },
  force_v1_network_yaml: { initial: false, field: checkbox },
  enable_analytics: { initial: true, field: checkbox },
  completed_intro: { initial: false, field: checkbox },
  max_node_commissioning_results: { initial: 10, field: count },
  max_node_testing_results: { initial: 10, field: count },
  max_node_installation_results: { initial: 3, field: count },
  max_node_release_results: { initial: 3, field: count, since: "3.5" },
  subnet_ip_exhaustion_threshold_count: { initial: 16, field: count },
  release_notifications: { initial: true, field: checkbox, since: "3.x" },
  use_rack_proxy: { initial: true, field: checkbox },
  node_timeout: { initial: 30, field: count },
  prometheus_enabled: { initial: false, field: checkbox },
  prometheus_push_gateway: { initial: null, field: optionalText },
  prometheus_push_interval: { initial: 60, field: integer() },
  promtail_enabled: { initial: false, field: checkbox, since: "3.x" },
  promtail_port: { initial: 5238, field: integer(), since: "3.x" },
  enlist_commissioning: { initial: true, field: checkbox },
  maas_auto_ipmi_user: { initial: "maas", field: text({ maxLength: 20 }) },
  maas_auto_ipmi_user_privilege_level: {
    initial: "ADMIN",
    field: choice({ choices: ["USER", "OPERATOR", "ADMIN"] }),
    since: "3.x",
  },
  maas_auto_ipmi_k_g_bmc_key: { initial: "", field: optionalText, since: "3.x" },
  maas_auto_ipmi_cipher_suite_id: { initial: "3", field: choice({ choices: ["17", "3", ""] }), since: "3.x" },
  maas_auto_ipmi_workaround_flags: { initial: null, field: optionalText, since: "3.x" },
  vcenter_server: { initial: "", field: optionalText },
  vcenter_username: { initial: "", field: optionalText },
  vcenter_password: { initial: "", field: optionalText },
  vcenter_datacenter: { initial: "", field: optionalText },
  hardware_sync_interval: { initial: "15m", field: optionalText, since: "3.x" },
  tls_cert_expiration_notification_enabled: { initial: false, field: checkbox, since: "3.x" },
  tls_cert_expiration_notification_interval: { initial: 30, field: integer({ min: 1, max: 90 }), since: "3.x" },
  session_length: { initial: 1209600, field: integer({ min: 10, max: 1209600 }), since: "3.x" },
  auto_vlan_creation: { initial: true, field: checkbox, since: "3.x" },
};

function isKnown(version: MaasVersion, { since }: Setting): boolean {
  if (since === "3.5") return version.features.newerSettings;
  return since !== "3.x" || version.features.bootArchitectures;
}

/** MAAS still answers to the name this setting once had. */
const nameNow = (name: string) => (name === "ntp_server" ? "ntp_servers" : name);

function known(version: MaasVersion, name: string): Setting {
  const found = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (found !== undefined && isKnown(version, found)) return found;
  const names = Object.entries(SETTINGS)
    .filter(([, it]) => isKnown(version, it))
    .map(([it]) => it);
  throw invalidFields({ [name]: [`${name} is not a valid config setting (valid settings are: ${names.join(", ")}).`] });
}

const columns = { name: kept<string>(), value: kept<unknown>() };

type SettingRow = RowOf<typeof columns>;

/** One setting that differs from its default, or a fact of the region such as the default domain. */
export const settings: Resource<SettingRow> = defineResource({
  model: "Config",
  path: "maas",
  columns,
  indexes: ["name"],
  endpoints: { "maas/": maasCalls() },
});

/** The stored value of the name; undefined for none. */
export const config = ({ settings }: Store, name: string): unknown => settings.by("name", name)[0]?.value;

export function setConfig({ settings }: Store, name: string, value: unknown): void {
  const row = settings.by("name", name)[0];
  if (row === undefined) settings.insert({ name, value });
  else settings.update(row, { value });
}

/** The value in force. */
export function setting(store: Store, name: string): unknown {
  const stored = config(store, name);
  return stored === undefined ? SETTINGS[name]?.initial : stored;
}

/** The settings whose values are not those of a region that was just installed. */
export const changedSettings = (store: Store): { readonly name: string; readonly value: unknown }[] =>
  Object.entries(SETTINGS)
    .map(([name, { initial = "" }]) => ({ name, value: setting(store, name) ?? "", initial: initial ?? "" }))
    .flatMap(({ name, value, initial }) => (value === initial ? [] : [{ name, value }]));

/** The settings that differ from their defaults, as a seed gives them. */
export const givenSettings = ({ settings }: Store): Record<string, string> =>
  Object.fromEntries(
    settings
      .all()
      .filter(({ name, value }) => name in SETTINGS && value !== null)
      .map(({ name, value }) => [name, String(value as string)]),
  );

function maasCalls(): Handlers {
  return {
    "GET get_config"({ region, query }) {
      const name = nameNow(mandatory(query, "name"));
      known(region.version, name);
      return json(setting(region.store, name));
    },
    "POST set_config"(request) {
      requireAdmin(request);
      const name = mandatory(request.data, "name");
      if (name === "") throw badRequest("Invalid name: Please enter a value");
      setSetting(request.region, name, mandatory(request.data, "value"));
      return plain("OK");
    },
  };
}

/** @throws MaasError for an unknown name or a value that does not suit */
export function setSetting(region: Region, given: string, value: string): void {
  const name = nameNow(given);
  const { field } = known(region.version, name);
  onInvalid(
    () => setConfig(region.store, name, field.clean(value, region)),
    ({ messages }) => {
      throw invalidFields({ [name]: messages });
    },
  );
}
