import { asText } from "../../api/params";
import { crash, Invalid } from "../../model/errors";
import { type FormField, isEmpty } from "../../model/fields";
import type { FormRules } from "../../model/form";
import { readInteger } from "../../text/python";
import { defaultDomainId } from "../dns/names";
import { randomHostname } from "./names";
import type { NodeRow } from "./node";

/** A domain by its id or its name; empty is "not given". */
export const domainChoice: FormField = {
  required: false,
  type: "reference",
  clean(value, { store }) {
    if (isEmpty(value)) return null;
    const given = asText(value).trim();
    const id = readInteger(given);
    if (id !== undefined) {
      const domain = store.domains.get(id);
      if (domain === undefined) throw crash("Domain matching query does not exist.");
      return domain;
    }
    const named = store.domains.by("name", given)[0];
    if (named === undefined) throw Invalid.whole(`Unable to find domain ${given}`);
    return named;
  },
};

/** MAAS's rules for the nodes whose form sets these columns. */
export const nodeRules = (only: readonly (keyof NodeRow)[]): FormRules<NodeRow> => ({
  only,
  /** A hostname with dots is the full name of the node, in a domain that is there. */
  cleanModel({ draft, region: { store } }) {
    const [host = "", ...rest] = (draft.hostname ?? "").split(".");
    if (rest.length === 0) {
      draft.domain ??= defaultDomainId(store);
      return;
    }
    const domain = store.domains.by("name", rest.join("."))[0];
    if (domain === undefined) throw Invalid.field("hostname", "Nonexistant domain.");
    Object.assign(draft, { hostname: host, domain: domain.id });
  },
  unique({ draft, table }, except) {
    const { hostname, id } = draft;
    if (!hostname || except.has("hostname")) return undefined;
    const isTaken = table.all().some((node) => node.hostname === hostname && node.id !== id);
    return isTaken ? ["hostname", "Node with this Hostname already exists."] : undefined;
  },
  beforeSave({ draft, region: { store } }) {
    if (isEmpty(draft.hostname)) draft.hostname = randomHostname(store);
  },
});
