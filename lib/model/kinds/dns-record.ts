import { checkDnsRecord } from "../checks/dns-record";
import { ADDRESS_RECORD, fqdnOf, LARGEST_TTL, RECORD_TYPES, recordType, wordsIn } from "../dns";
import { defineKind } from "../kind";
import type { Values } from "../known";
import { textOf, tryText } from "../text";
import { domainsAround, RECORD_ROW, recordRows, RESOURCE_ROW } from "./dns-rows";

const SOURCE =
  "MAAS api/dnsresources.py, api/dnsresourcerecords.py, forms/dnsresource.py, models/dnsdata.py, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** Types of which a name has one record at most. */
const ONE_PER_NAME = `(?:${ADDRESS_RECORD}|CNAME)`;

const byFullName = ({ type = "", fqdn = "", data }: Readonly<Record<string, string>>): string =>
  `${type}:${fqdn}${data === undefined ? "" : ` ${data}`}`;

/** MAAS keeps those of a record as reserved. */
const addresses = ({ type, data }: Values): string[] =>
  recordType(tryText(type) ?? "") === ADDRESS_RECORD ? wordsIn(tryText(data) ?? "") : [];

export const dnsRecord = defineKind({
  name: "dns_record",
  type: "maas_dns_record",
  title: "DNS record",
  titleOf: ({ type }) => `${recordType(textOf(type))} record`,
  construct: {
    name: "DnsRecord",
    isWhole: true,
    reference: "DnsRecord",
    example: (key) => {
      const [, type = "", name = "", domain = "", data = ""] = /^(\S+) (\S+) in ([^:\s]+)(?:: (.*))?$/s.exec(key) ?? [];
      const rest = data === "" ? "data, adoptExisting: true" : `data: ${JSON.stringify(data)}, adoptExisting: true`;
      return `new DnsRecord(this, "record", { type: "${type}", name: "${name}", domain: DnsDomain.fromName(this, "domain", "${domain}"), ${rest} })`;
    },
    words: ({ type, name, data }, of) => ({
      words: [...of("domain"), textOf(name), recordType(textOf(type))],
      apart: textOf(data),
    }),
    adopt:
      "Take over a record of that type at that name if the region has one; of MX, NS, SRV, SSHFP and TXT records, of which a name may have several, the one with that data.",
    properties: {
      fqdn: { presence: "computed", doc: "The full name of the record." },
      name: { presence: "required" },
      domain: { presence: "required", doc: "The domain that the name is in." },
      ttl: { default: "- the domain's own" },
    },
  },
  doc:
    "A DNS record of MAAS: the addresses of a name, of both families in one record, or one record of another type. MAAS keeps an " +
    "address that it does not know as reserved, and assigns it to no machine. The reverse names of addresses in subnets of MAAS " +
    "are made by MAAS itself, see `rdns_mode` of `maas_subnet`. Other records at the name stay when one is deleted.",
  lifecycle: "created",
  key: {
    forms: [
      { text: "{type} {name} in {domain}", only: { type: ONE_PER_NAME } },
      { text: "{type} {name} in {domain}: {data}", only: { type: `(?!${ONE_PER_NAME}$).+` } },
    ],
    patterns: { type: String.raw`\S+`, name: String.raw`\S+`, domain: String.raw`[^:\s]+` },
    words: "TYPE:FQDN, as canonical/maas has it, with the data after a blank where the name has several of that type",
    examples: ["A/AAAA:www.lab.example", "MX:lab.example 10 mail.lab.example."],
    alternative: { by: "fqdn", insteadOf: ["name", "domain"], text: byFullName },
  },
  mayRepeat: true,
  id: { words: "TYPE:NUMBER, the record's type and MAAS's id of it", form: /^(?:A\/AAAA|[A-Z]+):\d+$/ },
  api: {
    collection: "dnsresources",
    one: (id) => {
      const [type = "", number = ""] = id.split(":");
      return `${type === ADDRESS_RECORD ? "dnsresources" : "dnsresourcerecords"}/${number}/`;
    },
    create: "dnsresources/",
    isOptional: true,
    row: RESOURCE_ROW,
    parts: {
      with: "domains",
      of: (row, domains) => recordRows(row, domainsAround(domains)),
      rows: { dnsresourcerecords: RECORD_ROW },
    },
    repeats: ["domains", "subnets"],
    strategy: true,
  },
  adoptable: true,
  picture: { beside: "DNS", line: (said) => `${fqdnOf(said("name"), said("domain"))} ${said("type")} ${said("data")}` },
  document: {
    key: {
      words: "TYPE NAME in DOMAIN, with the data after a colon where a name may have several records of the type",
      examples: ["A/AAAA www in lab.example", "MX @ in lab.example: 10 mail.lab.example."],
    },
    overrides: { fqdn: { presence: "computed" }, name: { presence: "required" }, domain: { presence: "required" } },
  },
  check: checkDnsRecord,
  example: { data: "10.20.0.5 2001:db8:20::5", ttl: 300 },
  fields: {
    type: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      formField: "rrtype",
      jsonPath: true,
      format: "dns-type",
      oneOf: RECORD_TYPES,
      doc:
        "`A/AAAA`, `CNAME`, `MX`, `NS`, `SRV`, `SSHFP` or `TXT`. `A` and `AAAA` are `A/AAAA` with addresses of one family only: " +
        "MAAS has one record of addresses for each name.",
      source: SOURCE,
    },
    data: {
      type: "string",
      presence: "required",
      formField: "rrdata",
      jsonPath: true,
      format: "dns-data",
      addresses,
      doc:
        "What the name leads to: of `A/AAAA` one or more addresses, with blanks between them; of `CNAME` and `NS` a name; of `MX` " +
        "`PREFERENCE NAME`; of `SRV` `PRIORITY WEIGHT PORT NAME`; of `SSHFP` `ALGORITHM TYPE FINGERPRINT`; of `TXT` any text. " +
        "A dot at the end of such a name says that it is whole.",
      source: SOURCE,
    },
    fqdn: {
      type: "string",
      presence: "optional",
      requiresReplace: true,
      jsonPath: true,
      format: "dns-name",
      doc: "The full name of the record, in place of `name` and `domain`: `www.lab.example`. The region must have the domain, or this run makes it.",
      source: SOURCE,
    },
    name: {
      type: "string",
      presence: "optional",
      requiresReplace: true,
      formField: true,
      jsonPath: true,
      format: "dns-name",
      doc: "The name of the record in its domain: `www`, `@` for the domain itself, `*` for all names that there are not.",
      source: SOURCE,
    },
    domain: {
      type: "string",
      presence: "optional",
      requiresReplace: true,
      formField: true,
      jsonPath: "domain.id",
      references: "dns_domain",
      doc: "The domain that the name is in: its id or its name.",
      source: SOURCE,
    },
    ttl: {
      type: "number",
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      min: 0,
      max: LARGEST_TTL,
      doc: "Seconds for which the answer is valid; 0 = not to be kept. When it is not given, the domain's TTL holds. Records of one type at one name should have the same.",
      source: SOURCE,
    },
  },
});
