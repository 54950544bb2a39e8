import { region } from "./support/client";

const maas = region();

const subnet = (cidr: string, form = {}) => maas.admin.post("subnets/", { cidr, ...form });

const free = (id: number) =>
  maas.admin.get<{ start: string; end: string; num_addresses: number }[]>(`subnets/${id}/?op=unreserved_ip_ranges`);

describe("CIDRs", () => {
  test.each([
    ["10.21.0.7/24", "10.21.0.0/24"],
    ["10.22.0.0", "10.22.0.0/32"],
    ["10.23.0.0/255.255.255.0", "10.23.0.0/24"],
    ["10.29/16", "10.29.0.0/16"],
    ["2001:DB8:0:20::1/64", "2001:db8:0:20::/64"],
    ["::ffff:10.0.0.0/120", "::ffff:10.0.0.0/120"],
  ])("%s is stored as %s and named as it was sent", async (given, stored) => {
    expect(await subnet(given)).toMatchObject({ cidr: stored, name: given });
  });

  test.each([
    ["garbage", "Required format: <network>/<prefixlen>."],
    ["10.25.0.0/33", "Required format: <network>/<prefixlen>."],
    ["0.0.0.0/0", "Prefix length must be greater than 0."],
    ["", "This field is required."],
  ])('"%s" is refused', async (cidr, message) => {
    expect((await maas.admin.send("POST", "subnets/", { cidr })).json).toEqual({ cidr: [message] });
  });

  test("the same network in another spelling exists already", async () => {
    await subnet("2001:db8:1::/64");
    const answer = await maas.admin.send("POST", "subnets/", { cidr: "2001:DB8:1:0::/64" });
    expect(answer.json).toEqual({ cidr: ["Subnet with this Cidr already exists."] });
  });

  test("an unreadable CIDR with a gateway crashes MAAS", async () => {
    const answer = await maas.admin.send("POST", "subnets/", { cidr: "garbage", gateway_ip: "10.0.0.1" });
    expect(answer).toMatchObject({ status: 500, type: "text/plain", text: "invalid IPNetwork " });
  });
});

describe("gateways", () => {
  test("an unset gateway is empty text in the reply and null when read", async () => {
    const made = await maas.admin.post<{ id: number; gateway_ip: string }>("subnets/", { cidr: "10.1.0.0/24" });
    expect(made.gateway_ip).toBe("");
    expect(await maas.admin.get(`subnets/${made.id}/`)).toMatchObject({ gateway_ip: null });
  });

  test.each([
    ["10.1.0.0/24", "10.2.0.1", 400],
    ["10.1.0.0/24", "fe80::1", 400],
    ["2001:db8:1::/64", "fe80::1", 200],
    ["2001:db8:1::/64", "FE80::1%eth0", 200],
  ])("of %s may %s be: %i", async (cidr, gateway, status) => {
    expect((await maas.admin.send("POST", "subnets/", { cidr, gateway_ip: gateway })).status).toBe(status);
  });
});

test.each([
  ["0", true],
  ["off", true],
  ["", false],
  ["False", false],
])("managed=%s is %s", async (given, managed) => {
  expect(await subnet("10.1.0.0/24", { managed: given })).toMatchObject({ managed });
});

test("DNS servers keep their order, spelling and doubles", async () => {
  const dns = await subnet("10.1.0.0/24", { dns_servers: "2001:DB8::0053, 8.8.8.8 8.8.8.8" });
  expect(dns).toMatchObject({ dns_servers: ["2001:DB8::0053", "8.8.8.8", "8.8.8.8"] });
});

describe("ranges", () => {
  const range = (form: Record<string, string>) => maas.admin.send("POST", "ipranges/", form);

  test("find their subnet by their start", async () => {
    await subnet("10.1.0.0/16");
    await subnet("10.1.2.0/24");
    const answer = await range({ type: "reserved", start_ip: "10.1.2.5", end_ip: "10.1.2.9" });
    expect(answer.json).toMatchObject({ subnet: { cidr: "10.1.2.0/24" }, user: { username: "admin" }, comment: "" });
  });

  test.each([
    ["reserved", "10.1.0.1", "10.1.0.9", 200],
    ["dynamic", "10.1.0.1", "10.1.0.9", 400],
    ["dynamic", "10.1.0.2", "10.1.0.9", 200],
    ["reserved", "10.1.0.0", "10.1.0.9", 400],
    ["reserved", "10.1.0.9", "10.1.0.255", 400],
    ["reserved", "10.1.0.9", "10.1.0.8", 400],
    ["reserved", "10.1.0.9", "10.1.1.8", 400],
  ])("%s %s-%s beside the gateway .1: %i", async (type, start_ip, end_ip, status) => {
    const { id } = await subnet("10.1.0.0/24", { gateway_ip: "10.1.0.1" });
    expect((await range({ type, start_ip, end_ip, subnet: String(id) })).status).toBe(status);
  });

  test("touch nothing of the low half of a /64's host words", async () => {
    await subnet("2001:db8:1::/64");
    const low = await range({ type: "reserved", start_ip: "2001:db8:1::1000", end_ip: "2001:db8:1::1fff" });
    expect(low.json).toMatchObject({ start_ip: ["Requested reserved range conflicts with an existing range."] });
    const high = await range({ type: "reserved", start_ip: "2001:db8:1:0:1::", end_ip: "2001:db8:1:0:1::ff" });
    expect(high.status).toBe(200);
  });

  test("of IPv6 that are dynamic hold at least 256 addresses", async () => {
    await subnet("2001:db8:1::/64");
    const answer = await range({ type: "dynamic", start_ip: "2001:db8:1:0:1::", end_ip: "2001:db8:1:0:1::fe" });
    expect(answer.json).toMatchObject({ end_ip: ["IPv6 dynamic range must be at least 256 addresses in size."] });
  });

  test("are plain users' to reserve, and theirs to delete", async () => {
    const { id } = await subnet("10.1.0.0/24");
    const form = { start_ip: "10.1.0.5", end_ip: "10.1.0.9", subnet: id };
    expect((await maas.user.send("POST", "ipranges/", { ...form, type: "dynamic" })).status).toBe(403);
    const own = await maas.user.post("ipranges/", { ...form, type: "reserved" });
    const other = await maas.admin.post("ipranges/", {
      ...form,
      type: "reserved",
      start_ip: "10.1.0.15",
      end_ip: "10.1.0.19",
    });
    expect((await maas.user.send("DELETE", `ipranges/${own.id}/`)).status).toBe(204);
    expect((await maas.user.send("DELETE", `ipranges/${other.id}/`)).text).toBe(
      "Unable to modify IP range. You don't own the IP range.",
    );
  });

  test("of an unmanaged subnet that are dynamic lie in a reserved one", async () => {
    await subnet("10.1.0.0/24", { managed: "false" });
    const dynamic = { type: "dynamic", start_ip: "10.1.0.20", end_ip: "10.1.0.29" };
    expect((await range(dynamic)).json).toMatchObject({
      start_ip: ["There is no room for any dynamic ranges on this subnet."],
    });
    await range({ type: "reserved", start_ip: "10.1.0.10", end_ip: "10.1.0.99" });
    expect((await range(dynamic)).status).toBe(200);
  });
});

describe("use of a subnet", () => {
  test("two reserved ranges leave exactly the static range of a /64, and the allocator begins at its start", async () => {
    const { id } = await subnet("2001:db8:20::/64", { gateway_ip: "2001:db8:20::1" });
    const range = (type: string, start_ip: string, end_ip: string) =>
      maas.admin.post("ipranges/", { type, start_ip, end_ip, subnet: id });
    await range("dynamic", "2001:db8:20:0:2::", "2001:db8:20:0:2::ffff");
    await range("reserved", "2001:db8:20:0:0:1::", "2001:db8:20::ffff:ffff:ffff");
    await range("reserved", "2001:db8:20:0:2:0:1:0", "2001:db8:20:0:ffff:ffff:ffff:ffff");
    expect(await free(id)).toEqual([
      { start: "2001:db8:20:0:1::", end: "2001:db8:20:0:1:ffff:ffff:ffff", num_addresses: 2 ** 48 },
    ]);
    const reserve = () => maas.admin.post<{ ip: string }>("ipaddresses/?op=reserve", { subnet: "2001:db8:20::/64" });
    expect((await reserve()).ip).toBe("2001:db8:20:0:1::");
    expect((await reserve()).ip).toBe("2001:db8:20:0:1::1");
  });

  test("numbers beyond 2^53 are written in full", async () => {
    const { id } = await subnet("2001:db8:20::/64");
    const { text } = await maas.admin.send("GET", `subnets/${id}/?op=statistics`);
    expect(text).toContain('"num_available":18446744069414584320');
  });

  test("statistics count what is free, in shares too", async () => {
    const { id } = await subnet("10.1.0.0/24", { gateway_ip: "10.1.0.1" });
    expect(await maas.admin.get(`subnets/${id}/?op=statistics&include_suggestions=true`)).toMatchObject({
      num_available: 253,
      num_unavailable: 1,
      usage_string: "0%",
      suggested_gateway: null,
      suggested_dynamic_range: { start: "10.1.0.191", end: "10.1.0.254" },
    });
  });

  test("deleting a subnet takes its ranges, routes and addresses along", async () => {
    const one = await subnet("10.1.0.0/24");
    const two = await subnet("10.2.0.0/24");
    await maas.admin.post("ipranges/", { type: "reserved", start_ip: "10.1.0.5", end_ip: "10.1.0.9" });
    await maas.admin.post("static-routes/", { source: two.id, destination: one.id, gateway_ip: "10.2.0.1" });
    await maas.admin.post("ipaddresses/?op=reserve", { ip: "10.1.0.77" });
    await maas.admin.send("DELETE", `subnets/${one.id}/`);
    expect(await maas.admin.get("ipranges/")).toEqual([]);
    expect(await maas.admin.get("static-routes/")).toEqual([]);
    expect(await maas.admin.get("ipaddresses/")).toEqual([]);
  });
});

describe("reserved IPs", () => {
  const mac_address = "52-54-00-AA-00-01";

  test("are normalised, and only their comment changes", async () => {
    const { id: subnetId } = await subnet("10.1.0.0/24");
    const made = await maas.admin.post("reservedips/", { ip: "10.1.0.20", mac_address, comment: "c" });
    expect(made).toMatchObject({ mac_address: "52:54:00:aa:00:01", subnet: { id: subnetId } });
    expect(await maas.admin.put(`reservedips/${made.id}/`, { comment: "d" })).toMatchObject({ comment: "d" });
    expect((await maas.admin.send("PUT", `reservedips/${made.id}/`, { subnet: subnetId })).status).toBe(400);
  });

  test("keep a dynamic range off, and their subnet's CIDR in place", async () => {
    const { id } = await subnet("10.1.0.0/24");
    await maas.admin.post("reservedips/", { ip: "10.1.0.20", mac_address });
    const form = { type: "dynamic", start_ip: "10.1.0.10", end_ip: "10.1.0.30" };
    expect((await maas.admin.send("POST", "ipranges/", form)).json).toEqual({
      __all__: ["The dynamic IP range cannot include reserved IPs."],
    });
    const moved = await maas.admin.send("PUT", `subnets/${id}/`, { cidr: "10.2.0.0/24" });
    expect(moved.json).toEqual({
      cidr: ["The new subnet CIDR would exclude the reserved ip 10.1.0.20. Please remove it first."],
    });
  });
});
