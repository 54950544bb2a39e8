import { region } from "./support/client";

const maas = region();

interface Vlan {
  readonly id: number;
  readonly name: string | null;
  readonly vid: number;
}

interface Fabric {
  readonly id: number;
  readonly name: string;
  readonly vlans: readonly Vlan[];
}

const newFabric = (name: string) => maas.admin.post<Fabric>("fabrics/", { name });

const untagged = async (fabric: Fabric) => {
  const [vlan] = (await maas.admin.get<Fabric>(`fabrics/${fabric.id}/`)).vlans;
  if (vlan === undefined) throw new Error("a fabric without VLAN");
  return vlan;
};

describe("fabrics", () => {
  test("a fabric comes with its untagged VLAN", async () => {
    expect((await newFabric("lab")).vlans).toMatchObject([{ vid: 0, name: "untagged", mtu: 1500 }]);
  });

  test.each([
    ["fabric-77", "Reserved fabric name."],
    ["with space", "Invalid fabric name: with space."],
    ["fabric-0", "Reserved fabric name."],
  ])("the name %s is refused", async (name, message) => {
    const answer = await maas.admin.send("POST", "fabrics/", { name });
    expect(answer.status).toBe(400);
    expect((answer.json as { name: string[] }).name).toContain(message);
  });

  test("the default fabric cannot be deleted", async () => {
    const answer = await maas.admin.send("DELETE", "fabrics/0/");
    expect(answer).toMatchObject({ status: 400, text: "This fabric is the default fabric, it cannot be deleted." });
  });

  test("a fabric with interfaces cannot be deleted", async () => {
    expect((await maas.admin.send("DELETE", "fabrics/1/")).text).toBe(
      "Can't delete fabric; the following interfaces are still connected: eth1 (physical) on rack1, eth1 (physical) on rack2",
    );
  });

  test("a fabric that loses its last VLAN goes", async () => {
    const fabric = await newFabric("lab");
    await maas.admin.put(`vlans/${(await untagged(fabric)).id}/`, { fabric: 0, vid: 7 });
    expect((await maas.admin.send("GET", `fabrics/${fabric.id}/`)).status).toBe(404);
  });

  test("a plain user may read and not write", async () => {
    expect((await maas.user.send("GET", "fabrics/")).status).toBe(200);
    const refused = await maas.user.send("POST", "fabrics/", { name: "lab" });
    expect(refused).toMatchObject({ status: 403, text: "This method is reserved for admin users." });
    expect(await maas.user.send("DELETE", "fabrics/1/")).toMatchObject({ status: 403, text: "" });
  });

  test("a refused call leaves no trace", async () => {
    const before = maas.simulator.state;
    await maas.admin.send("POST", "fabrics/", { name: "lab", class_type: "-bad" });
    expect(maas.simulator.state).toEqual(before);
  });
});

describe("VLANs", () => {
  test("both addresses show the same VLAN", async () => {
    const fabric = await newFabric("lab");
    const { id } = await maas.admin.post(`fabrics/${fabric.id}/vlans/`, { vid: 20, name: "twenty" });
    expect(await maas.admin.get("fabrics/lab/vlans/20/")).toEqual(await maas.admin.get(`vlans/${id}/`));
  });

  test("deleting a VLAN moves its subnets to the default VLAN", async () => {
    const fabric = await newFabric("lab");
    const vlan = await maas.admin.post(`fabrics/${fabric.id}/vlans/`, { vid: 20 });
    const subnet = await maas.admin.post("subnets/", { cidr: "10.9.0.0/24", vlan: vlan.id });
    await maas.admin.send("DELETE", `vlans/${vlan.id}/`);
    expect(await maas.admin.get(`subnets/${subnet.id}/`)).toMatchObject({ vlan: { vid: 0, fabric: "lab" } });
  });

  test("every wrong field is told at once", async () => {
    const answer = await maas.admin.send("POST", "fabrics/0/vlans/", { vid: "abc", mtu: 1, name: "a/b" });
    expect(answer.json).toEqual({
      vid: ["Enter a whole number.", "VID must be between 0 and 4094."],
      mtu: ["Ensure this value is greater than or equal to 552."],
      name: ["Enter a valid value."],
    });
  });

  test("a relay is a VLAN without relay, and goes with it", async () => {
    const { id } = await maas.admin.post("fabrics/0/vlans/", { vid: 30 });
    const relayed = await maas.admin.post("fabrics/0/vlans/", { vid: 31, relay_vlan: id });
    const chained = await maas.admin.send("POST", "fabrics/0/vlans/", { vid: 32, relay_vlan: relayed.id });
    expect(chained.status).toBe(400);
    await maas.admin.send("DELETE", `vlans/${id}/`);
    expect(await maas.admin.get(`vlans/${relayed.id}/`)).toMatchObject({ relay_vlan: null });
  });
});

describe("DHCP", () => {
  const dhcp = async () => {
    const vlan = await untagged(await newFabric("lab"));
    const subnet = await maas.admin.post("subnets/", { cidr: "10.9.0.0/24", vlan: vlan.id });
    const range = { type: "dynamic", start_ip: "10.9.0.100", end_ip: "10.9.0.200", subnet: subnet.id };
    const { id: rangeId } = await maas.admin.post("ipranges/", range);
    return { path: `vlans/${vlan.id}/`, rangeId, subnetId: subnet.id };
  };

  test("needs a dynamic range first", async () => {
    const vlan = await untagged(await newFabric("lab"));
    const answer = await maas.admin.send("PUT", `vlans/${vlan.id}/`, { dhcp_on: "true", primary_rack: "rack1" });
    expect(answer.json).toEqual({ dhcp_on: ["dhcp can only be turned on when a dynamic IP range is defined."] });
  });

  test("takes a rack by hostname and shows its system id", async () => {
    const { path } = await dhcp();
    const [rack] = maas.simulator.state.racks;
    const vlan = await maas.admin.put(path, { dhcp_on: "true", primary_rack: "rack1" });
    expect(vlan).toMatchObject({ dhcp_on: true, primary_rack: rack?.systemId });
  });

  test("clearing the primary promotes the secondary", async () => {
    const { path } = await dhcp();
    await maas.admin.put(path, { dhcp_on: "true", primary_rack: "rack1", secondary_rack: "rack2" });
    await maas.admin.put(path, { primary_rack: "" });
    const lab = maas.simulator.state.vlans.find(({ fabric }) => fabric === "lab");
    expect(lab).toMatchObject({ primaryRack: "rack2", secondaryRack: null, dhcpOn: true });
  });

  test("swapping the racks in one call drops the secondary", async () => {
    const { path } = await dhcp();
    await maas.admin.put(path, { dhcp_on: "true", primary_rack: "rack1", secondary_rack: "rack2" });
    await maas.admin.put(path, { primary_rack: "rack2", secondary_rack: "rack1" });
    const lab = maas.simulator.state.vlans.find(({ fabric }) => fabric === "lab");
    expect(lab).toMatchObject({ primaryRack: "rack2", secondaryRack: null });
  });

  test("without its last dynamic range, every change of the VLAN is refused until DHCP is off", async () => {
    const { path, rangeId } = await dhcp();
    await maas.admin.put(path, { dhcp_on: "true", primary_rack: "rack1" });
    await maas.admin.send("DELETE", `ipranges/${rangeId}/`);
    expect((await maas.admin.send("PUT", path, { mtu: 9000 })).status).toBe(400);
    expect(await maas.admin.put(path, { mtu: 9000, dhcp_on: "false" })).toMatchObject({ mtu: 9000, dhcp_on: false });
  });

  test("a subnet that serves DHCP cannot be deleted", async () => {
    const { path, subnetId } = await dhcp();
    await maas.admin.put(path, { dhcp_on: "true", primary_rack: "rack1" });
    expect((await maas.admin.send("DELETE", `subnets/${subnetId}/`)).text).toBe(
      "Cannot delete a subnet that is actively servicing a dynamic IP range. (Delete the dynamic range or disable DHCP first.)",
    );
  });
});

test("a space lists its VLANs' subnets, and the undefined space the others", async () => {
  const space = await maas.admin.post("spaces/", { name: "prod" });
  const vlan = await maas.admin.post("fabrics/0/vlans/", { vid: 40, space: "prod" });
  await maas.admin.post("subnets/", { cidr: "10.8.0.0/24", vlan: vlan.id });
  await maas.admin.post("subnets/", { cidr: "10.8.1.0/24" });
  expect(await maas.admin.get(`spaces/${space.id}/`)).toMatchObject({
    subnets: [{ cidr: "10.8.0.0/24", space: "prod" }],
  });
  expect(await maas.admin.get("spaces/-1/")).toMatchObject({ name: "undefined", subnets: [{ cidr: "10.8.1.0/24" }] });
  expect((await maas.admin.send("DELETE", "spaces/-1/")).text).toBe("Space cannot be deleted: undefined");
});

describe("names and numbers beyond ASCII, as regions of 3.4.10, 3.6.5 and 3.7.3 take them", () => {
  test("names of every kind", async () => {
    const fabric = await maas.admin.post<Fabric>("fabrics/", { name: "Büro", class_type: "größe" });
    expect(fabric).toMatchObject({ name: "Büro", class_type: "größe" });
    expect(await maas.admin.post("spaces/", { name: "Räum" })).toMatchObject({ name: "Räum" });
    const vlan = await maas.admin.post<Vlan>(`fabrics/${fabric.id}/vlans/`, { vid: 99, name: "übung", space: "Räum" });
    expect(vlan).toMatchObject({ name: "übung", space: "Räum" });
    const subnet = await maas.admin.post<{ id: number }>("subnets/", {
      cidr: "10.99.0.0/24",
      name: "Straße",
      vlan: vlan.id,
    });
    expect(subnet).toMatchObject({ name: "Straße" });
    expect(await maas.admin.get("fabrics/name:B%C3%BCro/")).toMatchObject({ id: fabric.id });
    expect(await maas.admin.get("subnets/Stra%C3%9Fe/")).toMatchObject({ id: subnet.id });
  });

  test("a VID in other digits, in a form and in a path", async () => {
    const fabric = await newFabric("digits");
    expect(await maas.admin.post(`fabrics/${fabric.id}/vlans/`, { vid: "٣" })).toMatchObject({ vid: 3 });
    expect(await maas.admin.get(`fabrics/${fabric.id}/vlans/%D9%A3/`)).toMatchObject({ vid: 3 });
    const reserved = await maas.admin.send("POST", "fabrics/", { name: "fabric-٣٣" });
    expect(reserved.json).toEqual({ name: ["Reserved fabric name."] });
  });

  test("a name in decomposed letters is refused", async () => {
    const answer = await maas.admin.send("POST", "fabrics/", { name: "Bu\u0308ro" });
    expect(answer.status).toBe(400);
  });
});
