import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import { ownNames, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(240_000);

const suite = describeWithTerraform();

suite("what one run changes together is judged together, by real Terraform", () => {
  const names = ownNames();
  let region: TestRegion;
  let workspace: Workspace;

  const net = names.v4(0);
  const at = (host: number): string => `${net}.${host}`;
  const range = (start: number, end: number, more: Configuration = {}): Configuration => ({
    ...{ subnet: "${maas_subnet.s.id}", type: "dynamic", start_ip: at(start), end_ip: at(end) },
    ...more,
  });

  const write = (gateway: number, ranges: Record<string, Configuration>): void =>
    workspace.write({
      resource: {
        maas_fabric: { f: { name: `${names.prefix}-f` } },
        maas_vlan: { v: { fabric: "${maas_fabric.f.id}", vid: 60 } },
        maas_subnet: { s: { cidr: `${net}.0/24`, vlan: "${maas_vlan.v.id}", gateway_ip: at(gateway) } },
        ...(Object.keys(ranges).length > 0 && { maas_subnet_ip_range: ranges }),
      },
    });

  const plan = async (...args: string[]): Promise<{ code: number; text: string }> => {
    const { code, output } = await workspace.terraform(["plan", "-no-color", ...args]);
    return { code, text: output.replace(/[│╷╵]/g, " ").replace(/\s+/g, " ") };
  };

  beforeAll(async () => {
    region = await startRegion();
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    write(150, { r: range(100, 149) });
    await workspace.init();
    await workspace.apply();
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test("a gateway leaves a place that a range takes, and comes back", async () => {
    write(1, { r: range(100, 199) });
    expect((await plan()).code).toBe(0);
    await workspace.apply();
    write(150, { r: range(100, 149) });
    expect((await plan()).code).toBe(0);
    await workspace.apply();
  });

  test("a gateway inside a range that stays is found, naming the range and the address", async () => {
    write(120, { r: range(100, 149) });
    const { code, text } = await plan();
    expect(code).toBe(1);
    expect(text).toContain(
      `MAAS6-RNG-04: dynamic range ${at(100)}-${at(149)} holds ${at(120)}, the gateway of its subnet`,
    );
    write(150, { r: range(100, 149) });
    expect((await plan("-detailed-exitcode")).code).toBe(0);
  });

  test("two ranges of one run that overlap are found at plan, once", async () => {
    write(150, { r: range(100, 149), more: range(140, 148) });
    const { code, text } = await plan();
    expect(code).toBe(1);
    expect(text).toContain(`dynamic range ${at(140)}-${at(148)} overlaps the dynamic range ${at(100)}-${at(149)}`);
    expect(text.match(/Error: /g)).toHaveLength(1);
  });

  test("ranges that make room for each other pass, whichever is planned first", async () => {
    write(200, { r: range(100, 149), s: range(150, 169), t: range(170, 189) });
    await workspace.apply();
    write(200, { r: range(100, 159), s: range(160, 179), t: range(180, 199) });
    for (const parallelism of ["10", "3"]) expect((await plan(`-parallelism=${parallelism}`)).code).toBe(0);
    await workspace.apply();
    write(200, { r: range(100, 149), s: range(150, 169), t: range(170, 189) });
    await workspace.apply();
  });

  test("a range that refers to its subnet by its CIDR may be planned before it", async () => {
    const byCidr = { subnet: `${net}.0/24` };
    write(150, { r: range(100, 149, byCidr) });
    await workspace.apply();
    write(1, { r: range(100, 199, byCidr) });
    expect((await plan()).code).toBe(0);
    await workspace.apply();
    write(150, { r: range(100, 149) });
    await workspace.apply();
  });

  test("a range of nobody in the run is found at plan, with its place on the region", async () => {
    const subnet = (await region.api.get(`subnets/cidr:${net}.0/24/`)) as ObjectJson;
    const foreign = (await region.api.post("ipranges/", [
      ["subnet", textOf(subnet.id)],
      ["type", "reserved"],
      ["start_ip", at(20)],
      ["end_ip", at(29)],
    ])) as ObjectJson;
    write(150, { r: range(100, 149), more: range(25, 35) });
    const { code, text } = await plan();
    expect(code).toBe(1);
    expect(text).toContain(
      `overlaps the reserved range ${at(20)}-${at(29)} of IP range ${textOf(foreign.id)} of the region`,
    );
    expect(text).toContain(`Start this IP range at ${at(30)}`);
  });
});

suite("ranges of subnets that are made in the same run", () => {
  const names = ownNames();

  test("are judged at plan by their addresses, before the subnet has an id", async () => {
    const region = await startRegion();
    const workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    const net = names.v4(1);
    const range = (start: number, end: number): Configuration => ({
      ...{ subnet: "${maas_subnet.s.id}", type: "dynamic", start_ip: `${net}.${start}`, end_ip: `${net}.${end}` },
    });
    workspace.write({
      resource: {
        maas_fabric: { f: { name: `${names.prefix}-n` } },
        maas_vlan: { v: { fabric: "${maas_fabric.f.id}", vid: 61 } },
        maas_subnet: { s: { cidr: `${net}.0/24`, vlan: "${maas_vlan.v.id}", gateway_ip: `${net}.1` } },
        maas_subnet_ip_range: { a: range(10, 50), b: range(40, 60) },
      },
    });
    await workspace.init();
    const { code, output } = await workspace.terraform(["plan", "-no-color"]);
    expect(code).toBe(1);
    expect(output.match(/MAAS6-RNG-04/g)).toHaveLength(1);
    workspace.remove();
    await region.stop();
  });
});
