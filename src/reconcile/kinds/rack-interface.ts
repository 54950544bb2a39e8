import { textOf } from "../../../lib/model/text";
import { RackInterfaceOps } from "../ops/rack-interface-ops";
import { tryResolve } from "../references";
import type { Strategy } from "../strategy";
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
  likelyCause: unseenRacks,
};
