import { Fabric, Ipv6Subnet, MaasProvider, Suppressions } from "cdktf-maas";
import { messageOf } from "../../support/synth";
import { appOf, dualStack, findingsOf, ipv4, ipv6Alone, saidOf, stackOf } from "./network";

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
  expect(messageOf(() => app.synth())).toContain("MAAS6-SUP-01[]: the suppression of MAAS6-DUA-01 does not say where");
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
