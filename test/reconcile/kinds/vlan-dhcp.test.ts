import { KINDS } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../../src/maas/codec";
import { openRegion } from "../../../src/reconcile/kinds";
import { RegionObjects } from "../../../src/reconcile/region-objects";
import { EngineUser } from "../../support/engine";

describe("vlan dhcp ops", () => {
  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start({
      fabrics: [{ name: "lab", vlans: [{ vid: 0, dhcp_on: true, primary_rack: "rack1" }] }],
      subnets: [{ cidr: "10.1.0.0/24", fabric: "lab", vid: 0 }],
      ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
      racks: ["rack1", "rack2"].map((hostname) => ({ hostname, interfaces: [{ name: "eth0", fabric: "lab" }] })),
    });
  });

  afterEach(() => user.reset());
  afterAll(() => user.stop());

  const newRun = (): RegionObjects => new RegionObjects(openRegion(user.api));

  const dhcp = (): unknown => user.simulator.state.vlans.find(({ fabric }) => fabric === "lab");

  describe("DHCP that was taken over and that somebody has switched off since", () => {
    const taken = async () => {
      const made = await newRun().create(KINDS.vlan_dhcp, { vlan: "lab:0", primary_rack_controller: "rack2" }, true);
      const id = textOf(made.live.id);
      await user.api.put(`vlans/${id}/`, [
        ["dhcp_on", "false"],
        ["primary_rack", ""],
      ]);
      return { ...made, id };
    };

    test("counts as changed and not as gone, and is restored to what it was", async () => {
      const { id, live, original } = await taken();
      const run = newRun();
      expect(await run.read(KINDS.vlan_dhcp, id, live)).toBeUndefined();
      expect(await newRun().read(KINDS.vlan_dhcp, id, live, true)).toMatchObject({
        ...{ dhcp_on: false, primary_rack_controller: null, relay_vlan: null },
      });
      await run.remove(KINDS.vlan_dhcp, id, live, { original });
      expect(dhcp()).toMatchObject({ dhcpOn: true, primaryRack: "rack1" });
    });

    test("stays off where it can't be what it was any more", async () => {
      const { id, live, original } = await taken();
      const [range] = (await user.api.get("ipranges/")) as readonly ObjectJson[];
      await user.api.delete(`ipranges/${textOf(range?.id)}/`);
      await newRun().remove(KINDS.vlan_dhcp, id, live, { original });
      expect(dhcp()).toMatchObject({ dhcpOn: false });
    });
  });
});
