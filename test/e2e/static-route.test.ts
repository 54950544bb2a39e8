import { ownNames, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(180_000);

const suite = describeWithTerraform();

suite("static routes, through real Terraform", () => {
  const names = ownNames();
  const [source, destination, other] = [names.v4(0), names.v4(1), names.v4(2)];
  const v6 = names.v6("0");
  let region: TestRegion;
  let workspace: Workspace;

  const write = (route: Configuration, more: Record<string, Configuration> = {}, to = destination): void =>
    workspace.write({
      resource: {
        maas_fabric: { f: { name: `${names.prefix}-f` } },
        maas_vlan: { v: { fabric: "${maas_fabric.f.id}", vid: 60 } },
        maas_subnet: {
          from: { cidr: `${source}.0/24`, vlan: "${maas_vlan.v.id}" },
          to: { cidr: `${to}.0/24`, vlan: "${maas_vlan.v.id}" },
          six: { cidr: `${v6}:/64`, vlan: "${maas_vlan.v.id}" },
        },
        maas_static_route: { r: { source: "${maas_subnet.from.id}", destination: "${maas_subnet.to.id}", ...route } },
      },
      ...more,
    });

  const nextPlan = async (): Promise<number> =>
    (await workspace.terraform(["plan", "-detailed-exitcode", "-no-color"])).code;

  const routes = async () =>
    ((await region.api.get("static-routes/")) as Record<string, Record<string, unknown>>[])
      .filter((row) => row.source?.cidr === `${source}.0/24`)
      .map((row) => [row.destination?.cidr, row.gateway_ip, row.metric]);

  beforeAll(async () => {
    region = await startRegion();
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    write({ gateway_ip: `${source}.1` });
    await workspace.init();
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test("a route is made, found by its data source, changed in place, and made anew with a subnet of its", async () => {
    const found = { source: "${maas_static_route.r.source}", destination: `${destination}.0/24` };
    const data = { maas_static_route: { found: { ...found, gateway_ip: `${source}.1` } } };
    write(
      { gateway_ip: `${source}.1` },
      { data, output: { found: { value: "${data.maas_static_route.found.metric}" } } },
    );
    await workspace.apply();
    expect(await nextPlan()).toBe(0);
    expect(await routes()).toEqual([[`${destination}.0/24`, `${source}.1`, 0]]);
    const id = (await workspace.state())["maas_static_route.r"]?.id;

    write({ gateway_ip: `${source}.254`, metric: 7 });
    await workspace.apply();
    expect(await nextPlan()).toBe(0);
    expect(await routes()).toEqual([[`${destination}.0/24`, `${source}.254`, 7]]);
    expect((await workspace.state())["maas_static_route.r"]?.id).toBe(id);

    write({ gateway_ip: `${source}.254` }, {}, other);
    await workspace.apply();
    expect(await nextPlan()).toBe(0);
    expect(await routes()).toEqual([[`${other}.0/24`, `${source}.254`, 0]]);
  });

  test("a route that is there is imported by its natural key, by its id, and adopted", async () => {
    const key = `${source}.0/24 to ${other}.0/24 via ${source}.254`;
    const id = String((await workspace.state())["maas_static_route.r"]?.id);
    for (const name of [key, id]) {
      await workspace.terraform(["state", "rm", "maas_static_route.r"]);
      const { code, output } = await workspace.terraform(["import", "-no-color", "maas_static_route.r", name]);
      expect([code, output]).toEqual([0, expect.stringContaining("Import successful")]);
      expect(await nextPlan()).toBe(0);
    }
    await workspace.terraform(["state", "rm", "maas_static_route.r"]);
    const again = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    expect([again.code, again.output]).toEqual([1, expect.stringContaining("This static route exists already")]);
    write({ gateway_ip: `${source}.254`, adopt_existing: true }, {}, other);
    await workspace.apply();
    expect((await workspace.state())["maas_static_route.r"]?.id).toBe(id);
  });

  test("a gateway outside the source and a subnet of the other family are refused at plan", async () => {
    write({ gateway_ip: `${other}.1` }, {}, other);
    const outside = await workspace.terraform(["plan", "-no-color"]);
    expect([outside.code, outside.output.replace(/\s+/g, " ")]).toEqual([1, expect.stringContaining("MAAS6-RTE-01")]);
    write({ gateway_ip: `${source}.1`, destination: "${maas_subnet.six.id}" }, {}, other);
    const mixed = await workspace.terraform(["plan", "-no-color"]);
    expect([mixed.code, mixed.output.replace(/\s+/g, " ")]).toEqual([1, expect.stringContaining("MAAS6-RTE-02")]);
  });
});
