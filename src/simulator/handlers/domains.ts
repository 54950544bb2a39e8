import { badRequest, crash, MaasError } from "../errors";
import { DomainForm } from "../forms/domain";
import { DEFAULT_DOMAIN, defaultDomainId } from "../models/domain";
import { find } from "../models/lookup";
import { readInteger } from "../text/python";
import { showDomain } from "../view/domain";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, plain, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "domain", part(request, "id"));

const LARGEST_SERIAL = 2147483647;

/** Deployed, deploying, allocated, releasing and the like, and booted for commissioning, tests or rescue. */
const STATES_IN_USE = new Set([1, 6, 9, 10, 11, 12, 13, 14, 15, 17, 21]);

/** Nodes that are in use keep their domain when another becomes the default one. */
const isInUse = (status: number) => STATES_IN_USE.has(status);

export const domains: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.domains.all().map((domain) => showDomain(view, domain)));
  },
  POST(request) {
    requireAdmin(request);
    return json(showDomain(viewOf(request), new DomainForm(request.region, request.data).save()));
  },
  "POST set_serial"(request) {
    requireAdmin(request);
    const given = request.data.text("serial");
    const refuse = (message: string) => new MaasError(400, "application/json", JSON.stringify({ serial: message }));
    if (given === undefined) throw refuse("Missing parameter");
    const serial = readInteger(given);
    if (serial === undefined) throw refuse("Expected a serial number");
    if (serial === 0 || serial > LARGEST_SERIAL) {
      throw refuse(`Expected a serial number between 1 and ${LARGEST_SERIAL}`);
    }
    return plain("");
  },
};

export const domain: Handlers = {
  GET: (request) => json(showDomain(viewOf(request), named(request))),
  PUT(request) {
    const row = named(request);
    requirePermission(request);
    return json(showDomain(viewOf(request), new DomainForm(request.region, request.data, row).save()));
  },
  "POST set_default"(request) {
    const row = named(request);
    requirePermission(request);
    const { store } = request.region;
    const previous = defaultDomainId(store);
    for (const node of store.nodes.all()) {
      if (node.domainId === previous && !isInUse(node.status)) store.nodes.update(node, { domainId: row.id });
    }
    store.setConfig(DEFAULT_DOMAIN, row.id);
    return json(showDomain(viewOf(request), row));
  },
  DELETE(request) {
    const row = named(request);
    requirePermission(request);
    const { store } = request.region;
    if (defaultDomainId(store) === row.id) {
      throw badRequest("This domain is the default domain, it cannot be deleted.");
    }
    const isUsed = store.dnsResources.hasBy("domain", row.id) || store.nodes.all().some((it) => it.domainId === row.id);
    if (isUsed) {
      throw crash(
        "Cannot delete some instances of model 'Domain' because they are referenced through protected foreign keys.",
      );
    }
    store.domains.delete(row);
    return deleted;
  },
};
