import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../../../lib/model/kind";
import { kindOfInterface } from "../../../lib/model/kinds";
import { attributeEntries, type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { ownerOf } from "../../../lib/model/owner";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { encode, type ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import { PartialChangeError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import { changesBetween } from "../objects/planned-state";
import { readInterface, rememberOwner } from "../references/interfaces";
import { resolve } from "../references/references";
import { isDefaultVlan } from "../region/live-objects";
import {
  decodeInterface,
  isSameInterface,
  nameGiven,
  type NodeInterface,
  refreshedNode,
} from "../region/node-interfaces";
import { changingNode, interfacesOf, linksOf, requireInterface, requireNode } from "../region/nodes";
import type { Region } from "../region/region";
import { retryOnConflict } from "./retry-on-conflict";
import { announceExchange, type Exchange, exchanging, interfaceExchange } from "./exchanges";
import { existsAlready, explainInterfaceRefusal, isGone } from "./interface-refusals";

/** MAAS's parameter for the interfaces that one is made over. */
const PARENTS = "parents";

const isUnset = (value: Value | undefined): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);

/**
 * Interfaces of nodes, of one of MAAS's types. Physical ones that a node has reported are found and restored; all others are
 * made and deleted. Changes to one node run one after the other, since MAAS changes several interfaces at once.
 */
export class NodeInterfaceOps implements ObjectOps {
  readonly #exchange: Exchange;

  constructor(
    private readonly region: Region,
    private readonly kind: Kind,
  ) {
    this.#exchange = interfaceExchange(kind);
  }

  async read(id: string, _isAdopted?: boolean, prior: Attributes = {}): Promise<Attributes | undefined> {
    const found = await readInterface(this.region, id, prior);
    if (found === undefined || kindOfInterface(found.nic) !== this.kind) return undefined;
    return this.taken(found);
  }

  async find(desired: Attributes): Promise<Existing | undefined> {
    const node = await this.nodeOf(desired);
    const nic = await this.match(node, desired);
    if (nic === undefined || kindOfInterface(nic) !== this.kind) return undefined;
    return { live: this.taken({ node, nic }), isUntouched: await this.isUntouched({ node, nic }, desired) };
  }

  async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    // As it was before it is moved aside, where it is to exchange its name.
    let original: Attributes | undefined;
    const create = (): Promise<Created> =>
      this.changing(desired, async (node) => {
        const nic = await this.match(node, desired);
        if (nic === undefined) return { live: await this.make(node, desired) };
        const existing = { node, nic };
        const isMine = kindOfInterface(nic) === this.kind;
        if (!isMine || !(adoptExisting || (await this.isUntouched(existing, desired))))
          throw existsAlready(this.kind, existing);
        original ??= this.taken(existing);
        const changes = changesBetween(this.kind, original, desired);
        return { live: await this.change(existing, changes, desired), original };
      });
    const { live } = (await this.find(desired)) ?? {};
    if (live === undefined) return retryOnConflict(this.#exchange.refusal, create);
    try {
      return await this.exchanging(textOf(live.id), live, { ...live, ...desired }, create);
    } catch (error) {
      throw await this.partial(error, original);
    }
  }

  announce(id: string, live: Attributes, desired: Attributes): void {
    announceExchange(this.region, this.#exchange, { id, live, desired });
  }

  async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const changes = changesBetween(this.kind, prior, desired);
    const live = await this.changeById(id, prior, desired, () => changes);
    if (live === undefined) throw isGone(this.kind, id, await this.nodeOf(prior));
    return live;
  }

  /** Changes the interface with the id; undefined = it is gone. */
  private changeById(
    id: string,
    prior: Attributes,
    desired: Attributes,
    changesOf: (live: Attributes) => Attributes,
  ): Promise<Attributes | undefined> {
    return this.exchanging(id, prior, { ...prior, ...desired }, () =>
      this.changing(prior, async (node) => {
        const nic = interfacesOf(node).find((row) => textOf(row.id) === id);
        return nic && this.change({ node, nic }, changesOf(this.taken({ node, nic })), desired);
      }),
    );
  }

  /** Makes a change of an interface that may be to exchange its name with another one of its node. */
  private exchanging<T>(id: string, live: Attributes, desired: Attributes, change: () => Promise<T>): Promise<T> {
    const moveAside = (other: string, now: Attributes, values: Attributes): Promise<unknown> =>
      this.changing(now, async (node) => {
        const nic = interfacesOf(node).find((row) => textOf(row.id) === other);
        if (nic === undefined) return;
        const form: Form = [...encode(this.kind, values), ["tags", (nic.tags as readonly string[]).join(",")]];
        await this.region.client.put(this.pathOf({ node, nic }), form);
      });
    return exchanging(this.region, this.#exchange, { id, live, desired }, { change, moveAside });
  }

  async remove(id: string, prior: Attributes, { original }: Removal): Promise<void> {
    if (original !== undefined) {
      await this.changeById(id, prior, original, (live) => changesBetween(this.kind, live, original));
      return;
    }
    await this.changing(prior, async (node) => {
      const nic = interfacesOf(node).find((row) => textOf(row.id) === id);
      if (nic === undefined) return;
      try {
        await this.region.client.delete(this.pathOf({ node, nic }));
      } catch (error) {
        if (!(error instanceof MaasNotFoundError)) throw explainInterfaceRefusal(error, { node, nic, desired: prior });
      }
      await this.refresh(node, nic);
    });
  }

  private async make(node: ObjectJson, desired: Attributes): Promise<Attributes> {
    const { region, kind } = this;
    const path = apiPath`nodes/${textOf(node.system_id)}/interfaces/`;
    const given = Object.fromEntries(Object.entries(desired).filter(([, value]) => value !== null));
    const form = this.formOf(node, given);
    const made = async (): Promise<ObjectJson | undefined> => this.match(await refreshedNode(region, node), desired);
    try {
      await this.gatherParents(node, given);
      const op = `create_${kind.api.interfaceType ?? ""}`;
      const answer = objectRead(path, await region.client.post(path, form, { op }, { made }));
      // What is not the interface that was sent may be an answer to something else: the node itself tells.
      const isSent = (await this.match({ ...node, interface_set: [answer] }, desired)) !== undefined;
      const nic = isSent ? answer : ((await made()) ?? answer);
      return await this.after(node, nic);
    } catch (error) {
      throw explainInterfaceRefusal(error, { node, desired });
    }
  }

  /** MAAS makes a bond only of parents that are on its VLAN, and would put them there afterwards: they are put there first. */
  private async gatherParents(node: ObjectJson, { parents, vlan }: Attributes): Promise<void> {
    if (this.kind.api.interfaceType !== "bond" || !Array.isArray(parents) || typeof vlan !== "string") return;
    for (const key of parents) {
      const nic = requireInterface(node, textOf(key), "parents");
      const { vlan: on } = decodeInterface(this.kind, { node, nic });
      const form: Form = [
        ["vlan", vlan],
        ["tags", (nic.tags as readonly string[]).join(",")],
      ];
      if (on !== vlan) await this.region.client.put(this.pathOf({ node, nic }), form);
    }
  }

  /** The error with which an interface could not be taken over, and what it has by now where that has changed: nothing is lost. */
  private async partial(error: unknown, original: Attributes | undefined): Promise<unknown> {
    const live = original && (await this.read(textOf(original.id), true, original));
    if (original === undefined || live === undefined || isDeepStrictEqual(live, original)) return error;
    return new PartialChangeError(error, "", { live, original });
  }

  /** Makes the changes that MAAS has not made by itself, as it has renamed a parent of the interface. */
  private async change({ node, nic }: NodeInterface, changes: Attributes, desired: Attributes): Promise<Attributes> {
    const live = this.taken({ node, nic });
    const wanted = changesBetween(this.kind, live, changes);
    if (Object.keys(wanted).length === 0) return live;
    // MAAS takes the first tag off an interface whose change does not repeat them all.
    const form = this.formOf(node, { tags: live.tags ?? [], ...wanted });
    try {
      const path = this.pathOf({ node, nic });
      return await this.after(node, objectRead(path, await this.region.client.put(path, form)));
    } catch (error) {
      throw explainInterfaceRefusal(error, { node, nic, desired });
    }
  }

  /** MAAS's parameters: parents by id, each by itself. An interface that is to be on no VLAN says so. */
  private formOf(node: ObjectJson, attributes: Attributes): Form {
    const parents = this.kind.fields.flatMap(({ name, namesInterface, formField }) => {
      const value = attributes[name];
      if (namesInterface !== true || value === undefined || value === null || !isKnown(value)) return [];
      const names = Array.isArray(value) ? value : [value];
      return names.map((key) => [formField ?? PARENTS, textOf(requireInterface(node, textOf(key), name).id)] as const);
    });
    const others = encode(this.kind, attributes).filter(([name]) => name !== PARENTS);
    const isOnNone = attributes.vlan === null ? ([["vlan", ""]] as const) : [];
    return [...others, ...parents, ...isOnNone];
  }

  /** What there is after a change of the interface, which may have reached others of the node. */
  private async after(node: ObjectJson, nic: ObjectJson): Promise<Attributes> {
    const fresh = await this.refresh(node, nic);
    const own = interfacesOf(fresh).find(({ id }) => id === nic.id) ?? nic;
    return this.taken({ node: fresh, nic: own });
  }

  private async refresh(node: ObjectJson, nic: ObjectJson): Promise<ObjectJson> {
    const fresh = await refreshedNode(this.region, node);
    const now = interfacesOf(fresh).find(({ id }) => id === nic.id);
    const vlanOf = (row: ObjectJson | undefined): unknown => (row?.vlan as ObjectJson | null | undefined)?.id;
    const before = interfacesOf(node).find(({ id }) => id === nic.id);
    // MAAS deletes a fabric without subnets when its last interface leaves it.
    if (vlanOf(before) !== vlanOf(now)) this.region.snapshot.outdated("fabrics");
    return fresh;
  }

  private taken(found: NodeInterface): Attributes {
    rememberOwner(this.region, found);
    return decodeInterface(this.kind, found);
  }

  /** The interface of the node that `desired` is about; undefined while there is none. */
  private async match(node: ObjectJson, desired: Attributes): Promise<ObjectJson | undefined> {
    const vlan = typeof desired.vlan === "string" ? await this.region.snapshot.read("vlans", desired.vlan) : undefined;
    const named = { ...desired, name: nameGiven(desired, vlan?.vid) ?? null };
    return interfacesOf(node).find((nic) => isSameInterface(this.kind, nic, named));
  }

  /**
   * Whether nobody has configured what is to change of a physical interface that the node has reported: MAAS puts those on
   * the default VLAN of a fabric, with no tags and no settings, under the names of the operating system.
   */
  private async isUntouched({ node, nic }: NodeInterface, desired: Attributes): Promise<boolean> {
    if (this.kind.api.interfaceType !== "physical") return false;
    const live = decodeInterface(this.kind, { node, nic });
    const { name: _name, vlan, ...others } = changesBetween(this.kind, live, desired);
    if (!attributeEntries(others).every(([name]) => isUnset(live[name]))) return false;
    const row = (nic.vlan ?? null) as ObjectJson | null;
    if (vlan === undefined || row === null) return true;
    const isLinked = linksOf(nic).some(({ subnet }) => (subnet ?? null) !== null);
    return !isLinked && isDefaultVlan(this.region, row);
  }

  private async nodeOf(attributes: Attributes): Promise<ObjectJson> {
    const { kind, key } = ownerOf(attributes) ?? { kind: "machine", key: "" };
    return requireNode(this.region, await resolve(this.region, kind, key, { attribute: kind }), kind);
  }

  /** Does the work with the node's interfaces as they are now, when all earlier changes of it are done. */
  private async changing<T>(attributes: Attributes, work: (node: ObjectJson) => Promise<T>): Promise<T> {
    const node = await this.nodeOf(attributes);
    return changingNode(this.region, textOf(node.system_id), async () => work(await refreshedNode(this.region, node)));
  }

  private pathOf({ node, nic }: NodeInterface): string {
    return apiPath`nodes/${textOf(node.system_id)}/interfaces/${textOf(nic.id)}/`;
  }
}
