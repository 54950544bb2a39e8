// Writes all that is generated. With --check nothing is written, and what is stale fails, each with its own message.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is generated from what, and how. */
const generators = [
  ["scripts/generate-protocol.mjs"], // src/provider/protocol/*_pb.ts from the .proto files
  ["scripts/run.mjs", "scripts/generate-constructs.ts"], // lib/constructs/generated/ from the field table
  ["scripts/run.mjs", "scripts/generate-docs.ts"], // docs/provider.md, docs/resources and docs/data-sources from the field table
  ["scripts/run.mjs", "scripts/generate-rules.ts"], // RULES.md and docs/errors.md from the tables of rules and codes
  ["scripts/run.mjs", "scripts/generate-document-schema.ts"], // schema/maas-network.schema.json from the field table
  ["scripts/generate-api.mjs"], // API.md from lib/, by way of jsii
];

for (const [script, ...args] of generators) {
  const { status } = spawnSync(process.execPath, [script, ...args, ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
