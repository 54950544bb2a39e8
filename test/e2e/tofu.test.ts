import {
  expectAsBefore,
  inventory,
  lentInterface,
  ownNames,
  rackOf,
  startRegion,
  type TestRegion,
} from "../support/region";
import { isOnPath } from "../../scripts/terraform-program";
import { Workspace } from "../support/terraform";
import { dualStack } from "./network";

jest.setTimeout(120_000);

const OPEN_TOFU = "tofu";

if (!isOnPath(OPEN_TOFU)) process.stderr.write("\n*** SKIPPED: tofu is not on the PATH, so OpenTofu was not tested\n");

(isOnPath(OPEN_TOFU) ? describe : describe.skip)("a network of every resource type, through real OpenTofu", () => {
  const names = ownNames();
  const nic = lentInterface();
  let region: TestRegion;
  let workspace: Workspace;

  beforeAll(async () => {
    region = await startRegion();
    workspace = new Workspace(
      { MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey },
      { terraform: OPEN_TOFU, startsPlugin: true },
    );
  });

  afterAll(async () => {
    workspace.remove();
    await region.stop();
  });

  test("is created, needs no change after that, is changed in place, and is destroyed", async () => {
    const before = await inventory(region.api);
    const rack = await rackOf(region, nic);
    workspace.write(dualStack(names, rack, nic));
    await workspace.init();
    await workspace.apply();
    workspace.write(dualStack(names, rack, nic, { vid: 21, mtu: 9000 }));
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    await workspace.destroy();
    await expectAsBefore(region, before, names.prefix);
  });
});
