import type * as fc from "fast-check";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { readDocument } from "../../../../lib/model/document/read";
import { type DesiredObject, desiredObjects } from "../../../../src/reconcile/engine/plan/read-live";
import { networks } from "../../../support/random-network";

/** Random networks as they are read from a file: any two have much in common. */
export const readNetworks: fc.Arbitrary<NetworkDocument> = networks.map((network) =>
  readDocument(documentText(network)),
);

/** The objects of such networks. */
export const desiredNetworks: fc.Arbitrary<DesiredObject[]> = readNetworks.map(desiredObjects);
