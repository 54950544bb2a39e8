import { App, Testing, TerraformStack } from "cdktf";
import { DynamicRange, Fabric, Ipv4Subnet, Ipv6Subnet, ReservedRange, StaticRange } from "cdktf-maas";
import fc from "fast-check";
import { type Family, IpAddress } from "../../lib/model/address";
import { implicitlyUsed } from "../../lib/model/checks/ip-range";
import { Cidr } from "../../lib/model/cidr";
import { AddressRange } from "../../lib/model/address-range";
import { coverable } from "../../lib/model/static-range";
import { region } from "../simulator/support/client";
import { addressesOf } from "../support/arbitraries";
import type { SynthesisedStack } from "../support/synth";

jest.setTimeout(120_000);

/** Machines get their addresses from the same allocator as `ipaddresses/?op=reserve` without an address. */
const maas = region();

/** How many addresses a run asks for. */
const ASKED = 4;

type Type = "static" | "dynamic" | "reserved";

interface Sample {
  readonly subnet: Cidr;
  readonly managed: boolean;
  readonly gateway: IpAddress | undefined;
  readonly ranges: readonly { readonly type: Type; readonly range: AddressRange }[];
}

const LENGTHS: Readonly<Record<Family, fc.Arbitrary<number>>> = {
  4: fc.integer({ min: 12, max: 28 }),
  6: fc.oneof(fc.constant(64), fc.integer({ min: 40, max: 120 })),
};

const families = fc.constantFrom<Family>(4, 6);

/** MAAS takes the numbers of `::/96` for IPv4 addresses, and answers 500 on a subnet that begins there. */
const isForMaas = ({ family, first }: Cidr): boolean => family === 4 || first.value >= 1n << 32n;

const subnets = families.chain((family) =>
  fc
    .tuple(addressesOf(family), LENGTHS[family])
    .map(([address, length]) => Cidr.of(address, length))
    .filter(isForMaas),
);

/** Cuts what ranges may cover into pieces: a few near its ends, where mistakes would show, the others anywhere. */
function pieces(within: AddressRange): fc.Arbitrary<AddressRange[]> {
  const span = within.size - 1n;
  const near = fc.bigInt({ min: 0n, max: span < 700n ? span : 700n });
  const cut = fc.oneof(
    near,
    near.map((offset) => span - offset),
    fc.bigInt({ min: 0n, max: span }),
  );
  return fc.uniqueArray(cut, { minLength: 1, maxLength: 8 }).map((cuts) => {
    const starts = [...cuts].sort((a, b) => (a < b ? -1 : 1));
    return starts.map((start, index) => {
      const end = (starts[index + 1] ?? span + 1n) - 1n;
      return new AddressRange(within.start.plus(start), within.start.plus(end));
    });
  });
}

const SMALLEST_DYNAMIC: Readonly<Record<Family, bigint>> = { 4: 1n, 6: 256n };

/** The ranges of a sample: at least one static one; others as MAAS takes them on such a subnet. */
function typed(list: readonly AddressRange[], wishes: readonly (Type | "free")[], managed: boolean): Sample["ranges"] {
  return list.flatMap((range, index) => {
    const wish = index === 0 ? "static" : (wishes[index] ?? "free");
    if (wish === "free" || (wish !== "static" && !managed)) return [];
    return [{ type: wish === "dynamic" && range.size < SMALLEST_DYNAMIC[range.family] ? "reserved" : wish, range }];
  });
}

const samples: fc.Arbitrary<Sample> = subnets.chain((subnet) => {
  const within = coverable(subnet);
  if (within === undefined) throw new Error(`${subnet.toString()} has no room for ranges`);
  return fc
    .record({
      managed: fc.boolean(),
      list: pieces(within),
      // The first piece is the static one, so that it lies anywhere among the others.
      order: fc.infiniteStream(fc.nat()),
      wishes: fc.array(fc.constantFrom<Type | "free">("static", "dynamic", "reserved", "free"), { minLength: 8 }),
      gatewayAt: fc.constantFrom("first", "static", "none"),
    })
    .map(({ managed, list, order, wishes, gatewayAt }) => {
      const places = [...order.take(list.length)];
      const shuffled = list.map((range, index) => ({ range, at: places[index] ?? 0 })).sort((a, b) => a.at - b.at);
      const ranges = typed(
        shuffled.map(({ range }) => range),
        wishes,
        managed,
      );
      const first = subnet.first.plus(1);
      const isFree = !ranges.some(({ type, range }) => type === "dynamic" && range.contains(first));
      const inStatic = ranges.find(({ type }) => type === "static")?.range.start;
      const gateway = gatewayAt === "static" ? inStatic : gatewayAt === "first" && isFree ? first : undefined;
      return { subnet, managed, gateway, ranges };
    });
});

/** The ranges that the constructs make of a sample, as Terraform would create them. */
function synthesised({ subnet, managed, gateway, ranges }: Sample): Record<string, string>[] {
  const stack = new TerraformStack(new App({ stackTraces: false }), "lab");
  const vlan = new Fabric(stack, "lab", { name: "lab" }).untagged;
  const props = { vlan, cidr: subnet.toString(), managed, gatewayIp: gateway?.toString() };
  const construct = subnet.family === 4 ? new Ipv4Subnet(stack, "net", props) : new Ipv6Subnet(stack, "net", props);
  const classes = { static: StaticRange, dynamic: DynamicRange, reserved: ReservedRange };
  ranges.forEach(({ type, range: { start, end } }, index) => {
    const ends = { startIp: start.toString(), endIp: end.toString() };
    new classes[type](stack, `range${index}`, { subnet: construct, ...ends });
  });
  const { resource } = JSON.parse(Testing.synth(stack)) as Pick<SynthesisedStack, "resource">;
  return Object.values(resource.maas_subnet_ip_range ?? {}).map(({ type, start_ip, end_ip }) => ({
    type: String(type),
    start_ip: String(start_ip),
    end_ip: String(end_ip),
  }));
}

/** Makes the subnet and its ranges over the API. */
async function create(sample: Sample): Promise<string> {
  const { subnet, managed, gateway } = sample;
  const cidr = subnet.toString();
  const form = { cidr, managed: String(managed), gateway_ip: gateway?.toString() ?? "" };
  const { id } = await maas.admin.post("subnets/", form);
  for (const range of synthesised(sample)) await maas.admin.post("ipranges/", { ...range, subnet: id });
  return cidr;
}

/** The next address that MAAS gives out; undefined when there are none left. */
async function nextAddress(cidr: string): Promise<IpAddress | undefined> {
  const { status, text, json } = await maas.admin.send("POST", "ipaddresses/?op=reserve", { subnet: cidr });
  if (status === 503 && text.startsWith("No more IPs available")) return undefined;
  if (status !== 200) throw new Error(`no address of ${cidr}: ${status} ${text}`);
  return IpAddress.parse((json as { ip: string }).ip);
}

/** The addresses that machines may get: those of the static ranges, but for the router's. */
function wanted({ ranges, gateway }: Sample): { readonly all: AddressRange[]; readonly count: bigint } {
  const all = ranges.filter(({ type }) => type === "static").map(({ range }) => range);
  const taken = gateway !== undefined && all.some((range) => range.contains(gateway)) ? 1n : 0n;
  return { all, count: all.reduce((sum, { size }) => sum + size, 0n) - taken };
}

async function check(sample: Sample): Promise<void> {
  maas.simulator.reset();
  const cidr = await create(sample);
  const { all, count } = wanted(sample);
  for (let given = 0; given < ASKED; given++) {
    const address = await nextAddress(cidr);
    if (BigInt(given) >= count) {
      // Rather none at all than one from elsewhere.
      expect(address).toBeUndefined();
      return;
    }
    const isWanted = address !== undefined && all.some((range) => range.contains(address));
    expect({ address: address?.toString(), isWanted }).toMatchObject({ isWanted: true });
  }
}

test("every address that MAAS gives out is from the static ranges, whatever the subnet and its other ranges", async () => {
  const seen = { managed: 0, unmanaged: 0, wide: 0, full: 0 };
  await fc.assert(
    fc.asyncProperty(samples, async (sample) => {
      seen[sample.managed ? "managed" : "unmanaged"] += 1;
      if (implicitlyUsed(sample.subnet)?.size === 1n << 32n) seen.wide += 1;
      if (wanted(sample).count < ASKED) seen.full += 1;
      await check(sample);
    }),
    { numRuns: 150 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

test.each([true, false])(
  "the first one is the first of a single static range, on a /64 right after the addresses that MAAS keeps (managed: %s)",
  async (managed) => {
    const subnet = Cidr.parse("2001:db8:20::/64");
    const range = new AddressRange(IpAddress.parse("2001:db8:20::1:0:0"), IpAddress.parse("2001:db8:20::1:0:ff"));
    const gateway = IpAddress.parse("2001:db8:20::1");
    const cidr = await create({ subnet, managed, gateway, ranges: [{ type: "static", range }] });
    expect((await nextAddress(cidr))?.toString()).toBe("2001:db8:20::1:0:0");
    expect((await nextAddress(cidr))?.toString()).toBe("2001:db8:20::1:0:1");
  },
);

test("without the static range MAAS takes addresses from elsewhere: the check can fail", async () => {
  const subnet = Cidr.parse("2001:db8:20::/64");
  const cidr = await create({ subnet, managed: true, gateway: undefined, ranges: [] });
  const range = new AddressRange(IpAddress.parse("2001:db8:20:0:1::"), IpAddress.parse("2001:db8:20:0:1::ff"));
  const address = await nextAddress(cidr);
  expect(address !== undefined && range.contains(address)).toBe(false);
});
