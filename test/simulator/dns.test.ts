import { region } from "./support/client";

const maas = region();

describe("domains", () => {
  test("lose a trailing dot", async () => {
    expect(await maas.admin.post("domains/", { name: "lab.example." })).toMatchObject({
      name: "lab.example",
      ttl: null,
    });
  });

  test.each([
    ["Bad Domain", ["Domain name contains invalid characters.", "Label contains disallowed characters: 'Bad Domain'."]],
    ["maas-internal", ["Domain name cannot duplicate maas internal domain name."]],
    ["maas", ["Domain with this Name already exists."]],
  ])("may not be called %s", async (name, messages) => {
    expect((await maas.admin.send("POST", "domains/", { name })).json).toEqual({ name: messages });
  });

  test("cannot be deleted while default", async () => {
    const { id } = await maas.admin.post("domains/", { name: "lab.example" });
    await maas.admin.post(`domains/${id}/?op=set_default`);
    expect((await maas.admin.send("DELETE", `domains/${id}/`)).status).toBe(400);
  });
});

describe("DNS resources", () => {
  test("make their addresses the caller's", async () => {
    await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    const web = await maas.admin.post("dnsresources/", { fqdn: "web.maas", ip_addresses: "10.1.0.5 10.1.0.6" });
    expect(web).toMatchObject({ fqdn: "web.maas", ip_addresses: [{ ip: "10.1.0.5" }, { ip: "10.1.0.6" }] });
    expect(await maas.admin.get("ipaddresses/")).toHaveLength(2);
    expect(await maas.admin.get("domains/0/")).toMatchObject({ resource_record_count: 2 });
  });

  test("free their addresses when they go", async () => {
    const { id } = await maas.admin.post("dnsresources/", { fqdn: "web.maas", ip_addresses: "10.1.0.5" });
    await maas.admin.send("DELETE", `dnsresources/${id}/`);
    expect(await maas.admin.get("ipaddresses/")).toEqual([]);
  });

  test("go with their last address", async () => {
    const subnet = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    await maas.admin.post("dnsresources/", { fqdn: "web.maas", ip_addresses: "10.1.0.5" });
    await maas.admin.send("DELETE", `subnets/${subnet.id}/`);
    expect(await maas.admin.get("dnsresources/")).toEqual([]);
  });

  test("are unique within their domain", async () => {
    await maas.admin.post("dnsresources/", { fqdn: "web.maas" });
    expect((await maas.admin.send("POST", "dnsresources/", { fqdn: "web.maas" })).json).toEqual({
      __all__: ["Labels must be unique within their zone."],
    });
  });
});

describe("DNS records", () => {
  const record = (rrtype: string, rrdata: string, fqdn = "alias.maas") =>
    maas.admin.send("POST", "dnsresourcerecords/", { fqdn, rrtype, rrdata });

  test.each([
    ["CNAME", "10 mail.example.", "Invalid CNAME: Should be '<server>'."],
    ["MX", "mail.example.", "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535."],
  ])("a %s of %s is refused", async (rrtype, rrdata, message) => {
    expect((await record(rrtype, rrdata)).json).toEqual({ __all__: [message] });
    expect(await maas.admin.get("dnsresources/")).toEqual([]);
  });

  test("a CNAME stands alone", async () => {
    await record("TXT", "hello");
    expect((await record("CNAME", "target.example.")).json).toEqual({
      __all__: ["CNAME records for a name cannot coexist with non-CNAME records."],
    });
  });

  test("the last record takes its name along", async () => {
    const { id } = (await record("TXT", "hello")).json as { id: number };
    await maas.admin.send("DELETE", `dnsresourcerecords/${id}/`);
    expect(await maas.admin.get("dnsresources/")).toEqual([]);
  });
});

describe("single addresses", () => {
  test("are the caller's to reserve and release", async () => {
    await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    await maas.user.post("ipaddresses/?op=reserve", { ip: "10.1.0.5", hostname: "web" });
    expect(await maas.admin.get("ipaddresses/")).toEqual([]);
    expect((await maas.admin.send("POST", "ipaddresses/?op=release", { ip: "10.1.0.5" })).status).toBe(400);
    expect((await maas.user.send("POST", "ipaddresses/?op=release", { ip: "10.1.0.5" })).status).toBe(204);
    expect(await maas.admin.get("dnsresources/")).toEqual([]);
  });

  test("come from the smallest free block first", async () => {
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    const reserved = (start_ip: string, end_ip: string) =>
      maas.admin.post("ipranges/", { type: "reserved", start_ip, end_ip, subnet: id });
    await reserved("10.1.0.1", "10.1.0.99");
    await reserved("10.1.0.102", "10.1.0.150");
    const reserve = async () => (await maas.admin.post<{ ip: string }>("ipaddresses/?op=reserve", { subnet: id })).ip;
    expect([await reserve(), await reserve(), await reserve()]).toEqual(["10.1.0.100", "10.1.0.101", "10.1.0.151"]);
  });

  test("run out with a 503", async () => {
    const { id } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24", managed: "false" });
    const answer = await maas.admin.send("POST", "ipaddresses/?op=reserve", { subnet: id });
    expect(answer).toMatchObject({ status: 503, text: "No more IPs available in subnet: 10.1.0.0/24." });
  });
});

describe("settings", () => {
  const config = (name: string) => maas.admin.get<unknown>(`maas/?op=get_config&name=${name}`);

  test("have MAAS's defaults and keep what is set", async () => {
    expect(await config("upstream_dns")).toBeNull();
    const answer = await maas.admin.send("POST", "maas/?op=set_config", {
      name: "upstream_dns",
      value: "8.8.8.8,1.1.1.1",
    });
    expect(answer).toMatchObject({ status: 200, type: "text/plain", text: "OK" });
    expect(await config("upstream_dns")).toBe("8.8.8.8 1.1.1.1");
  });

  test.each([
    [
      "dnssec_validation",
      "maybe",
      "'maybe' is not a valid dnssec_validation.  It should be one of: 'auto', 'yes', 'no'.",
    ],
    ["default_dns_ttl", "x", "Enter a whole number."],
    ["upstream_dns", "bad", "Invalid IP address: bad; provide a list of space-separated IP addresses"],
  ])("%s=%s is refused", async (name, value, message) => {
    const answer = await maas.admin.send("POST", "maas/?op=set_config", { name, value });
    expect(answer).toMatchObject({ status: 400, json: { [name]: [message] } });
  });

  test("are administrators' to set", async () => {
    const answer = await maas.user.send("POST", "maas/?op=set_config", { name: "default_dns_ttl", value: "60" });
    expect(answer.status).toBe(403);
  });
});
