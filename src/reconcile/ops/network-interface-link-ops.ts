import { shellWord } from "../../../lib/model/escape";
import { isDeepStrictEqual } from "node:util";
import { linkModeOf } from "../../../lib/model/checks/object";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { OWNER_KINDS, ownerOf } from "../../../lib/model/owner";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { encode, type ObjectJson } from "../../maas/codec";
import { MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { ObjectError, PartialChangeError, TakenError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import {
  changingNode,
  collectionOf,
  decodeLink,
  describeLink,
  displacedLink,
  familyOf,
  interfacesOf,
  linksOf,
  matchingLinks,
  newLink,
  readNode,
  requireInterface,
  requireNode,
  requireOwner,
} from "../region/nodes";
import type { Region } from "../region/region";
import { DefaultGateways } from "./default-gateways";
import { explainLinkRefusal } from "./link-refusals";

const KIND = KINDS.network_interface_link;

/** For a POST that does the same when it is repeated: there is nothing to look for. */
const nothingMade = (): Promise<undefined> => Promise.resolve(undefined);

/** A node and one of its interfaces, as rows. */
interface Place {
  readonly node: ObjectJson;
  readonly nic: ObjectJson;
}

interface LinkId {
  readonly systemId: string;
  readonly nic: string;
  readonly link: string;
}

function parseId(id: string): LinkId {
  const [systemId = "", nic = "", link = ""] = id.split("/");
  return { systemId, nic, link };
}

const linkIdOf = ({ node, nic }: Place): Omit<LinkId, "link"> => ({
  systemId: textOf(node.system_id),
  nic: textOf(nic.id),
});

const nameOf = ({ nic, node }: Place): string => `${textOf(nic.name)} of ${textOf(node.hostname)}`;

/**
 * Links of interfaces of machines and devices. Each is made and removed by itself: no call here clears an interface, and a
 * link that MAAS would drop another one for is refused. Changes to one node run one after the other.
 */
export class NetworkInterfaceLinkOps implements ObjectOps {
  readonly #gateways: DefaultGateways;

  constructor(private readonly region: Region) {
    this.#gateways = new DefaultGateways(region, (node, { nic, link }) => this.makeGateway({ node, nic }, link));
  }

  async read(id: string, _isAdopted?: boolean, prior: Attributes = {}): Promise<Attributes | undefined> {
    const { systemId, nic: nicId, link: linkId } = parseId(id);
    const node = await readNode(this.region, systemId, ownerOf(prior)?.kind);
    const nic = node && interfacesOf(node).find((row) => textOf(row.id) === nicId);
    const link = nic && linksOf(nic).find((row) => textOf(row.id) === linkId);
    if (node === undefined || nic === undefined || link === undefined) return undefined;
    const live = decodeLink(node, nic, link);
    // Neither true nor false, so that whatever the configuration says, the next plan has a change, which finishes it.
    return this.#gateways.isUnfinished(node, linkId) ? { ...live, default_gateway: null } : live;
  }

  async find(desired: Attributes): Promise<Existing | undefined> {
    const node = await requireOwner(this.region, desired);
    const nic = requireInterface(node, textOf(desired.network_interface), "network_interface");
    const [existing] = matchingLinks(nic, desired);
    if (existing === undefined) return undefined;
    const live = decodeLink(node, nic, existing);
    return { live, isUntouched: live.mode === "LINK_UP" };
  }

  create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    return this.exclusively(ownerOf(desired)?.key ?? "", async () => {
      const node = await requireOwner(this.region, desired);
      const known = requireInterface(node, textOf(desired.network_interface), "network_interface");
      // What the interface has decides whether MAAS would drop a link for this one, so it must not be out of date.
      const nic = await this.readInterface(node, known);
      const place = { node, nic };
      const [existing] = matchingLinks(nic, desired);
      if (existing === undefined) return this.link(place, desired);
      const original = decodeLink(node, nic, existing);
      // A LINK_UP link is MAAS's own, made with the interface.
      if (!adoptExisting && original.mode !== "LINK_UP") throw this.existsAlready(place, original);
      return { live: await this.adopt(original, desired), original };
    });
  }

  update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    return this.exclusively(parseId(id).systemId, () => this.setGateway(id, prior, desired));
  }

  async remove(id: string, prior: Attributes, { original }: Removal): Promise<void> {
    if (original === undefined) return this.exclusively(parseId(id).systemId, () => this.unlink(id, prior));
    if ((await this.read(id)) !== undefined) await this.update(id, prior, original);
  }

  /** @throws PartialChangeError where the link has lost its default gateway and the other one could not be set again. */
  private async adopt(original: Attributes, desired: Attributes): Promise<Attributes> {
    const id = textOf(original.id);
    try {
      return await this.setGateway(id, original, desired);
    } catch (error) {
      const live = await this.read(id);
      if (live === undefined || isDeepStrictEqual(live, original)) throw error;
      throw new PartialChangeError(error, "", { live, original });
    }
  }

  private async link(place: Place, desired: Attributes): Promise<Created> {
    const subnet = await this.region.snapshot.read("subnets", textOf(desired.subnet));
    const situation = { ...place, desired, subnet };
    this.checkNothingDisplaced(place, desired, subnet);
    const made = async (): Promise<ObjectJson | undefined> => {
      const after = await this.readInterface(place.node, place.nic);
      return newLink(place.nic, after, desired) && after;
    };
    const form = encode(KIND, { ...desired, mode: linkModeOf(desired) ?? null });
    try {
      const answer = await this.post(linkIdOf(place), "link_subnet", form, made);
      // What does not show the link may be an answer to something else: the interface itself tells.
      const after = newLink(place.nic, answer, desired) === undefined ? ((await made()) ?? answer) : answer;
      return await this.linked(place, after, desired);
    } catch (error) {
      throw explainLinkRefusal(error, situation);
    }
  }

  private async linked(place: Place, after: ObjectJson, desired: Attributes): Promise<Created> {
    const made = newLink(place.nic, after, desired);
    if (made === undefined) {
      throw new ObjectError(
        fault("MAAS-OPS-13", undefined, {
          what: `MAAS accepted the link, but ${nameOf(place)} does not have it`,
          why: `It has ${linksOf(after).map(describeLink).join(", ") || "no links"}.`,
          fix: "Someone else may be changing the interface too; apply again.",
        }),
      );
    }
    const gateway = desired.default_gateway === true ? made : undefined;
    await this.remember(textOf(place.node.system_id), after, gateway);
    return { live: decodeLink(withInterface(place.node, after, gateway), after, made) };
  }

  private async readInterface(node: ObjectJson, nic: ObjectJson): Promise<ObjectJson> {
    const path = apiPath`nodes/${textOf(node.system_id)}/interfaces/${textOf(nic.id)}/`;
    return objectRead(path, await this.region.client.get(path));
  }

  private async unlink(id: string, prior: Attributes): Promise<void> {
    const { systemId, nic: nicId, link } = parseId(id);
    try {
      await this.remember(systemId, await this.post({ systemId, nic: nicId }, "unlink_subnet", [["id", link]]));
    } catch (error) {
      // MAAS answers so for an id that is not, or no longer, among the interface's links.
      const isGone = error instanceof MaasValidationError && error.fields.id !== undefined;
      if (isGone || error instanceof MaasNotFoundError) return;
      const node = await requireNode(this.region, systemId, ownerOf(prior)?.kind);
      const nic = requireInterface(node, nicId, "network_interface");
      throw explainLinkRefusal(error, { node, nic, desired: prior });
    }
  }

  /** Makes the link the default gateway of its family, or not; all else of a link can't be changed. */
  private async setGateway(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const { systemId, nic: nicId, link: linkId } = parseId(id);
    const wanted = desired.default_gateway === true;
    if (prior.default_gateway !== wanted) {
      // The default gateways belong to the machine, and others may have changed them: ask for them now.
      const path = apiPath`machines/${systemId}/`;
      const node = objectRead(path, await this.region.client.get(path));
      this.region.snapshot.changed("machines", node);
      const nic = requireInterface(node, nicId, "network_interface");
      const link = linksOf(nic).find((row) => textOf(row.id) === linkId);
      if (link !== undefined) await this.moveGateway({ node, nic }, link, wanted, desired);
    }
    return { ...(await this.read(id)) };
  }

  private async moveGateway(place: Place, link: ObjectJson, wanted: boolean, desired: Attributes): Promise<void> {
    try {
      await (wanted
        ? this.makeGateway(place, link)
        : this.#gateways.clear(place.node, textOf(decodeLink(place.node, place.nic, link).id)));
    } catch (error) {
      throw explainLinkRefusal(error, { ...place, desired });
    }
  }

  private async makeGateway({ node, nic }: Place, link: ObjectJson): Promise<void> {
    const form: Form = [["link_id", textOf(link.id)]];
    const after = await this.post(linkIdOf({ node, nic }), "set_default_gateway", form);
    await this.remember(textOf(node.system_id), after, link);
  }

  private post(
    { systemId, nic }: Omit<LinkId, "link">,
    op: string,
    form: Form,
    made: () => Promise<ObjectJson | undefined> = nothingMade,
  ): Promise<ObjectJson> {
    return this.region.client.post(apiPath`nodes/${systemId}/interfaces/${nic}/`, form, { op }, { made });
  }

  /** Takes the interface as MAAS has just answered it into the node's row, where that is known. */
  private async remember(systemId: string, nic: ObjectJson, gateway?: ObjectJson): Promise<void> {
    const { snapshot } = this.region;
    for (const kind of OWNER_KINDS) {
      const known = await snapshot.peek(collectionOf(kind), systemId);
      if (known !== undefined) snapshot.changed(collectionOf(kind), withInterface(known, nic, gateway));
    }
  }

  private checkNothingDisplaced(place: Place, desired: Attributes, subnet: ObjectJson | undefined): void {
    const mode = linkModeOf(desired) ?? "AUTO";
    const displaced = displacedLink(place.nic, mode, familyOf({ subnet }));
    if (displaced === undefined) return;
    const { system_id } = place.node;
    const [nic, link] = [textOf(place.nic.id), textOf(displaced.id)];
    throw new ObjectError(
      fault("MAAS-OPS-11", "mode", {
        what: `MAAS would remove the link ${describeLink(displaced)} from ${nameOf(place)} for this one`,
        why: `It keeps no DHCP link beside an ${mode} link of the same address family, and says nothing when it drops it.`,
        fix: `Remove that link first: destroy its ${KIND.type}, or run maas PROFILE interface unlink-subnet ${textOf(system_id)} ${nic} id=${link}.`,
      }),
    );
  }

  private existsAlready(place: Place, { id }: Attributes): TakenError {
    return new TakenError(
      fault("MAAS-OPS-02", undefined, {
        what: `${nameOf(place)} has such a link already`,
        why: `The region has it with id ${textOf(id)}, and it is not in this state.`,
        fix: `Import it (terraform import ${KIND.type}.NAME ${shellWord(textOf(id))}), or set adopt_existing = true to take it over. For a further link to the same subnet set mode to STATIC and ip_address to a free address.`,
      }),
    );
  }

  /** Changes the links of a node when all earlier changes are done, those of a run that was cut off among them. */
  private exclusively<T>(systemId: string, work: () => Promise<T>): Promise<T> {
    return changingNode(this.region, systemId, async () => {
      await this.#gateways.finish(systemId);
      return work();
    });
  }
}

/** The node's row with another state of one interface and, where there is a new one, of the default gateway. */
function withInterface(node: ObjectJson, nic: ObjectJson, gateway: ObjectJson | undefined): ObjectJson {
  const row = {
    ...node,
    interface_set: interfacesOf(node).map((other) => (other.id === nic.id ? nic : other)),
  };
  if (gateway === undefined) return row;
  const gateways = node.default_gateways as ObjectJson | null;
  return { ...row, default_gateways: { ...gateways, [`ipv${familyOf(gateway) ?? 4}`]: { link_id: gateway.id } } };
}
