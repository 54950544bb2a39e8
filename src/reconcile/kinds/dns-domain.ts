import { setTimeout as sleep } from "node:timers/promises";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError, MaasNotFoundError, unlessGone } from "../../maas/errors";
import { checkDomain } from "../checks/planned-domain";
import { ObjectError, PartialChangeError } from "../objects/failure";
import type { Removal } from "../objects/object-ops";
import { CollectionOps } from "../ops/collection-ops";
import { PlannedChanges } from "../planned/planned-changes";
import { listed } from "../references/references";
import { inTurn, type Region } from "../region/region";
import type { Strategy } from "./strategy";

/** The domain that MAAS was installed with. */
const FIRST = "0";

/** What MAAS says of a domain that something is in, with a status of 500 (live 3.4.10, 3.6.5 and 3.7.3). */
const OCCUPIED = "protected foreign keys";

/** Milliseconds for which a domain waits for what else this run does: Terraform does several things at once. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;

/** Milliseconds within which a run that deletes records as well begins to, and after which no more is expected to go. */
const STARTING_MS = 500;
const STILL_MS = 2000;

/** Changes which domain is the default one when all earlier such changes of this run are done: each looks at it first. */
const changingDefault = <T>(region: Region, work: () => Promise<T>): Promise<T> =>
  inTurn(region, "domains/?op=set_default", work);

/** DNS domains: one of a region is the default, which another call sets, and none goes while something is in it. */
class DnsDomainOps extends CollectionOps {
  constructor(
    private readonly of: Region,
    special: Strategy,
  ) {
    super(of, KINDS.dns_domain, special);
  }

  override async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    return this.withDefault(await super.update(id, prior, desired), desired);
  }

  override async remove(id: string, prior: Attributes, removal: Removal): Promise<void> {
    if (removal.original !== undefined) return super.remove(id, prior, removal);
    try {
      if ((await this.read(id))?.is_default === true) await this.handOver(id);
      await this.untilEmpty(textOf(prior.name));
      await super.remove(id, prior, removal);
    } catch (error) {
      throw await this.whyOccupied(error, textOf(prior.name));
    }
  }

  protected override async post(desired: Attributes): Promise<Attributes> {
    const live = await super.post(desired);
    // MAAS has moved the records at its name to it.
    this.of.snapshot.forget("dnsresources");
    try {
      return await this.withDefault(live, desired);
    } catch (error) {
      throw new PartialChangeError(error, "The domain is there, and is not the default one yet.", { live });
    }
  }

  private async withDefault(live: Attributes, { is_default: wanted }: Attributes): Promise<Attributes> {
    if (typeof wanted !== "boolean") return live;
    const id = textOf(live.id);
    const now = (await this.readNow(id)) ?? live;
    if (now.is_default === wanted) return now;
    if (!wanted) return this.handOver(id);
    return this.makeDefault(id);
  }

  private async readNow(id: string): Promise<Attributes | undefined> {
    const path = apiPath`domains/${id}/`;
    const answer = await unlessGone(this.of.client.get(path).then((json) => objectRead(path, json)));
    return answer && this.take(answer);
  }

  private makeDefault(id: string): Promise<Attributes> {
    return changingDefault(this.of, () => this.postDefault(id));
  }

  private async postDefault(id: string): Promise<Attributes> {
    const path = apiPath`domains/${id}/`;
    const answer = await this.of.client.post(path, [], { op: "set_default" }, { isIdempotent: true });
    return this.take(answer as ObjectJson);
  }

  /**
   * Ends that the domain is the default one: another one becomes it, in this run or by this call. MAAS can't be asked for
   * less.
   */
  private async handOver(id: string): Promise<Attributes> {
    const heirs = PlannedChanges.of(this.of)
      .of("dns_domain")
      .filter(({ id: own, planned, isEnded }) => own !== id && isEnded !== true && planned.is_default === true);
    const deadline = performance.now() + (heirs.length > 0 ? PATIENCE_MS : 0);
    for (;;) {
      const live = await this.readNow(id);
      if (live?.is_default !== true) return live ?? {};
      if (performance.now() >= deadline) break;
      await sleep(PAUSE_MS);
    }
    const first = id === FIRST ? undefined : await this.readNow(FIRST);
    if (first === undefined) {
      throw new ObjectError(
        fault("MAAS-OPS-05", "is_default", {
          what: "this domain is the default one, and nothing is to take its place",
          why: `A region always has a default domain. The one that MAAS was installed with (id ${FIRST}) ${id === FIRST ? "is this one" : "is gone"}.`,
          fix: "Set is_default = true on another maas_dns_domain.",
        }),
      );
    }
    return changingDefault(this.of, async () => {
      const live = await this.readNow(id);
      if (live?.is_default !== true) return live ?? {};
      await this.postDefault(FIRST);
      return (await this.readNow(id)) ?? {};
    });
  }

  /** The full names of what is in the domain. */
  private async namesIn(domain: string): Promise<readonly string[]> {
    try {
      const rows = rowsAnswered("dnsresources/", await this.of.client.get("dnsresources/", { domain }));
      return rows.map(({ fqdn }) => textOf(fqdn));
    } catch (error) {
      if (error instanceof MaasNotFoundError) return [];
      throw error;
    }
  }

  /**
   * Waits while this run deletes records of the domain at the same time: nothing in a configuration may say that they come
   * first. Where none is being deleted, it soon goes on.
   */
  private async untilEmpty(domain: string): Promise<void> {
    const isDeleting = (): boolean =>
      PlannedChanges.of(this.of)
        .of("dns_record")
        .some(({ isEnded }) => isEnded === true);
    let deadline = performance.now() + STARTING_MS;
    for (let left = Infinity; performance.now() < deadline; await sleep(PAUSE_MS)) {
      const now = (await this.namesIn(domain)).length;
      if (now === 0) return;
      if (!isDeleting()) continue;
      if (now < left) deadline = performance.now() + STILL_MS;
      left = now;
    }
  }

  private async whyOccupied(error: unknown, domain: string): Promise<unknown> {
    if (!(error instanceof MaasHttpError) || !error.body.includes(OCCUPIED)) return error;
    const names = await this.namesIn(domain);
    return new ObjectError(
      fault("MAAS-OPS-05", undefined, {
        what: `the DNS domain "${domain}" can't be deleted while something is in it`,
        why:
          names.length > 0
            ? `It has records of ${listed(names)}.`
            : "It has no records, so that machines or devices are in it.",
        fix:
          names.length > 0
            ? "Delete those records first, or move them. Where they are in this configuration, let them refer to the domain: domain = maas_dns_domain.NAME.id."
            : "Move them to another domain on their pages, or make another domain the default one before: MAAS moves those along that are not in use.",
      }),
      { cause: error },
    );
  }

  /** Takes in an answer about a domain. */
  private take(row: ObjectJson): Attributes {
    this.of.snapshot.changed("domains", row);
    return this.decode(row);
  }
}

/** DNS domains: one is the default, and none goes while something is in it. */
export const dnsDomain: Strategy = { ops: (region) => new DnsDomainOps(region, dnsDomain), check: checkDomain };
