import { checkFormat } from "../checks/field";
import { defineKind } from "../kind";
import type { Values } from "../known";
import { fault, type Problem } from "../problem";
import { textOf } from "../text";

const SOURCE = "MAAS api/maas.py, forms/settings.py, 3.6.4; live 3.4.10 and 3.6.5";

/** A setting of the region: what its value may be. */
interface Setting {
  readonly doc: string;
  /** What MAAS is installed with: an export leaves that out. Absent = none. */
  readonly installed?: string;
  /** The only values. Absent = a list of words, which may be empty. */
  readonly oneOf?: readonly string[];
  /** What is wrong with one word of the list. */
  readonly check?: (word: string) => Problem<string>[];
}

const checkIp = (word: string): Problem<string>[] => checkFormat.ip("value", word);

/** The settings of a region that are about networks, by key. */
const SETTINGS: Readonly<Record<string, Setting>> = {
  upstream_dns: { doc: "addresses of the DNS servers that MAAS forwards to, of either family", check: checkIp },
  dnssec_validation: { doc: "whether answers of those are validated", oneOf: ["auto", "yes", "no"], installed: "auto" },
  dns_trusted_acl: {
    doc: "networks, addresses and names of ACLs that may ask MAAS's DNS",
    check: (word) => (word.includes("/") ? checkFormat.cidr("value", word) : word.includes(":") ? checkIp(word) : []),
  },
  ntp_servers: {
    doc: "addresses or names of time servers",
    installed: "ntp.ubuntu.com",
    check: (word) => (word.includes(":") ? checkIp(word) : []),
  },
  ntp_external_only: { doc: "whether machines ask those directly", oneOf: ["true", "false"], installed: "false" },
  network_discovery: {
    doc: "whether racks watch for hosts that MAAS does not know",
    oneOf: ["enabled", "disabled"],
    installed: "enabled",
  },
  active_discovery_interval: {
    doc: "seconds between scans of subnets with active discovery, 0 for none",
    oneOf: ["0", "600", "1800", "3600", "10800", "21600", "43200", "86400", "604800"],
    installed: "10800",
  },
};

/** The only call that reads a setting: MAAS lists them nowhere. */
const SETTING_CALL = "maas/?op=get_config&name={key}";

const KEYS = Object.keys(SETTINGS);

const wordsOf = (value: string): string[] => value.split(/[,\s]+/).filter((word) => word !== "");

/** What the value of a setting must be. MAAS would refuse some of it, and take the rest to break the service that it is for. */
function checkSetting({ key, value }: Values): Problem[] {
  const setting = typeof key === "string" ? SETTINGS[key] : undefined;
  if (setting === undefined || typeof value !== "string") return [];
  const { oneOf, check } = setting;
  if (oneOf === undefined) return wordsOf(value).flatMap((word) => check?.(word) ?? []);
  if (oneOf.includes(value.trim().toLowerCase())) return [];
  const what = `"${value}" is not possible as ${textOf(key)}`;
  return [fault("MAAS-VAL-03", "value", { what, fix: `Write one of ${oneOf.join(", ")}.` })];
}

export const configuration = defineKind({
  name: "configuration",
  type: "maas_configuration",
  title: "setting",
  construct: {
    name: "Configuration",
    isWhole: true,
    reference: "Configuration",
    example: (key) => `new Configuration(this, "setting", { key: "${key}", value: "…" })`,
    words: ({ key }) => ({ words: textOf(key).split("_") }),
  },
  doc:
    "A setting of the region about networks: DNS, NTP and network discovery. Every region has all of them, so the object is never " +
    "created: its value is set. The value that it had before the first change is remembered, and restored on destroy. " +
    "Discovery has no objects of its own in MAAS's API, only two of these settings.",
  lifecycle: "reported",
  key: { forms: ["{key}"], patterns: { key: "[a-z_]+" }, words: "its key", examples: ["upstream_dns"] },
  mayRepeat: true,
  id: { words: "the setting's key", form: /^[a-z_]+$/ },
  api: {
    collection: "configuration",
    rowId: "{key}",
    one: SETTING_CALL,
    byKey: { path: SETTING_CALL },
    idIsKey: true,
    values: KEYS,
    isCostly: true,
    strategy: true,
  },
  adoptable: false,
  isRemarkable: ({ key, value }) => (value ?? "") !== (SETTINGS[textOf(key)]?.installed ?? ""),
  check: checkSetting,
  picture: { beside: "settings", line: (said) => `${said("key")} = ${said("value")}` },
  example: { value: "10.20.0.2 2001:db8:20::2" },
  fields: {
    key: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: true,
      oneOf: KEYS,
      doc: `The setting: ${Object.entries(SETTINGS)
        .map(([name, { doc }]) => `\`${name}\` (${doc})`)
        .join(", ")}.`,
      source: SOURCE,
    },
    value: {
      type: "string",
      presence: "required",
      clearable: true,
      formField: true,
      jsonPath: true,
      format: "setting",
      doc: "Its value as text: `true` or `false` of a flag, the words of a list with blanks or commas between them, and the empty text for none.",
      source: SOURCE,
    },
  },
});
