import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "../../lib/model/document/read";
import { select } from "../../src/export/selection";
import type { LiveObject } from "../../src/reconcile/region/live-objects";
import type { Seed } from "../../src/simulator/seed/notation";
import { exportOf, synthesise, withSeed } from "./app";

/** Two sites that share a space and a rack; the north relays to the south. */
const SITES: Seed = {
  spaces: [{ name: "storage" }, { name: "unused" }, { name: "southern" }],
  fabrics: [
    { name: "north", vlans: [{ vid: 10, space: "storage", relay_vlan: { fabric: "south", vid: 20 } }] },
    {
      name: "south",
      vlans: [
        { vid: 20, space: "southern", dhcp_on: true, primary_rack: "rack1" },
        { vid: 30, space: "storage" },
      ],
    },
  ],
  subnets: [
    { cidr: "10.1.0.0/24", fabric: "north", vid: 10 },
    { cidr: "10.2.0.0/24", fabric: "south", vid: 20 },
  ],
  ip_ranges: [{ type: "dynamic", start_ip: "10.2.0.100", end_ip: "10.2.0.199" }],
  racks: [
    {
      hostname: "rack1",
      interfaces: [
        { name: "eth0", fabric: "south", vid: 20 },
        { name: "eth1", fabric: "north" },
      ],
    },
  ],
};

const names = (objects: readonly LiveObject[]): string[] => objects.map(({ kind, key }) => `${kind} ${key}`).sort();

const exported = (fabrics?: readonly string[]) => withSeed(SITES, (simulator) => exportOf(simulator, fabrics));

test("a fabric is exported with all that is in it and the spaces of its VLANs; what else it refers to is looked up", async () => {
  const { region } = await exported();
  const { managed, lookedUp } = select(region.objects, ["north"]);
  expect(names(managed)).toEqual([
    "fabric north",
    "rack_interface rack1/eth1",
    "space storage",
    "subnet 10.1.0.0/24",
    "vlan north:0",
    "vlan north:10",
    "vlan_dhcp north:10",
  ]);
  expect(names(lookedUp)).toEqual(["fabric south", "rack_controller rack1", "vlan south:20"]);
});

test("the app of one fabric looks the relay's target up and manages nothing of the other fabric", async () => {
  const { source } = await exported(["north"]);
  expect(source).toContain('const south = Fabric.fromName(this, "south", "south");');
  expect(source).toContain('const south20 = Vlan.fromVid(this, "south-20", south, 20);');
  expect(source).toContain("relayTo: south20");
  const { objects } = readDocument(readFileSync(join(synthesise(source), "maas-network.json"), "utf8"));
  const ofFabrics = objects.fabric?.map(({ key, origin }) => [key, origin]);
  expect(ofFabrics).toEqual([
    ["north", "create"],
    ["south", "look_up"],
  ]);
  expect(objects.space?.map(({ key }) => key)).toEqual(["storage"]);
});

test("without a fabric named, all is exported, spaces with nothing in them too", async () => {
  const { region } = await exported();
  const { managed, lookedUp } = select(region.objects);
  expect(names(managed)).toContain("space unused");
  // The domain `maas` and the settings are what MAAS was installed with.
  const without = ["rack_controller", "dns_domain", "configuration"];
  expect(names(managed)).toEqual(names(region.objects.filter(({ kind }) => !without.includes(kind))));
  expect(names(lookedUp)).toEqual(["rack_controller rack1"]);
});

test("a fabric that is not there is refused with the names of those that are", async () => {
  const { region } = await exported();
  expect(() => select(region.objects, ["north", "west"])).toThrow(
    'The region has no fabric "west". It has fabric-0, north, south: give --fabric one of those.',
  );
});
