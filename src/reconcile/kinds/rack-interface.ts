import { textOf } from "../../../lib/model/text";
import { checkEmptiedFabric } from "../planning/side-effects";
import { RackInterfaceOps } from "../ops/rack-interface-ops";
import { tryResolve } from "../objects/references";
import type { Strategy } from "../objects/strategy";
import { unseenRacks } from "./rack-controller";

/** Interfaces of racks: the rack reports them, and nobody makes or deletes them. */
export const rackInterface: Strategy = {
  ops: (region) => new RackInterfaceOps(region),
  lookUp: async (region, key) => {
    const [, rackKey, nic] = /^(.+)\/([^/]+)$/.exec(key) ?? [];
    const systemId = rackKey === undefined ? undefined : await tryResolve(region, "rack_controller", rackKey);
    if (systemId === undefined || nic === undefined) return undefined;
    const nics = await new RackInterfaceOps(region).listOf(systemId);
    const found = nics.find((candidate) => candidate.name === nic || candidate.id === `${systemId}/${nic}`);
    return found === undefined ? undefined : textOf(found.id);
  },
  check: async ({ region, own, moment, planned: run }, planned) => {
    const { rack_controller: rack, name, vlan } = planned;
    if (moment === "apply" || !own.isChanged) return [];
    if (typeof rack !== "string" || typeof name !== "string" || typeof vlan !== "string") return [];
    const to = await tryResolve(region, "vlan", vlan, "after");
    const id = own.id ?? (await tryResolve(region, "rack_interface", `${rack}/${name}`));
    return id === undefined || to === undefined ? [] : checkEmptiedFabric(region, run, { id, isTakenOver: true, to });
  },
  checkRelease: (region, run, { id }, { vlan }) =>
    checkEmptiedFabric(region, run, {
      id: textOf(id),
      isTakenOver: false,
      to: typeof vlan === "string" ? vlan : undefined,
    }),
  likelyCause: unseenRacks,
};
