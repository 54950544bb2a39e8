import { defaultsOf, seededColumns } from "../../../src/simulator/model/columns";
import { newStore, type Store } from "../../../src/simulator/model/store";
import { View } from "../../../src/simulator/model/view";
import { RESOURCES } from "../../../src/simulator/resources";
import { emptyRegion } from "../../../src/simulator/seed/default-region";
import { MaasVersion } from "../../../src/simulator/versions";

const viewOf = (store: Store, version = "3.6") => {
  const user = store.users.need(1);
  return new View({ store, version: MaasVersion.parse(version), user, now: () => "" });
};

describe("a table", () => {
  test("fills in the columns' defaults, and computes derived columns whenever what they come from changes", () => {
    const store = emptyRegion();
    const subnet = store.subnets.insert({ name: "a", cidr: "10.0.0.0/24", vlan: 5001 });
    expect(subnet).toMatchObject({ managed: true, rdns_mode: 2, dns_servers: [], gateway_ip: null });
    expect(subnet.network.prefixLength).toBe(24);
    store.subnets.update(subnet, { cidr: "10.0.0.0/25" });
    expect(subnet.network.prefixLength).toBe(25);
  });

  test("undoes a refused request, indexes included, but for the id that it used up", () => {
    const store = emptyRegion();
    const refused = () =>
      store.transaction(() => {
        store.spaces.insert({ name: "a" });
        store.fabrics.update(store.fabrics.need(0), { name: "other" });
        throw new Error("refused");
      });
    expect(refused).toThrow("refused");
    expect(store.spaces.all()).toEqual([]);
    expect(store.fabrics.by("name", "other")).toEqual([]);
    expect(store.fabrics.by("name", "fabric-0")).toHaveLength(1);
    expect(store.spaces.insert({ name: "b" }).id).toBe(2);
  });

  test("refuses a look-up by a column that it has no index of", () => {
    expect(() => newStore().spaces.by("description", "")).toThrow("Space has no index of description");
  });
});

describe("a view", () => {
  test("shows what has changed since the last reply, nested objects too", () => {
    const store = emptyRegion();
    const subnet = store.subnets.insert({ name: "a", cidr: "10.0.0.0/24", vlan: 5001 });
    expect(viewOf(store).show(store.subnets, subnet)).toMatchObject({ name: "a", vlan: { mtu: 1500 } });
    store.vlans.update(store.vlans.need(5001), { mtu: 9000 });
    expect(viewOf(store).show(store.subnets, subnet)).toMatchObject({ name: "a", vlan: { mtu: 9000 } });
  });

  test("shows nothing of a change that was undone", () => {
    const store = emptyRegion();
    const vlan = store.vlans.need(5001);
    const refused = () =>
      store.transaction(() => {
        store.vlans.update(vlan, { mtu: 9000 });
        expect(viewOf(store).show(store.vlans, vlan)).toMatchObject({ mtu: 9000 });
        throw new Error("refused");
      });
    expect(refused).toThrow("refused");
    expect(viewOf(store).show(store.vlans, vlan)).toMatchObject({ mtu: 1500 });
  });

  test("leaves out columns that the release has not", () => {
    const store = emptyRegion();
    const subnet = store.subnets.insert({ name: "a", cidr: "10.0.0.0/24", vlan: 5001 });
    expect(viewOf(store, "3.6").show(store.subnets, subnet)).toHaveProperty("disabled_boot_architectures", []);
    const older = emptyRegion();
    const same = older.subnets.insert({ name: "a", cidr: "10.0.0.0/24", vlan: 5001 });
    expect(viewOf(older, "2.8").show(older.subnets, same)).not.toHaveProperty("disabled_boot_architectures");
  });
});

test.each(Object.entries(RESOURCES))(
  "the record of %s has indexes, defaults and seeds of columns that it has",
  (_name, resource) => {
    const columns = Object.keys(resource.columns);
    expect(columns).toEqual(expect.arrayContaining([...(resource.indexes ?? [])]));
    expect(columns).toEqual(expect.arrayContaining(Object.keys(defaultsOf(resource.columns))));
    if (resource.seed !== undefined) expect(seededColumns(resource.columns)).not.toEqual([]);
  },
);
