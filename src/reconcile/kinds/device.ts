import type { Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import { CollectionOps } from "../ops/collection-ops";
import { macsOf } from "../region/node-interfaces";
import { changingNode, interfacesOf } from "../region/nodes";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

const INTERFACES = KINDS.device.field.network_interfaces;

/** Devices. MAAS takes the interfaces of a new one; later they are added and removed each by itself. */
class DeviceOps extends CollectionOps {
  constructor(
    private readonly at: Region,
    kind: Kind,
  ) {
    super(at, kind);
  }

  override async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const { network_interfaces: before, ...others } = prior;
    const { network_interfaces: wanted, ...changed } = desired;
    if (wanted !== undefined && !sameValue(INTERFACES, before ?? null, wanted))
      await changingNode(this.at, id, () => this.change(id, macsOf(desired) ?? []));
    return super.update(id, others, changed);
  }

  /** Adds the interfaces that the device lacks, then removes those that it is not to have. */
  private async change(id: string, wanted: readonly string[]): Promise<void> {
    const { client, snapshot } = this.at;
    const [path, one] = [apiPath`nodes/${id}/interfaces/`, apiPath`devices/${id}/`];
    const present = interfacesOf(objectRead(one, await client.get(one)));
    const macs = new Set(present.map((nic) => textOf(nic.mac_address)));
    try {
      for (const mac of wanted.filter((address) => !macs.has(address))) {
        const made = async (): Promise<ObjectJson | undefined> =>
          rowsAnswered(path, await client.get(path)).find((nic) => nic.mac_address === mac);
        await client.post(path, [["mac_address", mac]], { op: "create_physical" }, { made });
      }
      for (const nic of present.filter((row) => !wanted.includes(textOf(row.mac_address))))
        await this.removeOne(path, nic);
    } finally {
      snapshot.outdated("devices");
    }
  }

  private async removeOne(path: string, { id }: ObjectJson): Promise<void> {
    try {
      await this.at.client.delete(`${path}${textOf(id)}/`);
    } catch (error) {
      if (!(error instanceof MaasNotFoundError)) throw error;
    }
  }
}

export const device: Strategy = { ops: (region, kind) => new DeviceOps(region, kind) };
