import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack, TerraformVariable } from "cdktf";
import { ApplyCarrier, ApplyGuard, ApplyStep, type ApplyStepProps, DynamicRange, Fabric, MaasEngine } from "cdktf-maas";
import {
  block,
  messageOf,
  synth,
  type SynthesisedBlock,
  type SynthesisedStack,
  temporaryFolder,
} from "../../../support/synth";
import { network, regionOf } from "./lab";

const { APPLY_STEP, PROVIDER } = MaasEngine;

/** The built library. */
const LIBRARY = resolve(__dirname, "../../../../dist/lib");

interface Run {
  readonly command: string;
  readonly environment?: Record<string, string>;
  readonly when?: string;
  readonly working_dir: string;
}

/** One of the step's resources; the one that is named like the step comes last. */
function resourceOf({ resource }: SynthesisedStack, part: "claim" | "record" | "last"): SynthesisedBlock {
  const names = Object.keys(resource.null_resource ?? {});
  const name = part === "last" ? "apply" : names.find((other) => other.startsWith(`apply_${part}_`));
  return block(resource, "null_resource", name ?? "");
}

const runsOf = (stack: SynthesisedStack, part: "claim" | "record" | "last"): Run[] =>
  (resourceOf(stack, part).provisioner as { "local-exec": Run }[]).map((provisioner) => provisioner["local-exec"]);

const commandsOf = (stack: SynthesisedStack, part: "claim" | "record" | "last"): string[] =>
  runsOf(stack, part).map(({ command, when }) => `${when ?? "create"}: ${command}`);

const stepOf = (engine: MaasEngine, props: ApplyStepProps = {}): SynthesisedStack =>
  synth((stack) => {
    regionOf(stack, engine);
    network(stack);
    new ApplyStep(stack, "apply", props);
  });

test("as the engine it claims, records and applies, each after the other", () => {
  const stack = stepOf(APPLY_STEP);
  expect(commandsOf(stack, "claim")).toEqual([
    "create: node cdktf-maas-apply.js plan maas-network.json --guard --record none",
    "destroy: node cdktf-maas-apply.js destroy maas-network.json --record none --yes",
  ]);
  expect(commandsOf(stack, "record")).toEqual([
    "destroy: node cdktf-maas-apply.js apply maas-network.json --existing-only --record env:MAAS_NETWORK_RECORD --yes",
  ]);
  expect(commandsOf(stack, "last")).toEqual([
    "create: node cdktf-maas-apply.js apply maas-network.json --record env:MAAS_NETWORK_RECORD --yes",
    "create: node cdktf-maas-apply.js verify maas-network.json",
  ]);
  expect(resourceOf(stack, "claim").depends_on).toBeUndefined();
  expect(resourceOf(stack, "record").depends_on).toEqual([expect.stringMatching(/^null_resource\.apply_claim_/)]);
  expect(resourceOf(stack, "last").depends_on).toEqual([expect.stringMatching(/^null_resource\.apply_record_/)]);
});

test("a destroy is given nothing that Terraform does not keep with the resource itself", () => {
  const stack = stepOf(APPLY_STEP);
  const [prune] = runsOf(stack, "record");
  expect(prune?.working_dir).toBe("${path.module}");
  expect(prune?.environment).toMatchObject({ MAAS_NETWORK_RECORD_0: '${try(self.triggers.record_0, "")}' });
  expect(Object.keys(prune?.environment ?? {})).toHaveLength(8);
  const [apply] = runsOf(stack, "last");
  expect(apply?.environment?.MAAS_NETWORK_RECORD_7).toMatch(
    /^\$\{try\(null_resource\.apply_record_\w+\.triggers\.record_7, ""\)\}$/,
  );
});

test("with the provider as the engine it comes after all objects, whenever they were made, and only heals and waits", () => {
  const stack = synth((scope) => {
    regionOf(scope, PROVIDER);
    const other = new Resource(scope, "other");
    new ApplyStep(scope, "apply", { dependsOn: [other] });
    const { v4 } = network(scope);
    new DynamicRange(scope, "pool", { subnet: v4, startIp: "10.0.0.100", endIp: "10.0.0.199" });
  });
  expect(commandsOf(stack, "last")).toEqual([
    "create: node cdktf-maas-apply.js apply maas-network.json --record none --force existing --yes",
    "create: node cdktf-maas-apply.js verify maas-network.json",
  ]);
  const made = Object.entries(stack.resource)
    .filter(([type]) => type.startsWith("maas_"))
    .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`));
  expect(made).toContainEqual(expect.stringMatching(/^maas_subnet_ip_range\.v4_static-ranges_/));
  const { depends_on: dependsOn } = resourceOf(stack, "last") as { depends_on: string[] };
  expect([...dependsOn].sort()).toEqual(["null_resource.other", ...made].sort());
  expect(Object.keys(stack.resource.null_resource ?? {})).toEqual(["apply", "other"]);
});

test("it runs when the document changes, and on every run if that is asked for", () => {
  const triggersOf = (cidr: string, everyRun: boolean): unknown =>
    resourceOf(
      synth((stack) => {
        regionOf(stack, APPLY_STEP);
        network(stack, cidr);
        new ApplyStep(stack, "apply", { everyRun });
      }),
      "last",
    ).triggers;
  const first = triggersOf("10.0.0.0/24", false);
  expect(first).toEqual({ document: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
  expect(triggersOf("10.0.0.0/24", false)).toEqual(first);
  expect(triggersOf("10.1.0.0/24", false)).not.toEqual(first);
  expect(triggersOf("10.0.0.0/24", true)).toEqual({ ...(first as object), run: "${timestamp()}" });
});

test("its properties become options of the runs that they are for", () => {
  const stack = stepOf(APPLY_STEP, {
    maxDeletions: 3,
    timeoutSeconds: 90,
    force: [ApplyGuard.EXISTING, ApplyGuard.FOREIGN],
  });
  expect([...commandsOf(stack, "claim"), ...commandsOf(stack, "record"), ...commandsOf(stack, "last")]).toEqual([
    "create: node cdktf-maas-apply.js plan maas-network.json --guard --record none --force existing --force foreign",
    "destroy: node cdktf-maas-apply.js destroy maas-network.json --record none --force existing --force foreign --yes",
    "destroy: node cdktf-maas-apply.js apply maas-network.json --existing-only --record env:MAAS_NETWORK_RECORD --max-deletions 3 --force existing --force foreign --yes",
    "create: node cdktf-maas-apply.js apply maas-network.json --record env:MAAS_NETWORK_RECORD --max-deletions 3 --force existing --force foreign --yes",
    "create: node cdktf-maas-apply.js verify maas-network.json --timeout 90",
  ]);
});

test("how the provider reaches the region becomes options and environment; the key only where it is no part of the state", () => {
  const stack = synth((scope) => {
    const key = new TerraformVariable(scope, "key", { sensitive: true });
    const tls = { tlsCaCertPath: "/etc/ssl/maas ca.pem", tlsInsecureSkipVerify: true };
    regionOf(scope, APPLY_STEP, { apiKey: key.stringValue, ...tls });
    network(scope);
    new ApplyStep(scope, "apply");
  });
  const runs = (["claim", "record", "last"] as const).flatMap((part) => runsOf(stack, part));
  for (const { command, environment, when } of runs) {
    expect(command).toContain(" --insecure");
    expect(environment?.MAAS_API_CACERT).toBe("/etc/ssl/maas ca.pem");
    expect(environment?.MAAS_API_KEY).toBe(when === "destroy" ? undefined : "${var.key}");
  }
  const triggers = JSON.stringify([resourceOf(stack, "record").triggers, resourceOf(stack, "last").triggers]);
  expect(triggers).not.toContain("var.key");
});

test("a URL that only Terraform knows is given to the step when the provider is the engine", () => {
  const stack = synth((scope) => {
    regionOf(scope, PROVIDER, { apiUrl: new TerraformVariable(scope, "url", {}).stringValue });
    network(scope);
    new ApplyStep(scope, "apply");
  });
  for (const { environment } of runsOf(stack, "last")) expect(environment).toEqual({ MAAS_API_URL: "${var.url}" });
});

describe("an apply step is refused", () => {
  const refusal = (build: (stack: TerraformStack) => void): string => messageOf(() => synth(build));

  test.each([
    [APPLY_STEP, "use MaasEngine.PROVIDER"],
    [PROVIDER, "leave out the ApplyStep"],
  ])("where a value is a token, with its place and the way out: %s", (engine, wayOut) => {
    const message = refusal((stack) => {
      regionOf(stack, engine);
      new Fabric(stack, "fabric", { name: new TerraformVariable(stack, "name", {}).stringValue });
      new ApplyStep(stack, "apply");
    });
    expect(message).toContain("[lab/apply] name of lab/fabric is a token");
    expect(message).toContain(wayOut);
  });

  test("where it is the engine and a destroy could not reach the region", () => {
    const message = refusal((stack) => {
      const token = new TerraformVariable(stack, "v", {}).stringValue;
      regionOf(stack, APPLY_STEP, { apiUrl: token, tlsCaCertPath: token });
      new ApplyStep(stack, "apply");
    });
    expect(message).toContain("apiUrl of lab/maas is a token");
    expect(message).toContain("tlsCaCertPath of lab/maas is a token");
    expect(message).toContain("set MAAS_API_CACERT where Terraform runs");
  });

  test("where the region has one already", () => {
    const message = refusal((stack) => {
      regionOf(stack, PROVIDER);
      new ApplyStep(stack, "apply");
      new ApplyStep(stack, "again");
    });
    expect(message).toContain("[lab/again] this apply step can't be right");
    expect(message).toContain("provider: lab/apply applies this region already");
  });

  test("where there is no region", () => {
    expect(refusal((stack) => new ApplyStep(stack, "apply"))).toContain("Make one before the apply step");
  });

  test.each([{ maxDeletions: -1 }, { timeoutSeconds: 1.5 }])("with %j", (props) => {
    const message = refusal((stack) => {
      regionOf(stack, PROVIDER);
      new ApplyStep(stack, "apply", props);
    });
    expect(message).toContain(`${Object.keys(props)[0]}: this is not a whole number of 0 or more`);
  });

  test("where the document is larger than Terraform's state has room for", () => {
    const message = refusal((stack) => {
      regionOf(stack, APPLY_STEP);
      const noise = (seed: number): string => {
        let value = seed;
        return Array.from({ length: 20_000 }, () => {
          value = (value * 48_271) % 2_147_483_647;
          return value.toString(36);
        }).join("");
      };
      for (let index = 0; index < 8; index++)
        new Fabric(stack, `fabric-${index}`, { name: `fabric-${index}`, description: noise(index + 1) });
      new ApplyStep(stack, "apply");
    });
    expect(message).toContain("too large for an apply step");
    expect(message).toContain("split the stack, for example into one per fabric");
  });
});

test.each(["before", "after"])("a null provider that the user has made %s the step is the only one", (when) => {
  const { provider } = synth((stack) => {
    regionOf(stack, PROVIDER);
    if (when === "before") new NullProvider(stack, "mine");
    new ApplyStep(stack, "apply");
    if (when === "after") new NullProvider(stack, "mine");
  });
  expect(provider.null).toHaveLength(1);
});

describe("terraform_data as the carrier", () => {
  const carrier = ApplyCarrier.TERRAFORM_DATA;
  const stepWith = (more: (step: ApplyStep) => void = () => undefined): SynthesisedStack =>
    synth((stack) => {
      regionOf(stack, APPLY_STEP);
      network(stack);
      more(new ApplyStep(stack, "apply", { carrier }));
    });

  test("runs the same at the same addresses, and needs no provider", () => {
    const { resource, provider, terraform } = stepWith();
    const byNull = stepOf(APPLY_STEP, { carrier: ApplyCarrier.NULL_RESOURCE });
    expect(provider).toBeUndefined();
    expect(terraform.required_providers).toBeUndefined();
    expect(Object.keys(byNull.provider)).toEqual(["null"]);
    const text = JSON.stringify(byNull.resource)
      .replaceAll('"triggers":', '"triggers_replace":')
      .replaceAll(".triggers.", ".triggers_replace.")
      .replaceAll("null_resource", "terraform_data");
    expect(resource).toEqual(JSON.parse(text));
  });

  test("is the default where the null provider's package is not installed, which is loaded for null_resource alone", () => {
    const script = `
      const Module = require("node:module");
      const resolve = Module._resolveFilename;
      const isHidden = process.argv[1] === "hidden";
      Module._resolveFilename = (name, ...rest) => {
        if (isHidden && name.startsWith("@cdktf/provider-null")) throw new Error("Cannot find module " + name);
        return resolve(name, ...rest);
      };
      const { App, TerraformStack } = require("cdktf");
      const { ApplyCarrier, ApplyStep, Fabric, MaasEngine, MaasProvider } = require(${JSON.stringify(LIBRARY)});
      const made = [ApplyCarrier.TERRAFORM_DATA, undefined, ApplyCarrier.NULL_RESOURCE].map((carrier) => {
        const stack = new TerraformStack(new App({ outdir: process.argv[2] }), "lab");
        new MaasProvider(stack, "maas", { apiUrl: "http://127.0.0.1:5240/MAAS", engine: MaasEngine.APPLY_STEP });
        new Fabric(stack, "fabric", { name: "lab" });
        try {
          new ApplyStep(stack, "apply", { carrier });
        } catch (error) {
          return error.message;
        }
        stack.node.root.synth();
        const isLoaded = Object.keys(require.cache).some((file) => file.includes("provider-null"));
        return Object.keys(stack.toTerraform().resource).join() + (isLoaded ? ", loaded" : "");
      });
      process.stdout.write(JSON.stringify(made));`;
    const run = (...args: string[]): unknown =>
      JSON.parse(execFileSync(process.execPath, ["-e", script, ...args], { encoding: "utf8" }));
    expect(run("installed", temporaryFolder())).toEqual([
      "terraform_data",
      "null_resource, loaded",
      "null_resource, loaded",
    ]);
    expect(run("hidden", temporaryFolder())).toEqual([
      "terraform_data",
      "terraform_data",
      expect.stringContaining("Run npm install @cdktf/provider-null, or give ApplyCarrier.TERRAFORM_DATA"),
    ]);
  });

  test("takes over the state of null_resource, and no other way round", () => {
    const moved = (stepWith((step) => step.moveFrom(ApplyCarrier.NULL_RESOURCE)) as { moved?: object[] }).moved;
    const names = Object.keys(stepWith().resource.terraform_data ?? {});
    expect(moved).toEqual(
      expect.arrayContaining(names.map((name) => ({ from: `null_resource.${name}`, to: `terraform_data.${name}` }))),
    );
    expect(moved).toHaveLength(3);
    expect(messageOf(() => stepWith((step) => step.moveFrom(carrier)))).toContain(
      "call moveFrom(ApplyCarrier.NULL_RESOURCE): that is the only way it can",
    );
  });

  test("is one of those that there are", () => {
    const build = (stack: TerraformStack): void => {
      regionOf(stack, APPLY_STEP);
      new ApplyStep(stack, "apply", { carrier: "local_file" as ApplyCarrier });
    };
    expect(messageOf(() => synth(build))).toContain("Give one of null_resource, terraform_data, or leave it out");
  });
});
