import type { NetworkDocument } from "../../../../lib/model/document";
import type { DesiredObject } from "../../../../src/reconcile/engine/plan/read-live";
import type { Prepared } from "../../../../src/reconcile/engine/plan/prepare";
import { EngineUser } from "../../../support/engine";
import { documentOf as documentWith } from "../support/documents";
import { adopted, at, wanted } from "../support/objects";

jest.setTimeout(60_000);

/** A document that wants these objects. */
const documentOf = (...objects: DesiredObject[]): NetworkDocument => documentWith(objects, { machine: ["node1"] });

const MAC = "52:54:00:00:01:00";

const tagSet = (nic: string, ...tags: string[]) =>
  wanted("network_interface_tag", `node1/${nic}`, { machine: "node1", interface_id: nic, tags });

const physical = (...tags: string[]) =>
  adopted(wanted("network_interface_physical", `node1/${MAC}`, { machine: "node1", mac_address: MAC, tags }));

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    machines: [
      {
        hostname: "node1",
        interfaces: [{ name: "eth0", mac_address: MAC }, { name: "eth1" }, { name: "eth2", tags: ["theirs"] }],
      },
    ],
  });
});

afterAll(() => user.stop());

beforeEach(() => user.reset());

test("an interface whose tags are set in two places, and not to the same, is warned of", async () => {
  const { warnings } = await user.prepare(documentOf(physical("fast"), tagSet("eth0", "uplink")));
  expect(warnings).toMatchObject([
    {
      ...{ code: "MAAS-CON-07", severity: "warning" },
      what: "the tags of eth0 of node1 are set in two places of this run, and not to the same",
      fix: expect.stringContaining("Leave tags out of the maas_network_interface_physical") as string,
    },
  ]);
  const same = [physical("fast", "uplink"), tagSet("eth0", "uplink", "fast"), tagSet("eth1", "slow")];
  expect((await user.prepare(documentOf(...same))).warnings).toEqual([]);
});

test("two tag sets of one interface, under two names of it, are refused", async () => {
  const planned = user.prepare(documentOf(tagSet("eth0", "uplink"), at("again", tagSet(MAC, "fast"))));
  await expect(planned).rejects.toThrow(
    "another maas_network_interface_tag of this run sets the tags of eth0 of node1",
  );
});

test("tags are set after their interface is made, and removed before it goes", async () => {
  const bond = wanted("network_interface_bond", "node1/bond0", { machine: "node1", name: "bond0", parents: ["eth0"] });
  const named = ({ plan }: Prepared): string[] => plan.steps.map(({ action, kind }) => `${action} ${kind}`);
  const made = await user.run(documentOf(tagSet("bond0", "uplink", "fast"), bond));
  expect(named(made)).toEqual(["create network_interface_bond", "create network_interface_tag"]);
  const [node] = (await user.api.get("machines/")) as { interface_set: { name: string; tags: string[] }[] }[];
  expect(node?.interface_set.find(({ name }) => name === "bond0")?.tags).toEqual(["fast", "uplink"]);
  expect(named(await user.prepare(documentOf(tagSet("bond0", "uplink", "fast"), bond)))).toEqual([]);
  const ended = await user.run(documentOf());
  expect(named(ended)).toEqual(["delete network_interface_tag", "delete network_interface_bond"]);
});

test("tags that an interface has already are not taken over unless the document says so, and are restored", async () => {
  const tags = async (): Promise<unknown> => {
    const [node] = (await user.api.get("machines/")) as { interface_set: { name: string; tags: string[] }[] }[];
    return node?.interface_set.find(({ name }) => name === "eth2")?.tags;
  };
  const { refusals } = await user.prepare(documentOf(tagSet("eth2", "uplink")));
  expect(refusals).toMatchObject([{ id: "existing", about: [expect.stringContaining("node1/eth2") as string] }]);
  await user.run(documentOf(adopted(tagSet("eth2", "uplink"))));
  expect(await tags()).toEqual(["uplink"]);
  await user.run(documentOf());
  expect(await tags()).toEqual(["theirs"]);
});
