import { collection, item, named, plain, requireAdmin, requirePermission, shown } from "../../api/handler";
import { column, type RowOf } from "../../model/columns";
import { badRequest, crash, Invalid, MaasError, onInvalid } from "../../model/errors";
import { checkLength, type FormField, integer, isEmpty, nullBoolean, text } from "../../model/fields";
import { type FormRules, isTaken } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";
import { readAddress } from "../../text/addresses";
import { readInteger } from "../../text/python";
import type { Features } from "../../versions";
import { checkDomainLabels } from "../names";
import { setConfig } from "../settings";
import { checkDomainName, DEFAULT_DOMAIN, defaultDomainId } from "./names";

const WEEK_SECONDS = 604800;
const LARGEST_SERIAL = 2147483647;

/** Without its last dot. @throws Invalid with every message */
function checkName(value: unknown, { store }: Region): unknown {
  const name = (value as string).trim().replace(/\.+$/, "");
  const messages: string[] = [];
  for (const check of [
    () => checkDomainName(store, name),
    () => checkDomainLabels(name),
    () => checkLength(name, 256),
  ]) {
    onInvalid(check, (invalid) => messages.push(...invalid.messages));
  }
  if (messages.length > 0) throw Invalid.whole(...messages);
  return name;
}

const columns = {
  name: column<string>({ field: text({ required: true, maxLength: 256 }), check: checkName }),
  authoritative: column<boolean | null>({ field: nullBoolean, default: true, blank: true }),
  ttl: column<number | null>({
    field: integer({ min: 1, max: WEEK_SECONDS }),
    default: null,
    blank: true,
    nullable: true,
  }),
};

export type DomainColumns = typeof columns;
export type DomainRow = RowOf<DomainColumns>;

/** A list of addresses with optional ports, blank or comma separated. */
const forwardServers: FormField = {
  required: false,
  type: "list",
  clean(value) {
    if (isEmpty(value)) return null;
    const servers = String(value as string)
      .split(/[,\s]+/)
      .filter((server) => server !== "");
    for (const server of servers) {
      const host = /^\[(.+)\]:\d+$/.exec(server)?.[1] ?? (server.includes(".") ? server.replace(/:\d+$/, "") : server);
      if (readAddress(host) !== undefined) continue;
      throw Invalid.whole(
        `Invalid IP and port combination: ${server};please provide a list of space-separated IP addresses `,
      );
    }
    return servers;
  },
};

const rules: FormRules<DomainRow> = {
  parameters: { forward_dns_servers: forwardServers },
  cleanForm(form) {
    const given = form.get("authoritative") ?? form.draft.authoritative;
    if (given === true && !isEmpty(form.get("forward_dns_servers"))) {
      throw Invalid.whole("a domain cannot be both authoritative and have forward dns servers");
    }
  },
  unique(form, except) {
    const { name } = form.draft;
    if (name === undefined || except.has("name") || !isTaken(form, form.table.by("name", name))) return undefined;
    return ["name", "Domain with this Name already exists."];
  },
  write(form) {
    const domain = form.writeTo(form.live ?? form.table.insert(form.draft));
    adoptResource(form.region.store, domain);
    return domain;
  },
};

/** A resource of the parent domain that has this domain's name becomes the top of this domain. */
function adoptResource(store: Store, domain: DomainRow): void {
  const [label, ...rest] = domain.name.split(".");
  const parent = store.domains.by("name", rest.join("."))[0];
  if (parent === undefined) return;
  for (const resource of store.dns_resources.by("domain", parent.id)) {
    if (resource.name === label) store.dns_resources.update(resource, { name: "@", domain: domain.id });
  }
}

/** A DNS domain. */
export const domains: Resource<DomainRow> = defineResource({
  model: "Domain",
  path: "domains",
  columns,
  firstId: 0,
  indexes: ["name"],
  specifiers: {
    byText: ({ domains }, text) => domains.by("name", text),
    prefixes: { name: ({ domains }, text) => domains.by("name", text) },
  },
  key: { of: ({ name }) => name, find: ({ domains }, name) => domains.by("name", name)[0] },
  seed: { live: ({ domains }, { name }) => domains.by("name", String(name))[0], isAfterNodes: true },
  rules,
  json: (domain, { region: { store, version } }) => ({
    resource_record_count: recordCount(store, version.features, domain),
    is_default: defaultDomainId(store) === domain.id,
  }),
  remove({ store }, domain) {
    if (defaultDomainId(store) === domain.id) {
      throw badRequest("This domain is the default domain, it cannot be deleted.");
    }
    if (store.dns_resources.hasBy("domain", domain.id) || store.nodes.all().some((it) => it.domain === domain.id)) {
      throw crash(
        "Cannot delete some instances of model 'Domain' because they are referenced through protected foreign keys.",
      );
    }
    store.domains.delete(domain);
  },
  endpoints: {
    "domains/": {
      ...collection("domains"),
      "POST set_serial"(request) {
        requireAdmin(request);
        checkSerial(request.data.text("serial"));
        return plain("");
      },
    },
    "domains/{id}/": {
      ...item("domains"),
      "POST set_default"(request) {
        const row = named(request, "domains");
        requirePermission(request);
        makeDefault(request.region.store, row);
        return shown(request, request.region.store.domains, row);
      },
    },
  },
});

function checkSerial(given: string | undefined): void {
  const refuse = (message: string) => new MaasError(400, "application/json", JSON.stringify({ serial: message }));
  if (given === undefined) throw refuse("Missing parameter");
  const serial = readInteger(given);
  if (serial === undefined) throw refuse("Expected a serial number");
  if (serial === 0 || serial > LARGEST_SERIAL) {
    throw refuse(`Expected a serial number between 1 and ${LARGEST_SERIAL}`);
  }
}

/** Deployed, deploying, allocated, releasing and the like, and booted for commissioning, tests or rescue. */
const STATES_IN_USE = new Set([1, 6, 9, 10, 11, 12, 13, 14, 15, 17, 21]);

/** Nodes that are in use keep their domain. */
function makeDefault(store: Store, domain: DomainRow): void {
  const previous = defaultDomainId(store);
  for (const node of store.nodes.all()) {
    if (node.domain === previous && !STATES_IN_USE.has(node.status)) store.nodes.update(node, { domain: domain.id });
  }
  setConfig(store, DEFAULT_DOMAIN, domain.id);
}

/** How many records the domain holds: addresses and other data. */
function recordCount(store: Store, features: Features, domain: DomainRow): number {
  const resources = store.dns_resources.by("domain", domain.id);
  const addresses = resources.flatMap((resource) => resource.ip_addresses);
  const data = resources.flatMap((resource) => store.dns_records.by("dnsresource", resource.id));
  return (features.addressesCountedOnce ? new Set(addresses).size : addresses.length) + data.length;
}
