import { KINDS } from "../../../lib/model/kinds";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { ObjectJson } from "../../maas/codec";
import { MaasError, MaasValidationError, unlessGone } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import type { OpenIntent } from "../objects/intents";
import { describeLink, familyOf, gatewayLinks, interfacesOf, linksOf } from "../region/nodes";
import type { Region } from "../region/region";

const KIND = KINDS.network_interface_link;

/** A link and the interface that it is on, as rows. */
export interface PlacedLink {
  readonly nic: ObjectJson;
  readonly link: ObjectJson;
}

const placedLinks = (machine: ObjectJson): PlacedLink[] =>
  interfacesOf(machine).flatMap((nic) => linksOf(nic).map((link) => ({ nic, link })));

/** The key of the intents about the gateways of a machine. No natural key of a link looks like it. */
const intentKey = (systemId: string): string => JSON.stringify(["default gateways", systemId]);

const othersOf = ({ sent }: OpenIntent): string[] =>
  Array.isArray(sent.others) ? sent.others.map((id) => textOf(id)) : [];

/** The link that was to be the default gateway no longer: the last part of its id. */
const clearedLink = ({ sent }: OpenIntent): string =>
  textOf(sent.id ?? "")
    .split("/")
    .at(-1) ?? "";

/** The links that a cut-off run has cleared along with its own and that nobody has set again or replaced. */
function lostLinks(machine: ObjectJson, open: OpenIntent): PlacedLink[] {
  const gateways = gatewayLinks(machine);
  const isGateway = ({ link }: PlacedLink): boolean => gateways.has(link.id);
  const placed = placedLinks(machine);
  // While that run's own link is still the gateway, nothing has been cleared.
  if (placed.some((own) => isGateway(own) && textOf(own.link.id) === clearedLink(open))) return [];
  const families = new Set(placed.filter(isGateway).map(({ link }) => familyOf(link)));
  return placed.filter(({ link }) => othersOf(open).includes(textOf(link.id)) && !families.has(familyOf(link)));
}

/**
 * Clears a default gateway of a machine. MAAS clears those of both families at once, so that the other one has to be set
 * again. Which one that is, is remembered before anything is cleared: what a run that was cut off has left is finished by
 * the next one.
 *
 * @see MAAS api/machines.py `clear_default_gateways` (3.6.4)
 */
export class DefaultGateways {
  constructor(
    private readonly region: Region,
    /** Makes a link of the machine the default gateway of its family. */
    private readonly set: (machine: ObjectJson, placed: PlacedLink) => Promise<void>,
  ) {}

  /**
   * Whether the next change to the machine's links alters that of this link first: an earlier run was cut off between
   * clearing a gateway, this one or the other family's, and setting the other one again.
   */
  isUnfinished(machine: ObjectJson, linkId: string): boolean {
    const open = this.#unfinished(textOf(machine.system_id));
    const lost = open === undefined ? [] : lostLinks(machine, open).map(({ link }) => textOf(link.id));
    return open !== undefined && lost.length > 0 && [clearedLink(open), ...lost].includes(linkId);
  }

  /** Sets again what an earlier run that was cut off has cleared, as far as that is still possible. */
  async finish(systemId: string): Promise<void> {
    const open = this.#unfinished(systemId);
    if (open === undefined) return;
    const machine = await this.#machineNow(systemId);
    if (machine !== undefined)
      for (const lost of lostLinks(machine, open)) await this.#restoreIfPossible(machine, lost);
    open.done(textOf(open.sent.id ?? ""));
  }

  /** Clears the gateway that the link is, if it is one. @param machine its row as it is now. */
  async clear(machine: ObjectJson, id: string): Promise<void> {
    const systemId = textOf(machine.system_id);
    const gateways = new Set([...gatewayLinks(machine)].map((link) => textOf(link)));
    const linkId = id.split("/").at(-1) ?? "";
    if (!gateways.delete(linkId)) return;
    const others = placedLinks(machine).filter(({ link }) => gateways.has(textOf(link.id)));
    const sent = { id, others: others.map(({ link }) => textOf(link.id)) };
    const begun = this.region.restorations?.begin({ kind: KIND.name, key: intentKey(systemId), sent });
    try {
      await this.#clearAll(systemId);
    } catch (error) {
      if (error instanceof MaasError && error.outcome !== "unknown") begun?.refused();
      throw error;
    }
    for (const other of others) await this.#restore(machine, other);
    begun?.done(id);
  }

  /** The machine's row; undefined when it is gone. */
  async #machineNow(systemId: string): Promise<ObjectJson | undefined> {
    const path = apiPath`machines/${systemId}/`;
    const machine = await unlessGone(this.region.client.get(path).then((json) => objectRead(path, json)));
    if (machine !== undefined) this.region.snapshot.changed("machines", machine);
    return machine;
  }

  async #clearAll(systemId: string): Promise<void> {
    const made = (): Promise<undefined> => Promise.resolve(undefined);
    const path = apiPath`machines/${systemId}/`;
    const cleared = await this.region.client.post(path, [], { op: "clear_default_gateways" }, { made });
    this.region.snapshot.changed("machines", cleared);
  }

  async #restoreIfPossible(machine: ObjectJson, lost: PlacedLink): Promise<void> {
    try {
      await this.#restore(machine, lost);
    } catch (error) {
      // The link can't be a default gateway any more, as where its subnet has none.
      if (!(error instanceof ObjectError && error.cause instanceof MaasValidationError)) throw error;
    }
  }

  async #restore(machine: ObjectJson, { nic, link }: PlacedLink): Promise<void> {
    try {
      await this.set(machine, { nic, link });
    } catch (cause) {
      if (!(cause instanceof MaasError)) throw cause;
      const [systemId, nicId, linkId] = [machine.system_id, nic.id, link.id].map((id) => textOf(id));
      throw new ObjectError(
        fault("MAAS-OPS-14", "default_gateway", {
          what: `${textOf(machine.hostname)} has lost its IPv${familyOf(link) ?? 4} default gateway, the link ${describeLink(link)} of ${textOf(nic.name)}`,
          why: `MAAS clears the default gateways of both address families at once, and the one that is to stay could not be set again: ${cause.problem}`,
          fix:
            `Set it with maas PROFILE interface set-default-gateway ${systemId} ${nicId} link_id=${linkId}. ` +
            "The next apply does so by itself where the link is managed by the same configuration, and where the provider's journal (journal_path, or else .terraform/maas-journal) is kept.",
        }),
        { cause },
      );
    }
  }

  /** What an earlier run had begun, where its end is not known. */
  #unfinished(systemId: string): OpenIntent | undefined {
    const open = this.region.restorations?.find(KIND.name, intentKey(systemId));
    return open?.id === undefined ? open : undefined;
  }
}
