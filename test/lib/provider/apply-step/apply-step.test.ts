import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack, TerraformVariable } from "cdktf";
import { ApplyGuard, ApplyStep, type ApplyStepProps, DynamicRange, Fabric, MaasEngine } from "cdktf-maas";
import { block, messageOf, synth, type SynthesisedBlock, type SynthesisedStack } from "../../../support/synth";
import { network, regionOf } from "./lab";

const { APPLY_STEP, PROVIDER } = MaasEngine;

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
