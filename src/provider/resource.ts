import { checkObject } from "../../lib/model/checks/object";
import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import type { Problem } from "../../lib/model/problem";
import { withoutEmptyText } from "../../lib/model/spelling";
import { beforeKey, textOf } from "../../lib/model/text";
import { MaasHttpError } from "../maas/errors";
import type { Checked, Moment } from "../reconcile/checks/checked";
import { PartialChangeError } from "../reconcile/objects/failure";
import type { Created } from "../reconcile/objects/object-ops";
import { leftAlone, type Planned, plannedState, settled } from "../reconcile/objects/planned-state";
import { becomesDefaultIn, changedElsewhere, inPriorSpelling } from "../reconcile/planned-references";
import type { PlannedObject } from "../reconcile/planned/planned-objects";
import { objectName } from "../reconcile/references/lookups";
import { madeTwice } from "../reconcile/checks/made-twice";
import { asPlanned, checkAgainstRegion } from "../reconcile/region-checks";
import type { RegionObjects } from "../reconcile/region-objects";
import { explain, notesOf, staysOf } from "./diagnostics";
import { keptWithRead, restoredInPlace } from "./instances/changed-outside";
import type { Instances } from "./instances/instances";
import {
  askedFor,
  keptAfter,
  keptAfterFailure,
  keptForDestroy,
  keptWithImport,
  type PrivateState,
  valuesLeft,
} from "./instances/private-state";

/** The answer to a call: what came of it, and what the user should know. */
export interface Outcome<T> {
  readonly value: T;
  readonly diagnostics: readonly Problem[];
}

/** A resource in Terraform's state. */
export interface Stored {
  /** Undefined = there is no such object. */
  readonly attributes: Attributes | undefined;
  readonly kept: PrivateState;
}

const done = <T>(value: T, diagnostics: readonly Problem[] = []): Outcome<T> => ({ value, diagnostics });

/** What Terraform can do with the resources of one kind. Errors are diagnostics; state is never lost to one. */
export class Resource {
  constructor(
    private readonly kind: Kind,
    private readonly objects: RegionObjects,
    private readonly instances: Instances,
    /** Whether a plan of an object that is to be made asks the region nothing. Default: it does. */
    private readonly plansAlone = false,
  ) {}

  read(prior: Attributes, kept: PrivateState = {}): Promise<Outcome<Stored>> {
    return this.objects.run.during(() => this.readNow(prior, kept));
  }

  /** @param isRefused whether the configuration is refused already, so that nothing is to be made of it */
  plan(
    stored: Attributes | undefined,
    config: Attributes,
    kept: PrivateState,
    isRefused = false,
  ): Promise<Outcome<Planned>> {
    return this.objects.run.during(() => this.planNow(stored, config, kept, isRefused));
  }

  private async readNow(prior: Attributes, stored: PrivateState): Promise<Outcome<Stored>> {
    let kept = stored;
    try {
      this.objects.own.add(this.kind, prior);
      const id = await this.objects.idOf(this.kind, textOf(prior.id));
      if (id !== undefined) this.objects.run.read(this.kind.name, id);
      const live =
        id === undefined ? undefined : await this.objects.read(this.kind, id, prior, stored.original !== undefined);
      if (id !== undefined) this.objects.region.intents?.known(this.kind.name, id);
      const life = id === undefined ? undefined : this.instances.of(this.kind.name, id);
      this.objects.reused.read(this.kind, prior, live);
      if (live === undefined) life?.forget();
      else if (life !== undefined) {
        kept = await life.read(stored);
        // Destroyed, it would take the object away from the instance that replaced it.
        if (life.isSuperseded(stored)) return done({ attributes: undefined, kept });
      }
      kept = keptWithRead(this.kind, kept, prior, live);
      return done({ attributes: live === undefined ? undefined : settled(prior, live), kept });
    } catch (error) {
      return done({ attributes: prior, kept }, await this.explained(error, "read", prior));
    }
  }

  private async planNow(
    stored: Attributes | undefined,
    config: Attributes,
    kept: PrivateState,
    isRefused: boolean,
  ): Promise<Outcome<Planned>> {
    const { configured = [] } = kept;
    let planned = plannedState(this.kind, { prior: stored, config, configured });
    if (this.plansAlone && stored === undefined) {
      this.objects.planned.add(this.kind, undefined, planned);
      this.objects.run.add(this.kind.name, this.asPlanned(undefined, planned.attributes));
      return done(planned);
    }
    try {
      const prior = stored && (await this.withOwnId(stored));
      const spelled = await inPriorSpelling(this.objects, this.kind, prior, config);
      const changed = await changedElsewhere(this.objects, this.kind, prior);
      const elsewhere = await becomesDefaultIn(this.objects, this.kind, prior, spelled);
      const restored = restoredInPlace(this.kind, kept, spelled);
      const known = { configured, changedElsewhere: changed, elsewhere, restored };
      planned = plannedState(this.kind, { prior, config: spelled, ...known });
      this.objects.planned.add(this.kind, prior, planned);
      const isReplaced = prior !== undefined && planned.requiresReplace.length > 0;
      const own = this.asPlanned(prior, planned.attributes);
      // The object is deleted; Terraform plans the one that replaces it by itself.
      this.objects.run.add(this.kind.name, isReplaced ? { ...own, attributes: undefined } : own);
      const lost =
        isReplaced && kept.original === undefined ? await this.objects.destroys.replaced(this.kind, prior) : [];
      const notes = kept.configured === undefined && prior !== undefined ? valuesLeft(this.kind, prior, config) : [];
      const dangling = await this.objects.dangling(this.kind, prior, planned.attributes);
      // What the values of variables and other objects are, Terraform knows only now.
      const wrong = own.isChanged ? checkObject(this.kind, config) : [];
      const alone = wrong.length > 0 || isRefused ? wrong : await madeTwice(this.checked(prior, own, "plan"));
      const found = isReplaced || alone.length > 0 ? alone : await checkAgainstRegion(this.checked(prior, own, "plan"));
      if (found.some(({ severity }) => severity === "error")) this.objects.run.renounce(own);
      const reused = prior === undefined ? [] : this.objects.reused.check(this.kind, textOf(prior.id), spelled);
      return done(planned, [...notes, ...lost, ...dangling, ...found, ...reused]);
    } catch (error) {
      return done(planned, await this.explained(error, "plan", stored ?? config));
    }
  }

  /** What the user should know before the object is destroyed. One that was adopted is only given back. */
  planDestroy(stored: Attributes, kept: PrivateState): Promise<readonly Problem[]> {
    return this.objects.run.during(() => this.planDestroyNow(stored, kept));
  }

  private async planDestroyNow(stored: Attributes, kept: PrivateState): Promise<readonly Problem[]> {
    try {
      const prior = await this.withOwnId(stored);
      this.objects.own.end(this.kind, prior);
      const id = textOf(prior.id);
      this.objects.run.add(this.kind.name, { id, attributes: undefined, isChanged: true });
      const found =
        kept.original === undefined
          ? await this.objects.destroys.planned(this.kind, prior)
          : await this.objects.released(this.kind, prior, kept.original);
      return [...found, ...this.objects.reused.check(this.kind, id, undefined)];
    } catch (error) {
      // Whether it may be destroyed is judged when it is.
      const found = await this.explained(error, "plan to delete", stored);
      return found.map((diagnostic) => ({ ...diagnostic, severity: "warning" }));
    }
  }

  /** Makes, changes or removes the object. After an error the state is what is known to be there. */
  async apply(
    stored: Attributes | undefined,
    planned: Attributes | undefined,
    kept: PrivateState,
  ): Promise<Outcome<Stored>> {
    const before: Stored = {
      attributes: stored,
      kept: planned === undefined ? keptForDestroy(kept) : keptAfterFailure(this.kind, kept),
    };
    try {
      const prior = stored && (await this.withOwnId(stored));
      this.objects.run.applying(this.kind.name, prior && textOf(prior.id));
      if (planned === undefined) {
        return done({ attributes: undefined, kept }, prior && (await this.remove(prior, kept)));
      }
      const found = [
        ...checkObject(this.kind, askedFor(planned, kept)),
        ...(await checkAgainstRegion(this.checked(prior, this.asPlanned(prior, planned), "apply"))),
      ];
      if (found.some(({ severity }) => severity === "error")) return done(before, found);
      const outcome = await (prior === undefined ? this.create(planned, kept) : this.update(prior, planned, kept));
      const isDone = outcome.diagnostics.every(({ severity }) => severity !== "error");
      const after = (isDone ? keptAfter : keptAfterFailure)(this.kind, outcome.value.kept);
      return done({ ...outcome.value, kept: after }, [...found, ...outcome.diagnostics]);
    } catch (error) {
      const verb = planned === undefined ? "delete" : stored === undefined ? "create" : "change";
      return done(before, await this.explained(error, verb, stored ?? planned ?? {}));
    }
  }

  /** Deletes the object, unless that would delete what is somebody else's; one that was adopted gets back what it had. */
  private async delete(prior: Attributes, kept: PrivateState): Promise<void> {
    this.objects.own.end(this.kind, prior);
    const isDeleted = kept.original === undefined && this.kind.deletesOthers === true;
    await this.instances.removePostponed(() => this.objects.inTheWayOf(this.kind, textOf(prior.id)));
    const { force } = isDeleted ? await this.objects.destroys.requireAllowed(this.kind, prior) : { force: false };
    if (kept.original === undefined) {
      await this.objects.detached.note(this.kind, textOf(prior.id), (kind, id) => this.instances.isReleased(kind, id));
    }
    await this.objects.remove(this.kind, textOf(prior.id), prior, { ...kept, force });
  }

  /** The object that the key names, with the private state of an import; see {@link keptWithImport}. */
  async import(key: string): Promise<Outcome<Stored>> {
    try {
      const id = await this.objects.resolve(this.kind.name, key);
      const attributes = await this.objects.readImported(this.kind, id);
      this.instances.of(this.kind.name, id).forget();
      return done({ attributes, kept: keptWithImport(this.kind, attributes ?? {}) });
    } catch (error) {
      return done(
        { attributes: undefined, kept: {} },
        explain(error, this.kind, `import the ${beforeKey(this.kind.title)} ${key}`),
      );
    }
  }

  private async create(planned: Attributes, kept: PrivateState): Promise<Outcome<Stored>> {
    const { configured } = kept;
    let partial: PartialChangeError | undefined;
    const make = async (): Promise<Created> => {
      partial = undefined;
      try {
        return await this.objects.create(this.kind, planned, await this.mayAdopt(planned));
      } catch (error) {
        if (!(error instanceof PartialChangeError)) throw error;
        partial = error;
        return error.created;
      }
    };
    const { created, kept: own } = await this.instances.make(this.kind.name, make);
    const { live, original, resumed } = created;
    const stored = { attributes: settled(planned, live), kept: { ...(configured && { configured }), ...own } };
    // In the state, it can be restored to what it was; Terraform replaces what could not be created as a whole.
    if (partial !== undefined) return done(stored, await this.explained(partial, "create", planned));
    const restored = original === undefined ? await this.objects.detached.restore(this.kind, textOf(live.id)) : [];
    return done(stored, [...restored, ...notesOf(this.kind, resumed), ...this.objects.told(this.kind, planned, live)]);
  }

  /** Whether the user says so, or this process has released the object itself: Terraform replaces it, and it is nobody else's. */
  private async mayAdopt(planned: Attributes): Promise<boolean> {
    if (planned.adopt_existing === true) return true;
    if (!this.instances.hasReleased(this.kind.name)) return false;
    const id = await this.objects.metId(this.kind, planned);
    return id !== undefined && this.instances.isReleased(this.kind.name, id);
  }

  /** Removes the object, unless another instance has made it or taken it over since. */
  private async remove(prior: Attributes, kept: PrivateState): Promise<readonly Problem[]> {
    const id = textOf(prior.id);
    const life = this.instances.of(this.kind.name, id);
    const removal = (): Promise<void> => this.delete(prior, kept);
    const isFoundAgain = kept.found !== undefined && (await this.objects.isNamed(this.kind, prior, kept.found));
    if (isFoundAgain ? life.postpone(kept, removal) : await this.instances.remove(this.kind.name, id, kept, removal))
      return this.objects.warnings(this.kind, id);
    if (life.isHandedOver) return [];
    if (kept.original === undefined && !this.kind.adoptable) return [];
    return [
      staysOf(
        this.kind,
        id,
        kept.original === undefined ? "deletes it" : "restores what it had before it was first taken over",
      ),
    ];
  }

  private async update(prior: Attributes, planned: Attributes, kept: PrivateState): Promise<Outcome<Stored>> {
    const id = textOf(prior.id);
    const answer = await this.instances.vacating(() => this.objects.update(this.kind, id, prior, planned));
    const live = { ...answer, ...leftAlone(this.kind, planned, { prior, configured: kept.configured ?? [] }) };
    return done({ attributes: settled(planned, live), kept }, this.objects.told(this.kind, planned, live));
  }

  /** The error, with what was tried: Terraform says nothing of a resource whose destroy fails, not even its address. */
  private async explained(error: unknown, verb: string, attributes: Attributes): Promise<Problem[]> {
    // A region that does not answer is not asked again.
    const mayAsk = error instanceof MaasHttpError && error.outcome === "refused";
    return explain(
      error,
      this.kind,
      `${verb} the ${await objectName(this.objects.region, this.kind, attributes, mayAsk)}`,
    );
  }

  private asPlanned(prior: Attributes | undefined, planned: Attributes): PlannedObject {
    const before = prior && withoutEmptyText(this.kind, prior);
    return asPlanned(this.kind, before, withoutEmptyText(this.kind, planned));
  }

  private checked(prior: Attributes | undefined, own: PlannedObject, moment: Moment): Checked {
    const { region, run, around } = this.objects;
    const before = prior && withoutEmptyText(this.kind, prior);
    return { region, planned: run, around, kind: this.kind, prior: before, own, moment };
  }

  /** The state with the object's id where it has a natural key: as what another provider wrote, before its first refresh. */
  private async withOwnId(stored: Attributes): Promise<Attributes> {
    return { ...stored, id: (await this.objects.idOf(this.kind, textOf(stored.id))) ?? stored.id ?? null };
  }
}
