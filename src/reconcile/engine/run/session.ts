import { ProblemError } from "../../../../lib/model/problem";
import type { Region } from "../../region/region";
import { type Refusal, refused, RefusedError } from "../plan/guard";
import type { Plan, PlanRequest } from "../plan/plan";
import { prepare, type Prepared, type PrepareOptions } from "../plan/prepare";
import type { RefusalId } from "../plan/refusals";
import type { RecordStore } from "../record/record-store";
import { converge, type Convergence, type RunOptions } from "./run";

/** What a session is to plan. */
export interface SessionRequest extends Omit<PlanRequest, "record" | "recordName" | "isRecorded"> {
  /** The record to go by where the store has none, as a saved plan brings it along. */
  readonly record?: PlanRequest["record"];
  /** Hash of the plan that the user has agreed to: any other one is refused as stale. Absent = none is agreed to yet. */
  readonly agreed?: string;
}

/** Settings of one planning. */
export interface SessionOptions extends PrepareOptions {
  /** The refusals that the user insists on passing. */
  readonly force: readonly RefusalId[];
}

/** A plan, and whether it may be executed. */
export interface SessionPlan extends Prepared {
  /** What keeps it from being executed. */
  readonly standing: readonly Refusal[];
  /** What would, if the user did not insist. */
  readonly forced: readonly Refusal[];
}

function staleness(agreed: string | undefined, { hash, request }: Plan): Refusal[] {
  if (agreed === undefined || agreed === hash) return [];
  const again = `cdktf-maas plan${request.goal === "destroy" ? " --destroy" : ""} --format json --output plan.json`;
  return [
    {
      ...refused("MAAS-RUN-07", "stale"),
      what: "the saved plan is stale: planned again, it comes out differently",
      why: "The region, or the record, has changed since it was made, so that what was agreed to is not what would be done.",
      fix: `Make a plan again and look at it (${again}), or run the one above with --force stale.`,
      about: [],
    },
  ];
}

/** The engine on the record of former runs, to look at a plan: the record is neither locked nor written. */
export class Session {
  constructor(
    private readonly request: PlanRequest,
    private readonly agreed: string | undefined,
  ) {}

  /** Reads the region and plans. Changes nothing. @throws PlanError, MaasError */
  async plan(region: Region, { force, ...options }: SessionOptions): Promise<SessionPlan> {
    const prepared = await prepare(region, this.request, options);
    const refusals = [...staleness(this.agreed, prepared.plan), ...prepared.refusals];
    return {
      ...{ ...prepared, refusals },
      standing: refusals.filter(({ id }) => !force.includes(id)),
      forced: refusals.filter(({ id }) => force.includes(id)),
    };
  }
}

const NOTHING_DONE = { done: [], failed: [], notTried: [], unmade: new Set<string>(), rounds: 0 };

/** The engine with a record to itself, to execute a plan. */
export class RunSession extends Session {
  constructor(
    private readonly store: RecordStore,
    ...session: ConstructorParameters<typeof Session>
  ) {
    super(...session);
  }

  /**
   * Executes a plan of this session on the region that it was made for.
   *
   * Before the first change the objects of both runs, the former and this one, are recorded, so that the next run finishes one
   * that was cut off at any moment. One that fails takes back what it has not begun to make. Where all is done, the objects of
   * this run are recorded; after a destroy there is no record. What `existingOnly` left out is still to be made, and stays on record.
   *
   * @returns what became of each step; with a record where all is done.
   * @throws RefusedError, InputFileError before anything is changed; InputFileError after all is done.
   */
  async execute(region: Region, planned: SessionPlan, options: RunOptions): Promise<Convergence> {
    const { plan, record, standing } = planned;
    if (standing.length > 0) throw new RefusedError(standing);
    if (plan.steps.length > 0) await this.store.write(record.before);
    const ended: Convergence =
      plan.steps.length > 0 ? await converge(region, planned, options) : { ...NOTHING_DONE, record: record.after };
    if (ended.record === undefined) {
      // Why the run failed counts: the record from before the changes stands, and names all that they made.
      if (ended.unmade.size > 0) await this.store.write(record.beforeWithout(ended.unmade)).catch(() => undefined);
      return ended;
    }
    try {
      if (plan.request.goal === "destroy") await this.store.remove();
      else await this.store.write(ended.record);
    } catch (cause) {
      throw plan.steps.length > 0 && cause instanceof ProblemError
        ? new UnrecordedError(ended.done.length, cause, { cause })
        : cause;
    }
    return ended;
  }
}

/** All changes of a run are made, and the record could not be written after them. */
export class UnrecordedError extends ProblemError {
  override readonly name = "UnrecordedError";
  constructor(done: number, { message }: ProblemError, options?: ErrorOptions) {
    super(
      "MAAS-FIL-04",
      `all changes are made (${done} done), and only the record is not written: ${message}\n` +
        "The record has been written before the changes and names all that they made, so nothing is lost. Run the same command again: it writes the record.",
      [],
      options,
    );
  }
}

/** What a session that only plans needs of a record. */
export type ReadableRecord = Pick<RecordStore, "name" | "isKept" | "read">;

/** The request with the store's record, which another run may have changed since a plan was saved. */
async function withRecord(store: ReadableRecord, { agreed: _, ...request }: SessionRequest): Promise<PlanRequest> {
  const record = (await store.read()) ?? request.record;
  return { ...request, recordName: store.name, isRecorded: store.isKept, ...(record && { record }) };
}

/** Reads the record, for a session that only plans. @throws InputFileError */
export async function openSession(store: ReadableRecord, request: SessionRequest): Promise<Session> {
  return new Session(await withRecord(store, request), request.agreed);
}

/**
 * Locks and reads the record, for a session that may execute its plan. The lock is released however the session ends.
 *
 * @param onUnreleased is told why the lock could not be released after `use` has thrown, whose error is the one that counts
 * @throws RecordLockedError, InputFileError before anything is read of the region; what `use` throws; why the lock can't be
 * released, after all is done.
 */
export async function runSession<T>(
  store: RecordStore,
  request: SessionRequest,
  use: (session: RunSession) => Promise<T>,
  onUnreleased: (error: Error) => void = () => undefined,
): Promise<T> {
  const lock = await store.lock();
  let ended: T;
  try {
    ended = await use(new RunSession(store, await withRecord(store, request), request.agreed));
  } catch (error) {
    await lock.release().catch(onUnreleased);
    throw error;
  }
  await lock.release();
  return ended;
}
