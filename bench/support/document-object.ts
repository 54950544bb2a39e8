import type { DocumentObject } from "../../lib/model/document";
import type { Attributes } from "../../lib/model/known";

/** An object that a document makes. */
export const object = (key: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `bench/${key}`, origin: "create", attributes },
});
