import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { KindName } from "../../../lib/model/field";
import type { Attributes } from "../../../lib/model/known";
import type { PrivateState } from "./private-state";

/** Milliseconds to wait for the read of another instance of one object, which Terraform has begun. */
const READ_MS = 2_000;

/** What the instance that has an object now gets from the first one that had it. */
export interface Handover {
  /** When the instance that has the object took it over. */
  readonly heir: number;
  /** What the object had before the first instance adopted it. Absent = that instance created it. */
  readonly original?: Attributes;
}

/** Keeps handovers from one process of the provider to the next. */
export interface HandoverStore {
  find(kind: KindName, id: string): Handover | undefined;
  /** Whether it is kept. */
  write(kind: KindName, id: string, handover: Handover): boolean;
  remove(kind: KindName, id: string): void;
}

/** The instances that have, or had, an object. */
interface Owners {
  /** The time of the first instance, and what the object had before it. */
  readonly first: { readonly madeAt: number; readonly original?: Attributes };
  /** The time of the instance that has the object now. */
  readonly latest: number;
  /** Whether that one took the object over in this process: whatever other hosts' clocks say, it is the latest. */
  readonly isOfThisProcess?: boolean;
  /** The instance for which the store has a handover, while this process has not met it. What it gets is for no other one. */
  readonly absentHeir?: number;
  /** Whether the handover outlives this process. */
  readonly isKept?: boolean;
}

/** The time of a first instance of which only a handover tells: before all others. */
const BEFORE_ALL = -1;
/** In place of the time of an heir: the object is for the next instance that takes it over. */
const NO_HEIR = -2;

const originalOf = ({ original }: PrivateState): { readonly original?: Attributes } => (original ? { original } : {});

const withOriginalOf = (kept: PrivateState, first: PrivateState): PrivateState => {
  const { original: _own, ...others } = kept;
  return { ...others, ...originalOf(first) };
};

/** Whether the latest instance has got the object from another one. */
const isHandover = ({ first, latest, absentHeir }: Owners): boolean =>
  first.madeAt !== latest && absentHeir === undefined;

/** What is known of some of the objects of one kind, by id, so that none is looked for among all of them. */
export interface KnownOfKind {
  /** What those have had before that this process has removed, or released, and that no instance has since. */
  readonly released: Map<string, PrivateState>;
  /** Removals of former instances, which are not needed where another one takes the object over. */
  readonly postponed: Map<string, () => Promise<boolean>>;
  /** The private states that the last read of an instance found, while that instance is not planned. */
  readonly unplanned: Map<string, PrivateState>;
}

/** Where an object is found, and where its handover is kept. */
export interface Place extends KnownOfKind {
  readonly kind: KindName;
  readonly id: string;
  readonly store: () => HandoverStore | undefined;
}

/**
 * The life of one object in one process of the provider: which instance of Terraform's state has it, and whether it is
 * being removed.
 *
 * Two instances have the same object once Terraform has replaced one with create_before_destroy: the new one took the
 * object over, the former one ("deposed") is to be destroyed, in the same run or in the next one. Instances are told apart
 * by the time at which they made the object or took it over: the latest has it. Terraform passes nothing from the former
 * instance to the new one. So whether the object was created or adopted, and what it had before, is handed over here: from
 * the private state of the first instance to that of the latest.
 */
export class ObjectLife {
  #owners: Owners | undefined;
  #begun = 0;
  #read = 0;
  /** The removals under way. */
  readonly #removals = new Set<Promise<unknown>>();
  /** When the last removal ended. */
  #removedAt = -Infinity;

  constructor(private readonly place: Place) {}

  /** Records that an instance was read, and is not planned yet. */
  readUnplanned(kept: PrivateState): void {
    this.place.unplanned.set(this.place.id, kept);
  }

  /** Records that an instance is planned. */
  planned(): void {
    this.place.unplanned.delete(this.place.id);
  }

  /** Records that Terraform has begun to look at an instance with the object, and will read it. */
  begin(): void {
    this.#begun += 1;
  }

  /**
   * Records that an instance has made the object, or taken it over, in this process.
   *
   * @returns its private state: where this process has removed the former instance, the object had been before what it was
   *   before that one, whichever of the two came to it first
   */
  made(kept: PrivateState): PrivateState {
    const { madeAt = 0 } = kept;
    const { id } = this.place;
    const released = this.place.released.get(id) ?? this.#left();
    const own = released === undefined ? kept : withOriginalOf(kept, released);
    if (released !== undefined) this.forget();
    this.place.postponed.delete(id);
    const before = this.#find() ?? { first: { madeAt, ...originalOf(own) } };
    this.#set({ ...before, latest: madeAt, isOfThisProcess: true });
    return own;
  }

  /**
   * Records that the state has an instance with the object.
   *
   * @returns its private state, with what the first instance of the object hands over if this is the latest one
   */
  has(kept: PrivateState): PrivateState {
    const { madeAt = 0 } = kept;
    const own = { madeAt, ...originalOf(kept) };
    const before: Owners = this.#find() ?? { first: own, latest: madeAt };
    const { absentHeir, ...others } = before;
    const { first, latest, isOfThisProcess = false } = before;
    const isBeforeThisProcess = isOfThisProcess && first.madeAt === latest && madeAt !== latest;
    this.#set({
      ...others,
      ...(absentHeir !== undefined && absentHeir !== madeAt && { absentHeir }),
      first: madeAt < first.madeAt || isBeforeThisProcess ? own : first,
      latest: isOfThisProcess ? latest : Math.max(madeAt, latest),
    });
    return this.#withHandover(kept);
  }

  /**
   * Records that an instance is read. Resolves once the others of the object, as far as they have begun, are too.
   *
   * @returns its private state, see {@link has}
   */
  async read(kept: PrivateState): Promise<PrivateState> {
    this.has(kept);
    this.#read += 1;
    // Terraform begins with all instances of a resource at once.
    await nextTurn();
    const deadline = performance.now() + READ_MS;
    while (this.#read < this.#begun && performance.now() < deadline) await sleep(10);
    const handed = this.#withHandover(kept);
    const isInState = this.#owners?.first.madeAt === BEFORE_ALL && isDeepStrictEqual(handed, kept);
    if (isInState && !this.isSuperseded(kept)) {
      this.forget();
      this.has(kept);
    }
    return handed;
  }

  /** Records that the object is gone, or gets into the state anew by an import. */
  forget(): void {
    this.#owners = undefined;
    this.place.released.delete(this.place.id);
    this.place.store()?.remove(this.place.kind, this.place.id);
  }

  /** Whether a later instance has the object, so that this one no longer stands for it. */
  isSuperseded({ madeAt = 0 }: PrivateState): boolean {
    const owners = this.#find();
    return owners !== undefined && madeAt !== owners.latest;
  }

  /** The time of the latest instance that has the object; 0 = none is known. */
  get latest(): number {
    return this.#find()?.latest ?? 0;
  }

  /** Whether the instance that has the object learns in a later run what this one knows of it. */
  get isHandedOver(): boolean {
    const owners = this.#find();
    return owners?.isKept === true && isHandover(owners);
  }

  /** Whether a removal of the object is under way, or has ended since that time of `performance.now()`. */
  isRemovedSince(time: number): boolean {
    return this.#removals.size > 0 || this.#removedAt >= time;
  }

  /**
   * Removes the object, unless another instance has it by now.
   *
   * @returns whether it was removed
   */
  async remove(kept: PrivateState, removal: () => Promise<void>): Promise<boolean> {
    if (this.isSuperseded(kept)) return false;
    const work = removal();
    this.#removals.add(work);
    try {
      await work;
      this.forget();
      this.place.released.set(this.place.id, originalOf(kept));
      return true;
    } finally {
      this.#removals.delete(work);
      this.#removedAt = performance.now();
    }
  }

  /**
   * Puts the removal off: the same run makes another instance of the object, which takes it over as it is. Where it does not
   * come to that, a later run knows what the object was before.
   *
   * @returns whether another instance has the object by now, so that nothing is to be removed
   */
  postpone(kept: PrivateState, removal: () => Promise<void>): boolean {
    if (this.isSuperseded(kept)) return false;
    this.forget();
    const { kind, id, store, released, postponed } = this.place;
    released.set(id, originalOf(kept));
    postponed.set(id, () => this.remove(kept, removal));
    store()?.write(kind, id, { heir: NO_HEIR, ...originalOf(kept) });
    return true;
  }

  /** Makes the removal that was put off, if it was: something is in its way that goes first. */
  async removePostponed(): Promise<void> {
    const { id, postponed } = this.place;
    const removal = postponed.get(id);
    postponed.delete(id);
    await removal?.();
  }

  /** Waits for the removals that are under way, whatever comes of them. */
  async removalsEnded(): Promise<void> {
    await Promise.allSettled(this.#removals);
  }

  #withHandover(kept: PrivateState): PrivateState {
    const owners = this.#owners;
    if (owners === undefined || !isHandover(owners) || kept.madeAt !== owners.latest) return kept;
    return withOriginalOf(kept, owners.first);
  }

  /** What the object had before an instance whose removal an earlier run put off. */
  #left(): PrivateState | undefined {
    const handover = this.#handover();
    return handover?.heir === NO_HEIR ? originalOf(handover) : undefined;
  }

  #handover(): Handover | undefined {
    return this.place.store()?.find(this.place.kind, this.place.id);
  }

  #find(): Owners | undefined {
    if (this.#owners !== undefined) return this.#owners;
    const handover = this.#handover();
    if (handover === undefined || handover.heir === NO_HEIR) return undefined;
    return {
      first: { madeAt: BEFORE_ALL, ...originalOf(handover) },
      latest: handover.heir,
      absentHeir: handover.heir,
      isKept: true,
    };
  }

  #set(owners: Owners): void {
    const before = this.#find();
    const { first, latest } = owners;
    const { kind, id, store } = this.place;
    const isAsKept = before?.isKept === true && isDeepStrictEqual([before.first, before.latest], [first, latest]);
    const isKept =
      isAsKept || (isHandover(owners) && store()?.write(kind, id, { heir: latest, ...originalOf(first) }) === true);
    this.#owners = { ...owners, isKept };
  }
}
