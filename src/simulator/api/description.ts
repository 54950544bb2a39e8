import type { Features, MaasVersion } from "../versions";
import type { Call } from "./answer";
import { json, type Reply } from "./handler";
import { describeResources } from "./routes";

/** What `GET version/` has listed for years, whatever the release. */
const CAPABILITIES = [
  "networks-management",
  "static-ipaddresses",
  "ipv6-deployment-ubuntu",
  "devices-management",
  "storage-deployment-ubuntu",
  "network-deployment-ubuntu",
  "bridging-interface-ubuntu",
  "bridging-automatic-ubuntu",
  "authenticate-api",
];

/** Calls that need no key. */
export const isAnonymous = ({ method, path }: Call, features: Features): boolean =>
  method === "GET" && (path === "version/" || path === "describe/" || (path === "openapi.yaml" && features.openapi));

export const version = ({ text }: MaasVersion): Reply =>
  json({ capabilities: CAPABILITIES, version: text, subversion: "" });

/** The API's description of itself: its resources, their paths and their calls. */
export function describe({ features }: MaasVersion, hash: string, baseUrl: string): Reply {
  const resources = describeResources(features).map(({ name, path, params, actions }) => ({
    name,
    anon: null,
    auth: { name, path, params, uri: `${baseUrl}${path}`, actions, doc: "" },
  }));
  return json({ doc: "MAAS API", hash, resources });
}

/** The OpenAPI document, as far as clients read it: the region's URL and the paths. */
export function openapi({ text, features }: MaasVersion, baseUrl: string): Reply {
  const paths = describeResources(features).map(({ path, actions }) => {
    const methods = [...new Set(actions.map((action) => action.method.toLowerCase()))];
    const lines = methods.map(
      (method) => `    ${method}:\n      responses:\n        "200":\n          description: OK`,
    );
    return `  ${path.replace("/MAAS/api/2.0", "")}:\n${lines.join("\n")}`;
  });
  const head = [
    "openapi: 3.0.0",
    "info:",
    "  title: MAAS HTTP API",
    "  description: API for managing and interacting with MAAS.",
    `  version: ${text}`,
    "servers:",
    `- url: ${baseUrl}/MAAS/api/2.0/`,
    "  description: maas API",
    "paths:",
  ];
  const body = `${[...head, ...paths].join("\n")}\n`;
  return { status: 200, contentType: "application/yaml", body };
}
