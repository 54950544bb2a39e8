import { KINDS } from "../../../lib/model/kinds";
import { sentence } from "../../../lib/model/problem";
import { DestroyChecks } from "../../../src/reconcile/checks/destroy-checks";
import { openRegion } from "../../../src/reconcile/kinds";
import { OwnObjects, PlannedObjects } from "../../../src/reconcile/planned/planned-objects";
import { EngineUser } from "../../support/engine";

jest.setTimeout(60_000);

const SEED = {
  fabrics: [{ name: "lab", vlans: [{ vid: 10 }] }],
  subnets: [{ cidr: "10.9.0.0/24", fabric: "lab", vid: 10 }],
  machines: [
    {
      hostname: "node1",
      interfaces: [
        {
          ...{ name: "eth0", fabric: "lab", vid: 10 },
          links: [{ mode: "STATIC", subnet: "10.9.0.0/24", ip_address: "10.9.0.9" }],
        },
      ],
    },
  ],
};

describe("the warning of a planned deletion", () => {
  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start(SEED, "3.6");
  });

  beforeEach(() => user.reset());

  afterAll(() => user.stop());

  const warned = async (): Promise<string> => {
    const checks = new DestroyChecks(openRegion(user.api), new OwnObjects(), new PlannedObjects());
    const [subnet] = (await user.api.get("subnets/")) as { id: number }[];
    const prior = { id: String(subnet?.id), cidr: "10.9.0.0/24" };
    return (await checks.replaced(KINDS.subnet, prior)).map((problem) => sentence(problem)).join(" ");
  };

  test("claims no refusal for links that the same run may destroy first", async () => {
    const text = await warned();
    expect(text).toContain("MAAS deletes with it: 10.9.0.9 of node1 (eth0).");
    expect(text).toContain("What this run destroys of these itself goes first. While anything else is left,");
  });

  test("says that the destroy will be refused for what no run can have", async () => {
    await user.api.post("ipaddresses/", [["ip", "10.9.0.7"]], { op: "reserve" });
    expect(await warned()).toContain("10.9.0.7, reserved by admin. The destroy will be refused. Remove or move it");
  });
});
