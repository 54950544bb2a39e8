import { TerraformStack, TerraformVariable } from "cdktf";
import { DynamicRange, Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, ReservedRange, StaticRange } from "cdktf-maas";
import fc from "fast-check";
import { block, IPV6_ALONE, messageOf, synth, type SynthesisedStack, temporaryApp } from "../../support/synth";

function lab(stack: TerraformStack, props: { managed?: boolean } = {}) {
  new MaasProvider(stack, "maas");
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  return new Ipv6Subnet(stack, "v6", { vlan, cidr: "2001:db8:20::/64", ...props });
}

const NODES = { startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1:ffff:ffff:ffff" };

/** Terraform name without CDKTF's hash -> `type start-end`. */
function ranges({ resource }: SynthesisedStack): Record<string, string> {
  return Object.fromEntries(
    Object.entries(resource.maas_subnet_ip_range ?? {}).map(([name, { type, start_ip, end_ip }]) => [
      name.replace(/_[0-9A-F]{8}/g, ""),
      [type, `${String(start_ip)}-${String(end_ip)}`].join(" "),
    ]),
  );
}

test("on a managed subnet it becomes the reserved ranges around it, each with a comment that says so", () => {
  const stack = synth((stack) => new StaticRange(stack, "nodes", { subnet: lab(stack), ...NODES }), IPV6_ALONE);
  expect(ranges(stack)).toEqual({
    "v6_static-ranges_first": "reserved 2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff",
    "v6_static-ranges_after_nodes": "reserved 2001:db8:20:0:2::-2001:db8:20:0:ffff:ffff:ffff:ffff",
  });
  for (const name of Object.keys(stack.resource.maas_subnet_ip_range ?? {})) {
    expect(block(stack.resource, "maas_subnet_ip_range", name)).toMatchObject({
      subnet: "${maas_subnet.v6.id}",
      comment: "Outside static range nodes (2001:db8:20:0:1::-2001:db8:20:0:1:ffff:ffff:ffff)",
    });
  }
});

test("ranges that are made after it are left out too", () => {
  const stack = synth((stack) => {
    const subnet = lab(stack);
    new StaticRange(stack, "nodes", { subnet, ...NODES });
    new DynamicRange(stack, "pool", { subnet, startIp: "2001:db8:20:0:2::", endIp: "2001:db8:20:0:2::ffff" });
  }, IPV6_ALONE);
  expect(ranges(stack)).toEqual({
    "v6_static-ranges_first": "reserved 2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff",
    "v6_static-ranges_after_pool": "reserved 2001:db8:20:0:2:0:1:0-2001:db8:20:0:ffff:ffff:ffff:ffff",
    pool: "dynamic 2001:db8:20:0:2::-2001:db8:20:0:2::ffff",
  });
});

test("what it comes to is taken over only where all static ranges of the subnet say so", () => {
  const adopted = (...all: boolean[]): unknown[] => {
    const { resource } = synth((stack) => {
      const subnet = lab(stack);
      for (const [index, adoptExisting] of all.entries())
        new StaticRange(stack, `nodes${index}`, {
          ...{ subnet, adoptExisting },
          ...{ startIp: `2001:db8:20:0:${index + 1}::`, endIp: `2001:db8:20:0:${index + 1}::ffff` },
        });
    }, IPV6_ALONE);
    return [
      ...new Set(
        Object.values(resource.maas_subnet_ip_range ?? {}).map(
          (range) => (range as Record<string, unknown>).adopt_existing,
        ),
      ),
    ];
  };
  expect([adopted(true), adopted(true, true), adopted(true, false), adopted(false)]).toEqual([
    ...[[true], [true], [undefined], [undefined]],
  ]);
});

test("a range elsewhere in the subnet leaves the names alone and adds the one after itself", () => {
  const build = (more: boolean) =>
    ranges(
      synth((stack) => {
        const subnet = lab(stack);
        new StaticRange(stack, "nodes", { subnet, ...NODES });
        if (more)
          new ReservedRange(stack, "printers", { subnet, startIp: "2001:db8:20:0:9::", endIp: "2001:db8:20:0:9::f" });
      }, IPV6_ALONE),
    );
  const before = build(false);
  const after = build(true);
  expect(Object.keys(after).sort()).toEqual(
    [...Object.keys(before), "printers", "v6_static-ranges_after_printers"].sort(),
  );
  expect(after["v6_static-ranges_first"]).toBe(before["v6_static-ranges_first"]);
  expect(after["v6_static-ranges_after_nodes"]).toBe("reserved 2001:db8:20:0:2::-2001:db8:20:0:8:ffff:ffff:ffff");
});

test("several static ranges of one subnet leave the complement of all of them", () => {
  const stack = synth((stack) => {
    const subnet = lab(stack);
    new StaticRange(stack, "b", { subnet, startIp: "2001:db8:20:0:3::", endIp: "2001:db8:20:0:3::ff" });
    new StaticRange(stack, "a", { subnet, ...NODES });
  }, IPV6_ALONE);
  expect(ranges(stack)).toEqual({
    "v6_static-ranges_first": "reserved 2001:db8:20::1:0:0-2001:db8:20::ffff:ffff:ffff",
    "v6_static-ranges_after_a": "reserved 2001:db8:20:0:2::-2001:db8:20:0:2:ffff:ffff:ffff",
    "v6_static-ranges_after_b": "reserved 2001:db8:20:0:3::100-2001:db8:20:0:ffff:ffff:ffff:ffff",
  });
});

test("on an unmanaged subnet it becomes one reserved range", () => {
  const stack = synth(
    (stack) => new StaticRange(stack, "nodes", { subnet: lab(stack, { managed: false }), ...NODES }),
    IPV6_ALONE,
  );
  expect(ranges(stack)).toEqual({
    "v6_static-ranges_nodes": "reserved 2001:db8:20:0:1::-2001:db8:20:0:1:ffff:ffff:ffff",
  });
});

test("on a subnet that is looked up, Terraform checks at plan that it is managed", () => {
  const { resource } = synth((stack) => {
    new MaasProvider(stack, "maas");
    const subnet = Ipv4Subnet.fromCidr(stack, "v4", "10.0.0.0/24");
    new StaticRange(stack, "nodes", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.199" });
  });
  const [name = ""] = Object.keys(resource.maas_subnet_ip_range ?? {});
  expect(block(resource, "maas_subnet_ip_range", name)).toMatchObject({
    subnet: "${data.maas_subnet.v4.id}",
    start_ip: "10.0.0.200",
    end_ip: "10.0.0.254",
    lifecycle: { precondition: { condition: "${data.maas_subnet.v4.managed}" } },
  });
});

test("the ranges around it use the provider of their subnet", () => {
  const { resource } = synth((stack) => {
    const provider = new MaasProvider(stack, "second", { alias: "second" });
    const vlan = new Fabric(stack, "lab", { name: "lab", provider }).untagged;
    const subnet = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24", provider });
    new StaticRange(stack, "nodes", { subnet, startIp: "10.0.0.1", endIp: "10.0.0.199" });
  });
  for (const [type, named] of Object.entries(resource)) {
    for (const name of Object.keys(named))
      expect(block(resource, type, name)).toMatchObject({ provider: "maas.second" });
  }
});

test("ends that are tokens are refused, with the reason", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const start = new TerraformVariable(stack, "start", {}).stringValue;
      new StaticRange(stack, "nodes", { subnet: lab(stack), startIp: start, endIp: NODES.endIp });
    }),
  );
  expect(message).toContain("[lab/nodes] this static range can't be right:");
  expect(message).toContain("startIp: startIp of a static range is not known at synth");
  expect(message).toContain("Write the address as text");
});

test("a subnet whose CIDR is a token is refused, and so is one of another stack", () => {
  const token = messageOf(() =>
    synth((stack) => {
      const cidr = new TerraformVariable(stack, "cidr", {}).stringValue;
      const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
      new StaticRange(stack, "nodes", { subnet: new Ipv6Subnet(stack, "v6", { vlan, cidr }), ...NODES });
    }),
  );
  expect(token).toContain("subnet: the CIDR of lab/v6 is not known at synth");

  const app = temporaryApp();
  const subnet = lab(new TerraformStack(app, "one"));
  const other = new TerraformStack(app, "two");
  expect(messageOf(() => new StaticRange(other, "nodes", { subnet, ...NODES }))).toContain(
    "the subnet one/v6 is in another stack",
  );
});

test("a range with token ends on its subnet is refused at synth, as it could lie anywhere", () => {
  const message = messageOf(() =>
    synth((stack) => {
      const subnet = lab(stack);
      const end = new TerraformVariable(stack, "end", {}).stringValue;
      new StaticRange(stack, "nodes", { subnet, ...NODES });
      new DynamicRange(stack, "pool", { subnet, startIp: "2001:db8:20:0:2::", endIp: end });
    }),
  );
  expect(message).toContain(
    "lab/pool has ends that are not known at synth, on the subnet of the static range lab/nodes",
  );
});

test("whatever ranges a subnet has, static and reserved ranges tile what MAAS lets ranges cover", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { minLength: 2, maxLength: 10 }), (cuts) => {
      const ends = cuts.sort((a, b) => a - b).slice(0, cuts.length - (cuts.length % 2));
      const { resource } = synth((stack) => {
        new MaasProvider(stack, "maas");
        const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
        const subnet = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24" });
        for (let i = 0; i < ends.length; i += 2) {
          const props = { subnet, startIp: `10.0.0.${ends[i]}`, endIp: `10.0.0.${ends[i + 1]}` };
          if (i % 4 === 0) new StaticRange(stack, `static${i}`, props);
          else new DynamicRange(stack, `dynamic${i}`, props);
        }
      });
      const statics = ends.flatMap((start, i) => (i % 4 === 0 ? [[start, ends[i + 1] ?? start]] : []));
      const others = Object.values(resource.maas_subnet_ip_range ?? {}).map(({ start_ip, end_ip }) =>
        [start_ip, end_ip].map((ip) => Number(String(ip).split(".")[3])),
      );
      const covered = [...statics, ...others]
        .flatMap(([start = 0, end = 0]) => Array.from({ length: end - start + 1 }, (_, i) => start + i))
        .sort((a, b) => a - b);
      expect(covered).toEqual(Array.from({ length: 254 }, (_, i) => i + 1));
    }),
    { numRuns: 25 },
  );
});
