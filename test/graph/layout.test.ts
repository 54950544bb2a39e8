import type { NetworkDocument } from "../../lib/model/document";
import { documentNetwork } from "../../lib/model/document/network";
import { layOut } from "../../src/graph/layout";
import { pictureOf } from "../../src/graph/picture-of";
import { documentOf } from "./networks";

const NO_REPORT = { findings: [], unjudged: [], results: [] };

/** Two fabrics, the VLANs of the second relayed to the first, and a fabric without VLANs. */
function relayed(vlans: number): NetworkDocument {
  const { objects, ...rest } = documentOf(vlans);
  const fabrics = ["lab", "remote", "empty"].map((name) => ({
    ...{ key: name, path: name, origin: "create" as const },
    attributes: { name },
  }));
  const isRemote = (key: string): boolean => Number(key.split(":")[1]) % 2 === 0;
  const vlan = (objects.vlan ?? []).map((one) =>
    isRemote(one.key) ? { ...one, attributes: { ...one.attributes, fabric: "remote" } } : one,
  );
  const relays = vlan
    .filter(({ key }) => isRemote(key))
    .map(({ key, path }) => ({
      ...{ key, path, origin: "create" as const },
      attributes: { vlan: key, relay_vlan: "lab:1" },
    }));
  return {
    ...rest,
    objects: { ...objects, fabric: fabrics, vlan, vlan_dhcp: [...(objects.vlan_dhcp ?? []), ...relays] },
  };
}

test.each([0, 1, 2, 5, 8, 11, 12, 30])(
  "everything of %i VLANs with relays between fabrics has a place",
  async (vlans) => {
    const picture = pictureOf(documentNetwork(relayed(vlans)), NO_REPORT, "lab");
    const scene = await layOut(picture);
    expect([scene.cards.length, scene.fabrics.length]).toEqual([vlans + 1, 3]);
    // Above 12 VLANs and racks the cards name in words what they are connected to.
    expect(scene.links).toHaveLength(vlans <= 11 ? picture.links.length : 0);
    for (const { x, y, card } of scene.cards) {
      expect([x >= 0, y >= 0, x + card.width <= scene.width, y + card.height <= scene.height]).toEqual(
        Array(4).fill(true),
      );
    }
  },
);
