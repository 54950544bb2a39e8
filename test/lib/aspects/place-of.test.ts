import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { Fabric, InterfaceLink, Ipv6Subnet, Machine, MaasProvider, NodeInterface, Suppressions } from "cdktf-maas";
import ts from "typescript";
import type { ReportDocument } from "../../../lib/rules/report";
import { temporaryFolder } from "../../support/synth";
import { appOf, findingsOf } from "./network";

jest.setTimeout(60_000);

const ROOT = resolve(__dirname, "../../..");
const LIBRARY = join(ROOT, "dist/lib/index.js");

/** The 1-based line of this file that ends in the marker. */
function lineOf(marker: string): number {
  const lines = readFileSync(__filename, "utf8").split("\n");
  return lines.findIndex((line) => line.endsWith(`// ${marker}`)) + 1;
}

const HERE = relative(process.cwd(), __filename).replaceAll("\\", "/");

/** Constructs of every sort that a finding may be at, each made on a marked line. */
function build(app: App): void {
  const stack = new TerraformStack(app, "lab");
  new MaasProvider(stack, "maas", { apiUrl: "http://::1:5240/MAAS" }); // provider
  const { untagged: vlan } = new Fabric(stack, "fabric", { name: "lab" });
  const props = { vlan, gatewayIp: "fe80::1" };
  const subnets = [
    new Ipv6Subnet(stack, "v6", { ...props, cidr: "2001:db8:1::/64" }), // v6
    new Ipv6Subnet(stack, "more", { ...props, cidr: "2001:db8:2::/64" }), // more
  ];
  const machine = new Machine(stack, "node", { hostname: "node-1" });
  const networkInterface = new NodeInterface(stack, "eth0", { machine, name: "eth0" }); // interface
  for (const [index, subnet] of subnets.entries())
    new InterfaceLink(stack, `link${index}`, { networkInterface, subnet });
  for (const subnet of subnets) Suppressions.of(subnet).add({ id: "MAAS6-RNG-05", reason: "there is no rack yet" });
}

test("a finding has the line of TypeScript that made the construct, and so has what is related to it", () => {
  const app = appOf({ stackTraces: true });
  build(app);
  const findings = findingsOf(app);
  const placeOf = (id: string, path: string) =>
    findings.find((finding) => finding.id === id && finding.where.path === path)?.where;
  const at = (path: string, marker: string) => ({ path, file: HERE, line: lineOf(marker) });
  expect(placeOf("MAAS6-DUA-01", "lab/v6")).toEqual(at("lab/v6", "v6"));
  expect(placeOf("MAAS6-URL-02", "lab/maas")).toEqual(at("lab/maas", "provider"));
  expect(placeOf("MAAS6-DUA-03", "lab/eth0")).toEqual(at("lab/eth0", "interface"));
  expect(placeOf("MAAS6-SUP-04", "lab/more")).toEqual(at("lab/more", "more"));
  const machine = findings.find(({ id }) => id === "MAAS6-DUA-03");
  expect(machine?.related).toEqual([at("lab/v6", "v6"), at("lab/more", "more")]);
});

test("with stack traces off it has the path alone", () => {
  const app = appOf({ stackTraces: false });
  build(app);
  const [finding] = findingsOf(app);
  expect(Object.keys(finding?.where ?? {})).toEqual(["path"]);
});

const PROGRAM = `import { App, TerraformStack } from "cdktf";
import { Fabric, Ipv6Subnet, MaasProvider } from "cdktf-maas";

interface Props {
  readonly cidr: string;
}

class Lab extends TerraformStack {
  constructor(app: App, id: string, props: Props) {
    super(app, id);
    new MaasProvider(this, "maas");
    const { untagged: vlan } = new Fabric(this, "fabric", { name: "lab" });
    new Ipv6Subnet(this, "v6", { vlan, cidr: props.cidr }); // here
  }
}

const app = new App();
new Lab(app, "lab", { cidr: "2001:db8:1::/64" });
app.synth();
`;

/** How the compiled program is run. */
interface PlainRun {
  readonly nodeOptions?: readonly string[];
  /** Whether the TypeScript is still beside the JavaScript. */
  readonly hasSource?: boolean;
}

/** Compiles the program, runs it with plain Node, and gives the place of its refusal and the files' texts. */
function placeIn(options: ts.CompilerOptions, { nodeOptions = [], hasSource = true }: PlainRun = {}) {
  if (!existsSync(LIBRARY)) throw new Error(`${LIBRARY} is missing: run \`npm run build\` before these tests`);
  const folder = temporaryFolder();
  const { outputText, sourceMapText } = ts.transpileModule(PROGRAM, {
    fileName: "main.ts",
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, ...options },
  });
  const js = outputText
    .replace('require("cdktf")', `require(${JSON.stringify(join(ROOT, "node_modules/cdktf"))})`)
    .replace('require("cdktf-maas")', `require(${JSON.stringify(LIBRARY)})`);
  writeFileSync(join(folder, "main.js"), js);
  if (hasSource) writeFileSync(join(folder, "main.ts"), PROGRAM);
  if (sourceMapText !== undefined) writeFileSync(join(folder, "main.js.map"), sourceMapText);
  expect(() =>
    execFileSync(process.execPath, [...nodeOptions, "main.js"], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: "pipe",
    }),
  ).toThrow("MAAS6-DUA-01");
  const file = join(folder, "cdktf.out/stacks/lab/maas-ipv6-report.json");
  const { findings } = JSON.parse(readFileSync(file, "utf8")) as ReportDocument;
  const place = findings.find(({ id }) => id === "MAAS6-DUA-01")?.where;
  const text = readFileSync(join(folder, basename(place?.file ?? "")), "utf8");
  return { file: place?.file, text: text.split("\n")[(place?.line ?? 0) - 1] };
}

const text = expect.stringMatching(/new .*Ipv6Subnet\(.*\/\/ here$/) as string;

test("plain JavaScript has its own line", () => {
  expect(placeIn({})).toEqual({ file: "main.js", text });
});

test("compiled TypeScript has the line of its source, by the map beside it or in it, or by Node's own doing", () => {
  expect(placeIn({ sourceMap: true })).toEqual({ file: "main.ts", text });
  expect(placeIn({ inlineSourceMap: true })).toEqual({ file: "main.ts", text });
  const nodeOptions = ["--enable-source-maps"];
  expect(placeIn({ sourceMap: true }, { nodeOptions })).toEqual({ file: "main.ts", text });
});

test("a source map whose source is not there leaves the compiled line", () => {
  expect(placeIn({ sourceMap: true }, { hasSource: false })).toEqual({ file: "main.js", text });
});
