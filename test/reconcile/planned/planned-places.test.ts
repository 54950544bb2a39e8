import { IpAddress } from "../../../lib/model/address";
import { type Known, UNKNOWN } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { type PlannedObject, PlannedObjects } from "../../../src/reconcile/planned/planned-objects";
import { CreatedSubnets, PlannedRanges } from "../../../src/reconcile/planned/planned-places";

const range = (subnet: string, id?: string): PlannedObject => ({ id, attributes: { subnet }, isChanged: true });
const subnet = (cidr: string): PlannedObject => ({ id: undefined, attributes: { cidr }, isChanged: true });

describe("planned ranges", () => {
  let run: PlannedObjects;
  let places: Map<PlannedObject, Known<string> | Error>;
  let asked: number;
  let ranges: PlannedRanges;

  beforeEach(() => {
    run = new PlannedObjects();
    places = new Map();
    asked = 0;
    ranges = new PlannedRanges(run, async (planned) => {
      asked += 1;
      await Promise.resolve();
      const place = places.get(planned) ?? textOf(planned.attributes?.subnet);
      if (place instanceof Error) throw place;
      return place;
    });
  });

  function plan(planned: PlannedObject, place?: Known<string> | Error): PlannedObject {
    if (place !== undefined) places.set(planned, place);
    run.add("ip_range", planned);
    return planned;
  }

  test("are found by their subnet, and each is placed once", async () => {
    const [one, , three] = [plan(range("1")), plan(range("2")), plan(range("1", "9"))];
    expect(await ranges.in("1")).toEqual([one, three]);
    expect(await ranges.in("3")).toEqual([]);
    expect(asked).toBe(3);
    const four = plan(range("1"));
    expect(await Promise.all([ranges.in("1"), ranges.in("1")])).toEqual([
      [one, three, four],
      [one, three, four],
    ]);
    expect(asked).toBe(4);
  });

  test("are found where their newest plan puts them, until they are applied", async () => {
    plan(range("1", "9"));
    await ranges.in("1");
    const moved = plan(range("2", "9"));
    expect(await ranges.in("1")).toEqual([]);
    expect(await ranges.in("2")).toEqual([moved]);
    run.applying("ip_range", "9");
    expect(await ranges.in("2")).toEqual([]);
  });

  test("are not asked about where they are to be deleted", async () => {
    plan({ id: "9", attributes: undefined, isChanged: true });
    expect(await ranges.in("1")).toEqual([]);
    expect(asked).toBe(0);
  });

  test("are found as soon as their subnet is known", async () => {
    const open = plan(range("1"), UNKNOWN);
    expect(await ranges.in("1")).toEqual([]);
    places.delete(open);
    expect(await ranges.in("1")).toEqual([open]);
  });

  test("are there once each after the region did not answer about one of them", async () => {
    const [one, two] = [plan(range("1")), plan(range("1"), new Error("no answer"))];
    await expect(ranges.in("1")).rejects.toThrow("no answer");
    places.delete(two);
    expect(await ranges.in("1")).toEqual([one, two]);
  });
});

test("new subnets are found by their CIDR in any spelling, and by an address in them, until they are applied", () => {
  const run = new PlannedObjects();
  const created = new CreatedSubnets(run);
  const [wide, narrow, six] = ["10.0.0.0/8", "10.1.0.0/16", "2001:DB8:0::/64"].map(subnet);
  for (const planned of [wide, narrow, six]) if (planned !== undefined) run.add("subnet", planned);
  run.add("subnet", { id: "7", attributes: { cidr: "10.1.2.0/24" }, isChanged: true });
  const around = (address: string): unknown[] =>
    created.around(IpAddress.parse(address)).map(({ planned }) => planned.attributes?.cidr);
  expect(created.all()).toHaveLength(3);
  expect(created.find("2001:db8::/64")?.planned).toBe(six);
  expect(created.find("10.1.2.0/24")).toBeUndefined();
  expect(around("10.1.2.3")).toEqual(["10.0.0.0/8", "10.1.0.0/16"]);
  expect(around("2001:db8::9")).toEqual(["2001:DB8:0::/64"]);
  expect(around("192.0.2.1")).toEqual([]);
  run.applying("subnet", undefined);
  expect(created.all()).toEqual([]);
});
