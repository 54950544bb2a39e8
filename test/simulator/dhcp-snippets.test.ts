import { region } from "./support/client";

const maas = region();

interface Snippet {
  readonly id: number;
  readonly value: string;
  readonly global_snippet: boolean;
  readonly subnet: { readonly id: number } | null;
  readonly node: { readonly hostname: string } | null;
  readonly history: readonly { readonly id: number; readonly value: string }[];
}

const FORM = { name: "boot", value: "option ntp-servers 10.0.0.1;" };
const create = (form: Record<string, string | number>) => maas.admin.post<Snippet>("dhcp-snippets/", form);

test("a snippet is for all, for a node or for a subnet, and moves from one to the other", async () => {
  const { id: subnet } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
  const snippet = await create(FORM);
  expect(snippet).toMatchObject({ global_snippet: true, enabled: true, node: null, subnet: null });
  const put = (form: Record<string, string | number>) =>
    maas.admin.put<Snippet>(`dhcp-snippets/${snippet.id}/`, { value: FORM.value, ...form });
  expect(await put({ subnet })).toMatchObject({ global_snippet: false, subnet: { id: subnet } });
  expect(await put({ node: "machine1" })).toMatchObject({ subnet: null, node: { hostname: "machine1" } });
  expect(await put({ subnet })).toMatchObject({ subnet: { id: subnet }, node: null });
  expect(await put({ global_snippet: "true" })).toMatchObject({ global_snippet: true });
});

test("a range is of the snippet's subnet", async () => {
  const { id: subnet } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
  const { id: iprange } = await maas.admin.post("ipranges/", {
    type: "dynamic",
    start_ip: "10.1.0.10",
    end_ip: "10.1.0.20",
  });
  const refused = await maas.admin.send("POST", "dhcp-snippets/", { ...FORM, iprange });
  expect(refused.status).toBe(400);
  const { id } = await create({ ...FORM, subnet, iprange });
  await maas.admin.send("DELETE", `ipranges/${iprange}/`);
  expect((await maas.admin.send("GET", `dhcp-snippets/${id}/`)).status).toBe(404);
});

test("the text has versions, and a PUT without it stores the current one's id", async () => {
  const { id } = await create(FORM);
  const path = `dhcp-snippets/${id}/`;
  const changed = await maas.admin.put<Snippet>(path, { value: "deny unknown-clients;" });
  expect(changed.history.map(({ value }) => value)).toEqual(["deny unknown-clients;", FORM.value]);
  expect((await maas.admin.put<Snippet>(path, { name: "renamed" })).value).toBe(String(changed.history[0]?.id));
  const reverted = await maas.admin.post<Snippet>(`${path}?op=revert`, { to: -2 });
  expect(reverted).toMatchObject({ value: FORM.value, history: [{ value: FORM.value }] });
  const tooFar = await maas.admin.send("POST", `${path}?op=revert`, { to: -1 });
  expect(tooFar).toMatchObject({ status: 400, text: "Goes too far back." });
});

test("a snippet goes with its subnet or its node", async () => {
  const { id: subnet } = await maas.admin.post("subnets/", { cidr: "10.1.0.0/24" });
  const device = await maas.admin.post<{ system_id: string }>("devices/", {
    hostname: "ups",
    mac_addresses: "52:54:00:dd:00:01",
  });
  await create({ ...FORM, subnet });
  await create({ ...FORM, node: device.system_id });
  await maas.admin.send("DELETE", `subnets/${subnet}/`);
  await maas.admin.send("DELETE", `devices/${device.system_id}/`);
  expect(await maas.admin.get("dhcp-snippets/")).toEqual([]);
});

test("only administrators write snippets", async () => {
  const { id } = await create(FORM);
  expect((await maas.user.send("POST", "dhcp-snippets/", FORM)).text).toBe("This method is reserved for admin users.");
  expect((await maas.user.send("DELETE", `dhcp-snippets/${id}/`)).status).toBe(403);
});

describe("on MAAS 3.4", () => {
  const older = region({ maasVersion: "3.4" });

  test("a snippet is taken once a rack that serves it has connected", async () => {
    const { id: subnet } = await older.admin.post("subnets/", { cidr: "10.1.0.0/24" });
    const form = { ...FORM, subnet };
    const refused = await older.admin.send("POST", "dhcp-snippets/", form);
    expect(refused).toMatchObject({
      status: 400,
      text: "Unable to validate DHCP config, no available rack controller connected.",
    });
    older.simulator.reportRacks({ rack1: { services: { rackd: "running" } } });
    expect((await older.admin.send("POST", "dhcp-snippets/", form)).status).toBe(200);
  });
});
