import { existsSync } from "node:fs";
import { join } from "node:path";
import { type App, Aspects, type TerraformStack } from "cdktf";
import { Fabric, Ipv6Caveats, Ipv6Subnet, MaasProvider, Suppressions } from "cdktf-maas";
import { messageOf, readStack } from "../../support/synth";
import { appOf, dualStack, findingsOf, ipv4, ipv6Alone, saidOf, stackOf } from "./network";

const isWritten = (app: App, stack: string): boolean => existsSync(join(app.outdir, "stacks", stack, "cdk.tf.json"));

/** The annotations of all constructs as `LEVEL path: rule`. */
const annotations = (stack: TerraformStack): string[] =>
  stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type.startsWith("@cdktf/"))
        .map(({ type, data }) => `${type.slice("@cdktf/".length)} ${node.path}: ${String(data).split("[")[0] ?? ""}`),
    );

test("an error stops synth before anything is written, with the rule, the construct and the fix", () => {
  const app = appOf();
  ipv6Alone(stackOf(app, "lab"));
  const message = messageOf(() => app.synth());
  expect(message).toContain("MAAS6-DUA-01[lab/v6]: IPv6 subnet 2001:db8:1::/64 is on lab/fabric/untagged");
  expect(message).toContain("Fix: Add an Ipv4Subnet to lab/fabric/untagged");
  expect(isWritten(app, "lab")).toBe(false);
});

test("an error in the second stack keeps the first one from being written as well", () => {
  const app = appOf();
  ipv4(stackOf(app, "first"), "10.0.0.0/24");
  ipv6Alone(stackOf(app, "second"));
  expect(messageOf(() => app.synth())).toContain("MAAS6-DUA-01[second/v6]");
  expect(isWritten(app, "first")).toBe(false);
  expect(isWritten(app, "second")).toBe(false);
});

test("warnings and information are annotations at their construct, and stop nothing", () => {
  const app = appOf();
  const stack = stackOf(app, "lab");
  dualStack(stack);
  app.synth();
  expect(readStack(app, "lab").resource.maas_subnet).toMatchObject({ v4: {}, v6: {} });
  expect(annotations(stack)).toEqual(["warn lab/v6: MAAS6-RTR-01", "info lab/pool6: MAAS6-RNG-07"]);
});

test("synthesising again, or enforcing the caveats once more, says nothing twice", () => {
  const app = appOf();
  const stack = stackOf(app, "lab");
  dualStack(stack);
  Ipv6Caveats.installFor(stack);
  Aspects.of(app).add(new Ipv6Caveats());
  app.synth();
  const once = annotations(stack);
  app.synth();
  expect(once).toHaveLength(2);
  expect(annotations(stack)).toEqual(once);
});

test("an error is an annotation at its construct as well, for the cdktf command line", () => {
  const app = appOf();
  const stack = stackOf(app, "lab");
  ipv6Alone(stack);
  expect(() => app.synth()).toThrow();
  expect(annotations(stack)).toEqual(["error lab/v6: MAAS6-DUA-01", "error lab/v6: MAAS6-DUA-02"]);
});

test("skipValidation alone does not get past an error", () => {
  const app = appOf({ skipValidation: true });
  ipv6Alone(stackOf(app, "lab"));
  expect(messageOf(() => app.synth())).toContain("[lab/v6] MAAS6-DUA-01[lab/v6]");
  expect(isWritten(app, "lab")).toBe(false);
});

test("a stack that only has part in a finding is annotated itself", () => {
  const app = appOf();
  const [inner, outer] = [stackOf(app, "inner"), stackOf(app, "outer")];
  ipv4(inner, "10.0.0.0/24");
  ipv4(outer, "10.0.0.0/16");
  for (const stack of [inner, outer]) new Ipv6Caveats().visit(stack);
  expect(annotations(inner)).toEqual(["error inner/v4: MAAS6-NET-01"]);
  expect(annotations(outer)).toEqual(["error outer: MAAS6-NET-01"]);
});

test("what a suppression covers is not said", () => {
  const app = appOf();
  const stack = stackOf(app, "lab");
  const { v6 } = dualStack(stack);
  Suppressions.of(v6).add({ id: "MAAS6-RTR-01", reason: "the lab's router sends them" });
  app.synth();
  expect(annotations(stack)).toEqual(["info lab/pool6: MAAS6-RNG-07"]);
});

describe("suppressions", () => {
  const REASON = "told to by the network team, NET-212";

  test("a suppressed error lets the stack through, and stands in the report with its reason", () => {
    const app = appOf();
    const stack = stackOf(app, "lab");
    const v6 = ipv6Alone(stack);
    Suppressions.of(v6).add({ id: "MAAS6-DUA-01", reason: REASON });
    Suppressions.of(stack).add({ id: "MAAS6-DUA-02", reason: REASON, until: "2999-12-31" });
    expect(() => app.synth()).not.toThrow();
    expect(findingsOf(app).map(({ id, suppressed }) => [id, suppressed])).toEqual([
      ["MAAS6-DUA-01", { reason: REASON, where: "lab/v6" }],
      ["MAAS6-DUA-02", { reason: REASON, where: "lab", until: "2999-12-31" }],
    ]);
  });

  test("one that was added after a synth counts in the next", () => {
    const app = appOf();
    const { v6 } = dualStack(stackOf(app, "lab"));
    expect(saidOf(app)).toContain("MAAS6-RTR-01 lab/v6");
    Suppressions.of(v6).add({ id: "MAAS6-RTR-01", reason: REASON });
    expect(saidOf(app)).not.toContain("MAAS6-RTR-01 lab/v6");
  });

  test.each([
    ["matches nothing any more", { id: "MAAS6-DUA-01", reason: REASON }, "MAAS6-SUP-04[lab/v4]"],
    ["is for a rule that MAAS itself enforces", { id: "MAAS6-RNG-04", reason: REASON }, "MAAS6-SUP-02[lab/v4]"],
    ["is for no rule", { id: "MAAS6-DUA-99", reason: REASON }, "MAAS6-SUP-02[lab/v4]: there is no rule MAAS6-DUA-99"],
    ["gives no reason", { id: "MAAS6-DUA-01", reason: "ok" }, "MAAS6-SUP-01[lab/v4]"],
    ["has ended", { id: "MAAS6-DUA-01", reason: REASON, until: "2020-01-31" }, "MAAS6-SUP-03[lab/v4]"],
  ])("a suppression that %s stops synth", (_, suppression, expected) => {
    const app = appOf();
    Suppressions.of(ipv4(stackOf(app, "lab"), "10.0.0.0/24")).add(suppression);
    const message = messageOf(() => app.synth());
    expect(message).toContain(expected);
    expect(message).toContain("Fix: ");
  });

  test("one for a whole app is refused: it must name a place", () => {
    const app = appOf();
    ipv6Alone(stackOf(app, "lab"));
    Suppressions.of(app).add({ id: "MAAS6-DUA-01", reason: REASON });
    expect(messageOf(() => app.synth())).toContain(
      "MAAS6-SUP-01[]: the suppression of MAAS6-DUA-01 does not say where",
    );
  });

  test("one at a stack with two regions is needed as long as one of them needs it", () => {
    const app = appOf();
    const stack = stackOf(app, "lab");
    ipv4(stack, "10.0.0.0/24");
    const provider = new MaasProvider(stack, "second", { apiUrl: "http://other.example:5240/MAAS", alias: "second" });
    const { untagged: vlan } = new Fabric(stack, "other", { name: "other", provider });
    new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:1::/64", provider });
    for (const id of ["MAAS6-DUA-01", "MAAS6-DUA-02"]) Suppressions.of(stack).add({ id, reason: REASON });
    expect(saidOf(app)).toEqual([]);
    expect(findingsOf(app)).toHaveLength(2);
  });
});
