import { defaultDomainId, recordCount } from "../models/domain";
import type { DomainRow } from "../store/rows";
import { API_PATH, type Json, type View } from "./view";

/** A DNS domain. */
export function showDomain({ region: { store, version } }: View, domain: DomainRow): Json {
  return {
    authoritative: domain.authoritative,
    ttl: domain.ttl,
    resource_record_count: recordCount(store, version.features, domain),
    name: domain.name,
    is_default: defaultDomainId(store) === domain.id,
    id: domain.id,
    resource_uri: `${API_PATH}domains/${domain.id}/`,
  };
}
