// Writes the JSON Schema of the desired-state document from the field tables. `--check` writes nothing and fails when the file is stale.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { documentSchema } from "../lib/model/document/schema";

const FILE = "schema/maas-network.schema.json";
const text = `${JSON.stringify(documentSchema(), null, 2)}\n`;

if (!process.argv.includes("--check")) {
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, text);
} else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  process.stderr.write(`${FILE} is stale: run \`npm run generate\` and commit what it writes.\n`);
  process.exitCode = 1;
}
