import type { FieldMessages } from "../errors";
import type { Params } from "../params";
import type { Region } from "../region";
import type { DomainRow } from "../store/rows";
import { readAddress } from "../text/addresses";
import { checkLength, type FormField, integer, isEmpty, nullBoolean, text } from "./fields";
import { checkDomainLabels, checkDomainName } from "./dns-names";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const WEEK_SECONDS = 604800;

/** A list of addresses with optional ports, blank or comma separated. */
const forwardServers: FormField = {
  required: false,
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

/** Creating and editing DNS domains. */
export class DomainForm extends ModelForm<DomainRow> {
  protected override readonly fields = {
    name: text({ required: true, maxLength: 256 }),
    authoritative: nullBoolean,
    ttl: integer({ min: 1, max: WEEK_SECONDS }),
    forward_dns_servers: forwardServers,
  };
  protected override readonly nullable = new Set(["ttl"]);
  protected override readonly columns: Record<string, Column<DomainRow>> = {
    name: { key: "name", check: (value) => this.checkName(value as string) },
    authoritative: { key: "authoritative", blank: true, hasDefault: true },
    ttl: { key: "ttl", blank: true, hasDefault: true },
  };

  constructor(region: Region, data: Params, instance?: DomainRow) {
    super(
      region,
      data,
      instance,
      { authoritative: true, ttl: null },
      {
        name: instance?.name,
        authoritative: instance?.authoritative,
        ttl: instance?.ttl,
      },
    );
  }

  private checkName(value: string): string {
    const name = value.trim().replace(/\.+$/, "");
    const messages: string[] = [];
    for (const check of [
      () => checkDomainName(this.region.store, name),
      () => checkDomainLabels(name),
      () => checkLength(name, 256),
    ]) {
      try {
        check();
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        messages.push(...error.messages);
      }
    }
    if (messages.length > 0) throw Invalid.whole(...messages);
    return name;
  }

  protected override cleanForm(): void {
    const given = this.cleaned.get("authoritative") ?? this.draft.authoritative;
    if (given === true && !isEmpty(this.cleaned.get("forward_dns_servers"))) {
      throw Invalid.whole("a domain cannot be both authoritative and have forward dns servers");
    }
  }

  protected override uniquenessMessages(except: ReadonlySet<string>): FieldMessages {
    const { name, id } = this.draft;
    if (name === undefined || except.has("name")) return {};
    const others = this.region.store.domains.by("name", name).filter((domain) => domain.id !== id);
    return others.length === 0 ? {} : { name: ["Domain with this Name already exists."] };
  }

  protected override write(): DomainRow {
    const { store } = this.region;
    const values = this.draft as Omit<DomainRow, "id">;
    const domain = this.instance ?? store.domains.insert(values);
    store.domains.update(domain, values);
    this.adoptResource(domain);
    return domain;
  }

  /** A resource of the parent domain that has this domain's name becomes the top of this domain. */
  private adoptResource(domain: DomainRow): void {
    const { store } = this.region;
    const [label, ...rest] = domain.name.split(".");
    const parent = store.domains.by("name", rest.join("."))[0];
    if (parent === undefined) return;
    for (const resource of store.dnsResources.by("domain", parent.id)) {
      if (resource.name === label) store.dnsResources.update(resource, { name: "@", domainId: domain.id });
    }
  }
}
