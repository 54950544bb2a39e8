import { named } from "../facts";
import type { Pattern } from "../field";
import { defineKind, NUMBER } from "../kind";

const SOURCE = "MAAS forms/domain.py, models/domain.py, api/domains.py, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** The longest TTL of a domain: a week, in seconds. */
const WEEK_SECONDS = 604800;

const LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
const DOMAIN = `^(?:${LABEL}\\.)*${LABEL}\\.?$`;

/** MAAS's own rule for the names of domains. */
const domainName: Pattern = {
  regex: new RegExp(DOMAIN),
  inAscii: DOMAIN,
  words: "letters, digits and - in labels of at most 63, with dots between them, no label starting or ending with -",
};

export const dnsDomain = defineKind({
  name: "dns_domain",
  type: "maas_dns_domain",
  title: "DNS domain",
  construct: {
    lookUp: "fromName",
    name: "DnsDomain",
    reference: "IDnsDomain",
    example: (name) => `DnsDomain.fromName(this, "domain", "${name}")`,
    adopt: "Take over a domain of that name if the region has one.",
    properties: {
      authoritative: { default: "true" },
      ttl: { default: "- the region's own, 30 seconds unless somebody has set another" },
    },
  },
  doc:
    "A DNS domain of MAAS: a zone that MAAS's own DNS serves, with the names of the machines in it. MAAS makes one when it is " +
    "installed, `maas`, and deletes none that is the default domain, has records, or has machines in it.",
  lifecycle: "created",
  key: { forms: ["{name}"], isListed: true, words: "its name", examples: ["lab.example"] },
  id: { words: "the domain's id", form: NUMBER },
  api: {
    collection: "domains",
    create: "domains/",
    isOptional: true,
    // Another default domain is the end of the one before it.
    repeats: ["domains"],
    strategy: true,
  },
  adoptable: true,
  picture: { beside: "DNS", line: (said) => `domain ${said("name")}` },
  // MAAS makes the domain `maas` itself: untouched, it is no part of what somebody has set up.
  isRemarkable: ({ name, ttl, authoritative, is_default: isDefault }) =>
    name !== "maas" || typeof ttl === "number" || authoritative !== true || isDefault !== true,
  example: { ttl: 300 },
  facts: ({ key, attributes: { name } }) => ({ name: named(name, key) }),
  fields: {
    name: {
      type: "string",
      presence: "required",
      unique: [],
      formField: true,
      jsonPath: true,
      format: "dns-name",
      pattern: domainName,
      doc: "Name, unique in the region: `lab.example`. MAAS keeps no dot at its end.",
      source: SOURCE,
    },
    ttl: {
      type: "number",
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      min: 1,
      max: WEEK_SECONDS,
      doc: "Seconds for which answers are valid, of records without a TTL of their own. When it is not given, the region's `default_dns_ttl` holds.",
      source: SOURCE,
    },
    authoritative: {
      type: "bool",
      presence: "optional",
      formField: true,
      jsonPath: true,
      startsWith: () => true,
      doc: "Whether MAAS's DNS serves the zone itself. MAAS starts with true.",
      source: SOURCE,
    },
    is_default: {
      type: "bool",
      presence: "optional",
      jsonPath: true,
      startsWith: () => false,
      doc:
        "Whether new machines come into this domain. One domain of a region is the default: `true` takes that from the other one, and MAAS moves the " +
        "machines there along that are not in use. `false`, or a destroy, gives it to the domain that MAAS was installed with (id 0), " +
        "unless the same run makes another one the default.",
      source: SOURCE,
    },
  },
});
