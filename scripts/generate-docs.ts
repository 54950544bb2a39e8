// Writes docs/provider.md and the pages of all resources and data sources from the field table.
// `--check` writes nothing and fails when a file is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageRoot, PROVIDER } from "../lib/constructs/internal/facts";
import { KINDS } from "../lib/model/kinds";
import { PROVIDER_BLOCK } from "../src/provider/schema";
import { GENERATED, type Page, reference } from "./docs/page";
import { dataSourcePages, resourcePages } from "./docs/pages";

const { engines } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
  engines: { node: string };
};
const NODE = engines.node.replace(">=", "");

/** The folders that hold generated pages and nothing else. */
const FOLDERS = ["docs/resources", "docs/data-sources"];

/** The texts that MAAS can empty. */
const emptied = Object.values(KINDS)
  .flatMap(({ type, fields }) => fields.map((field) => ({ ...field, resource: type })))
  .filter(({ type, clearable }) => type === "string" && clearable === true)
  .map(({ resource: owner, name }) => `\`${owner}.${name}\``)
  .join(", ");

/** What the provider needs on the machine. The example is tested with the real Terraform. */
const whereTerraformRuns = [
  "## Where Terraform runs",
  "",
  `**Node.js ${NODE} or later** must be on the PATH of Terraform, on runners and in containers too: the plugin is a Node program. Where it is missing or older, the plugin says so in the line that Terraform quotes (\`Unrecognized remote plugin message: …\`); what Terraform adds about an architecture is a guess of its own.`,
  "",
  "**Without Node, and on Windows**, the plugin is [a single executable](guides/getting-started.md#without-node-and-on-windows). `MaasProvider` places the script beside the stack; with `pluginExecutables` it places the executables of a folder, and the script for the platforms that the folder does not have. `npx cdktf-maas install-plugin` places the script too, with `--executables` the executables, and says which it was. The lock entry may have the hashes of all of them.",
  "",
  "**A `provider_installation` block** in the CLI configuration (`~/.terraformrc`, or the file that `TF_CLI_CONFIG_FILE` names) switches off Terraform's look into the stack's folder, where the plugin is. Keep the block, add that folder for this provider alone, and exclude its address from the others:",
  "",
  "```hcl",
  "provider_installation {",
  "  filesystem_mirror {",
  '    path    = "terraform.d/plugins" # of the stack\'s folder, where cdktf runs Terraform',
  `    include = ["${PROVIDER.source.split("/")[0] ?? ""}/*/*"]`,
  "  }",
  "  direct { # or the network_mirror that you have",
  `    exclude = ["${PROVIDER.source.split("/")[0] ?? ""}/*/*"]`,
  "  }",
  "}",
  "```",
  "",
  "**Proxies**: `HTTPS_PROXY` and `HTTP_PROXY` are used for `https` and `http` regions. `NO_PROXY` has entries with commas or blanks between them: a host with all that is below it (`example.com` or `.example.com`), a pattern (`*.example.com`, `10.0.*`), an address, a network (`10.0.0.0/8`, `fd00::/8`), or `*` for all. A host or an address may have a port (`region.example:5240`). Lower case wins, as in curl.",
  "",
];

const pages = { resources: resourcePages(), dataSources: dataSourcePages() };

const links = (list: readonly Page[]): string[] => [
  ...list.map(({ file }) => {
    const path = file.replace("docs/", "");
    return `- [\`maas_${path.replace(/^.*\/|\.md$/g, "")}\`](${path})`;
  }),
  "",
];

const provider = [
  `<!-- ${GENERATED} -->`,
  "",
  "# The Terraform provider",
  "",
  `The constructs place it in the stack's folder at synth, so it needs no registry. Its source address is \`${PROVIDER.source}\`; the top-level domain is reserved and never resolves.`,
  "",
  "Attributes marked *read back* keep what the region has while the configuration does not set them; one that is taken out of the configuration is emptied where MAAS can empty it. After an import every value that the region has counts as configured, so that the plan of the import shows what is emptied. A state of canonical/maas goes on under this provider: see [Moving from canonical/maas](migrating-from-canonical-maas.md).",
  "",
  "Attributes of an attribute reference can't be set: `terraform validate` refuses them, in resources and in data sources, and says what to use instead.",
  "",
  `An empty string clears the attribute: \`gateway_ip = ""\` removes the gateway and keeps it removed. MAAS can empty ${emptied}; for \`space\` its own word \`undefined\` means the same. What it cannot empty, such as the \`class_type\` of a fabric and the \`comment\` of a range, can't be \`""\`: \`terraform validate\` says so.`,
  "",
  ...whereTerraformRuns,
  "## Configuration",
  "",
  ...reference(PROVIDER_BLOCK).slice(2),
  "## Resources",
  "",
  ...links(pages.resources),
  "## Data sources",
  "",
  ...links(pages.dataSources),
].join("\n");

const wanted = new Map<string, string>(
  [{ file: "docs/provider.md", text: provider }, ...pages.resources, ...pages.dataSources].map(({ file, text }) => [
    file,
    text,
  ]),
);
const gone = FOLDERS.flatMap((folder) =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
).filter((file) => !wanted.has(file));

if (process.argv.includes("--check")) {
  const stale = [...wanted].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text);
  for (const file of [...gone, ...stale.map(([name]) => name)]) {
    process.stderr.write(`${file} is stale: run \`npm run generate\` and commit what it writes.\n`);
    process.exitCode = 1;
  }
} else {
  for (const file of gone) rmSync(file);
  for (const [file, text] of wanted) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
