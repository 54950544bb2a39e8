import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { type DataSource, LOOKUPS, singular } from "./data-source";
import { plural } from "./plural-data-source";
import { network } from "./network-data-source";
import { subnetAddresses } from "./subnet-addresses";

/** Every data source, by its type: for each kind one that looks an object up and one that lists them, and those of the region. */
export const DATA_SOURCES: ReadonlyMap<string, DataSource> = new Map(
  [...LOOKUPS.map(singular), ...Object.values<Kind>(KINDS).map(plural), network, subnetAddresses].map(
    (source) => [source.type, source] as const,
  ),
);
