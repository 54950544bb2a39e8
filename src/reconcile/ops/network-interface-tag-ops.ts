import { shellWord } from "../../../lib/model/escape";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { ownerOf } from "../../../lib/model/owner";
import { fault } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../maas/api-url";
import type { ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import { ObjectError, PartialChangeError, TakenError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import { decodeTags, type NodeInterface, refreshedNode, tagsOf, textsOf } from "../region/node-interfaces";
import { changingNode, interfacesOf, readNode, requireInterface, requireNode, requireOwner } from "../region/nodes";
import type { Region } from "../region/region";

const KIND = KINDS.network_interface_tag;

const TAGS = KIND.field.tags;

/** MAAS does the same when it is repeated: there is nothing to look for. */
const nothingMade = (): Promise<undefined> => Promise.resolve(undefined);

/**
 * The tags of interfaces of machines and devices. Each is added or removed by itself, in whatever state the machine is, and
 * nothing else of the interface is sent. Changes to one node run one after the other.
 */
export class NetworkInterfaceTagOps implements ObjectOps {
  constructor(private readonly region: Region) {}

  async read(id: string, isAdopted = false, prior: Attributes = {}): Promise<Attributes | undefined> {
    const [systemId = "", nicId] = id.split("/");
    const node = await readNode(this.region, systemId, ownerOf(prior)?.kind);
    const nic = node && interfacesOf(node).find((row) => textOf(row.id) === nicId);
    if (node === undefined || nic === undefined) return undefined;
    return isAdopted || tagsOf(nic).length > 0 ? decodeTags({ node, nic }) : undefined;
  }

  async find(desired: Attributes): Promise<Existing | undefined> {
    const found = this.named(await requireOwner(this.region, desired), desired);
    if (tagsOf(found.nic).length === 0) return undefined;
    return { live: decodeTags(found), isUntouched: keepsAll(found.nic, desired) };
  }

  create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    return this.changing(ownerOf(desired)?.key ?? "", desired, async (node) => {
      const place = this.named(node, desired);
      const before = decodeTags(place);
      const adopted = tagsOf(place.nic).length > 0 && { original: before };
      if (!adoptExisting && !keepsAll(place.nic, desired)) throw tagged(place);
      try {
        return { live: await this.set(place, textsOf(desired.tags)), ...adopted };
      } catch (error) {
        const live = await this.read(textOf(before.id), true, desired);
        if (live === undefined || sameValue(TAGS, live.tags ?? [], before.tags ?? [])) throw error;
        throw new PartialChangeError(error, "", { live, ...adopted });
      }
    });
  }

  update(id: string, prior: Attributes, { tags }: Attributes): Promise<Attributes> {
    const [systemId = "", nicId = ""] = id.split("/");
    return this.changing(systemId, prior, async (node) => {
      const nic = interfacesOf(node).find((row) => textOf(row.id) === nicId);
      if (nic === undefined) throw gone(node, nicId);
      return tags === undefined || !isKnown(tags) ? decodeTags({ node, nic }) : this.set({ node, nic }, textsOf(tags));
    });
  }

  async remove(id: string, prior: Attributes, { original }: Removal): Promise<void> {
    const [systemId = "", nicId = ""] = id.split("/");
    if ((await readNode(this.region, systemId, ownerOf(prior)?.kind)) === undefined) return;
    await this.changing(systemId, prior, async (node) => {
      const nic = interfacesOf(node).find((row) => textOf(row.id) === nicId);
      if (nic === undefined) return;
      const own = textsOf(prior.tags);
      const left = original === undefined ? tagsOf(nic).filter((tag) => !own.includes(tag)) : textsOf(original.tags);
      try {
        await this.set({ node, nic }, left);
      } catch (error) {
        if (!(error instanceof MaasNotFoundError)) throw error;
      }
    });
  }

  private named(node: ObjectJson, { interface_id: key }: Attributes): NodeInterface {
    return { node, nic: requireInterface(node, textOf(key), "interface_id") };
  }

  /** Adds what is missing first, so that an interface that is to have tags is never without one. */
  private async set({ node, nic }: NodeInterface, wanted: readonly string[]): Promise<Attributes> {
    const there = tagsOf(nic);
    const path = apiPath`nodes/${textOf(node.system_id)}/interfaces/${textOf(nic.id)}/`;
    const calls = [
      ...wanted.filter((tag) => !there.includes(tag)).map((tag) => ["add_tag", tag] as const),
      ...there.filter((tag) => !wanted.includes(tag)).map((tag) => ["remove_tag", tag] as const),
    ];
    if (calls.length === 0) return decodeTags({ node, nic });
    try {
      for (const [op, tag] of calls) await this.region.client.post(path, [["tag", tag]], { op }, { made: nothingMade });
    } catch (error) {
      // So that what was changed until then is known; where the region does not answer, the error says so.
      await refreshedNode(this.region, node).catch(() => node);
      throw error;
    }
    const fresh = await refreshedNode(this.region, node);
    const own = interfacesOf(fresh).find(({ id }) => id === nic.id);
    if (own === undefined) throw gone(node, textOf(nic.id));
    return decodeTags({ node: fresh, nic: own });
  }

  /** Does the work with the node's interfaces as they are now, when all earlier changes of it are done. */
  private changing<T>(systemId: string, of: Attributes, work: (node: ObjectJson) => Promise<T>): Promise<T> {
    return changingNode(this.region, systemId, async () =>
      work(await refreshedNode(this.region, await requireNode(this.region, systemId, ownerOf(of)?.kind))),
    );
  }
}

/** Whether the interface has no tag that it is not to have. */
const keepsAll = (nic: ObjectJson, { tags }: Attributes): boolean =>
  tagsOf(nic).every((tag) => textsOf(tags).includes(tag));

const nameOf = ({ node, nic }: NodeInterface): string => `${textOf(nic.name)} of ${textOf(node.hostname)}`;

function tagged(place: NodeInterface): TakenError {
  const { nic } = place;
  const id = textOf(decodeTags(place).id);
  const tags = tagsOf(nic);
  return new TakenError(
    fault("MAAS-OPS-03", "tags", {
      what: `${nameOf(place)} has tags that are not named here: ${tags.join(", ")}`,
      why: "Somebody else may have set them, so they were not removed.",
      fix:
        `Name them too, import them (terraform import ${KIND.type}.NAME ${shellWord(id)}), or set adopt_existing = true to have only those ` +
        "that are named here: a destroy then restores the others.",
    }),
  );
}

const gone = (node: ObjectJson, nicId: string): ObjectError =>
  new ObjectError(
    fault("MAAS-API-06", "interface_id", {
      what: `${textOf(node.hostname)} no longer has the interface with the id ${nicId}`,
      why: "Its tags went with it.",
      fix: "Name another interface, or make this one again first.",
    }),
  );
