import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { checkEmptiedFabric } from "../checks/side-effects";
import { ObjectError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import { configuredAlready } from "../ops/adoption";
import { afterRackInterface } from "../ops/dhcp-pause";
import { tryResolve } from "../references/lookups";
import { isDefaultVlan } from "../region/live-objects";
import type { Region } from "../region/region";
import { unseenRacks } from "./rack-controller";
import type { Strategy } from "./strategy";

const KIND = KINDS.rack_interface;

/** An address that the rack has reported on an interface. */
interface Reach {
  readonly address: string;
  readonly cidr: string;
  readonly vlan: string;
}

/** The addresses of an interface with the subnets they are on, those that MAAS has only discovered included. */
function reachOf(nic: ObjectJson): Reach[] {
  return [...rowsOf(nic.links), ...rowsOf(nic.discovered)].flatMap((link) => {
    const { cidr, vlan } = decode(KINDS.subnet, (link.subnet ?? {}) as ObjectJson);
    return typeof link.ip_address === "string"
      ? [{ address: link.ip_address, cidr: textOf(cidr), vlan: textOf(vlan) }]
      : [];
  });
}

/** Interfaces of rack controllers: the rack makes them, so they are found, moved to a VLAN, and restored. */
class RackInterfaceOps implements ObjectOps {
  constructor(private readonly region: Region) {}

  async read(id: string): Promise<Attributes | undefined> {
    const nic = await this.region.snapshot.read("interfaces", id);
    return nic === undefined ? undefined : this.decode(nic);
  }

  async find(desired: Attributes): Promise<Existing> {
    const nic = await this.findByName(textOf(desired.rack_controller), textOf(desired.name));
    return { live: this.decode(nic), isUntouched: await this.mayMove(nic, desired) };
  }

  async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const nic = await this.findByName(textOf(desired.rack_controller), textOf(desired.name));
    const original = this.decode(nic);
    if (!adoptExisting && !(await this.mayMove(nic, desired)))
      throw await configuredAlready(this.region, KIND, "vlan", original);
    return { live: await this.update(textOf(original.id), original, desired), original };
  }

  async update(id: string, _prior: Attributes, desired: Attributes): Promise<Attributes> {
    const [rack = "", nic = ""] = id.split("/");
    const path = apiPath`nodes/${rack}/interfaces/${nic}/`;
    const live = objectRead(path, await this.region.client.get(path));
    const wanted = desired.vlan === null || desired.vlan === undefined ? "" : textOf(desired.vlan);
    if ((decode(KIND, live).vlan ?? "") === wanted) return this.decode(live);
    this.checkMove(`${textOf(desired.rack_controller)}/${textOf(live.name)}`, live, wanted);
    const moved = await this.region.client.put(path, [["vlan", wanted]]);
    this.region.snapshot.changed("interfaces", moved);
    await afterRackInterface(this.region, rack, (live.vlan ?? null) as ObjectJson | null);
    return this.decode(moved);
  }

  async remove(id: string, prior: Attributes, { original }: Removal): Promise<void> {
    if (original === undefined) return;
    try {
      await this.update(id, prior, original);
    } catch (error) {
      if (error instanceof MaasNotFoundError) return;
      if (!(error instanceof MaasValidationError && "vlan" in error.fields)) throw error;
      // MAAS deletes a fabric whose last interface has left, so that there may be no VLAN to go back to.
      await this.update(id, prior, { ...original, vlan: null });
    }
  }

  /** Every interface of the rack, by attributes. */
  async listOf(rack: string): Promise<Attributes[]> {
    return (await this.rowsOf(rack)).map((nic) => this.decode(nic));
  }

  private async rowsOf(rack: string): Promise<readonly ObjectJson[]> {
    const path = apiPath`nodes/${rack}/interfaces/`;
    const nics = rowsAnswered(path, await this.region.client.get(path));
    for (const nic of nics) this.region.snapshot.remember("interfaces", nic);
    return nics;
  }

  /**
   * Whether nobody has put the interface on a VLAN other than the one asked for: MAAS puts new interfaces on the default
   * VLAN of a fabric.
   */
  private async mayMove(nic: ObjectJson, desired: Attributes): Promise<boolean> {
    const vlan = (nic.vlan ?? null) as ObjectJson | null;
    return vlan === null || textOf(vlan.id) === desired.vlan || isDefaultVlan(this.region, vlan);
  }

  private async findByName(rack: string, name: string): Promise<ObjectJson> {
    const nics = await this.rowsOf(rack);
    const found = nics.find((nic) => nic.name === name);
    if (found !== undefined) return found;
    throw new ObjectError(
      fault("MAAS-OPS-01", "name", {
        what: `rack controller ${rack} has no interface "${name}"`,
        why: "A rack reports its own interfaces; nobody can create one through MAAS.",
        fix: `It has ${nics.map((nic) => textOf(nic.name)).join(", ") || "none"}: use one of these.`,
      }),
    );
  }

  /** The rack moves an interface with addresses back to the VLAN of their subnet, so such a move would not last. */
  private checkMove(nic: string, live: ObjectJson, vlan: string): void {
    const elsewhere = reachOf(live).find((reach) => reach.vlan !== vlan);
    if (elsewhere === undefined) return;
    throw new ObjectError(
      fault("MAAS-OPS-15", "vlan", {
        what: `${nic} has the address ${elsewhere.address} of ${elsewhere.cidr}, which is on VLAN ${elsewhere.vlan}`,
        why: "At its next report the rack would move the interface back to the VLAN of its subnet.",
        fix: `Put the subnet ${elsewhere.cidr} on VLAN ${vlan || "(none)"} (vlan of its maas_subnet, with adopt_existing = true); the interface follows it.`,
      }),
    );
  }

  private decode(nic: ObjectJson): Attributes {
    const reach = reachOf(nic);
    return {
      ...decode(KIND, nic),
      id: `${textOf(nic.system_id)}/${textOf(nic.id)}`,
      ip_addresses: reach.map(({ address }) => address),
      subnets: [...new Set(reach.map(({ cidr }) => cidr))],
    };
  }
}

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
