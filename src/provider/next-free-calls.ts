import { KINDS } from "../../lib/model/kinds";
import { checkNextFree } from "../../lib/model/next-free";
import { fault } from "../../lib/model/problem";
import { ObjectError } from "../reconcile/objects/failure";
import type { RegionObjects } from "../reconcile/region-objects";
import { NextFree } from "./next-free";
import { NEXT_FREE, NEXT_FREE_BLOCK } from "./next-free-block";
import type { CallContext, Reply, Request } from "./rpc/dispatch";
import { isNull } from "./rpc/dynamic-value";
import { typeOf } from "./schema";
import { readStored } from "./stored";
import { readAs } from "./stored-value";
import { decodeObject, encodeObject, explained, messages } from "./wire";

/** The RPCs about one resource. */
type ResourceRpc =
  | "validateResourceConfig"
  | "upgradeResourceState"
  | "moveResourceState"
  | "readResource"
  | "planResourceChange"
  | "applyResourceChange"
  | "importResourceState";

type Call<R extends ResourceRpc> = (request: Request<R>, context: CallContext) => Promise<Reply<R>>;

/** What answers the calls about resources of some types. */
export type ResourceRpcs = { readonly [R in ResourceRpc]: Call<R> };

const TYPE = typeOf(NEXT_FREE_BLOCK);

/** What messages about a state say. */
const SUBJECT = {
  title: "next free answer",
  type: NEXT_FREE,
  key: { examples: ["10.20.0.5"] },
};

/** What Terraform asks about `maas_next_free`, which is no kind of object: the provider alone has it. */
export function nextFreeCalls(objects: () => RegionObjects, plansAlone: () => boolean): ResourceRpcs {
  const answers = new NextFree();
  return {
    validateResourceConfig: ({ config }) =>
      explained(undefined, () => ({ diagnostics: messages(checkNextFree(decodeObject(config, TYPE) ?? {})) })),

    upgradeResourceState: ({ rawState }) =>
      explained(undefined, () => {
        const stored = readStored(rawState, SUBJECT);
        const state = Object.fromEntries(
          NEXT_FREE_BLOCK.attributes.map(({ name, type }) => [name, readAs(type, stored[name])]),
        );
        answers.note(state);
        return { upgradedState: encodeObject(state, TYPE) };
      }),

    moveResourceState: ({ sourceTypeName, sourceProviderAddress }) =>
      explained(undefined, () => {
        throw new ObjectError(
          fault("MAAS-MOV-04", undefined, {
            what: `a ${sourceTypeName} of ${sourceProviderAddress} can't be moved to a ${NEXT_FREE}`,
            fix: `Write an import block for the ${NEXT_FREE} with its answer as the id, such as "10.20.0.5".`,
          }),
        );
      }),

    readResource: ({ currentState, private: kept }) =>
      explained(KINDS.subnet, async () => {
        const state = decodeObject(currentState, TYPE) ?? {};
        answers.note(state);
        const { attributes, diagnostics } = await answers.read(objects(), state);
        return { newState: encodeObject(attributes, TYPE), private: kept, diagnostics: messages(diagnostics) };
      }),

    planResourceChange: ({ priorState, proposedNewState, config, priorPrivate }) =>
      explained(KINDS.subnet, async () => {
        const plannedPrivate = priorPrivate;
        if (isNull(proposedNewState)) return { plannedState: encodeObject(undefined, TYPE), plannedPrivate };
        const prior = decodeObject(priorState, TYPE);
        const planned = await answers.plan(objects(), prior, decodeObject(config, TYPE) ?? {}, !plansAlone());
        return {
          plannedState: encodeObject(planned.attributes, TYPE),
          requiresReplace: planned.requiresReplace.map((name) => ({
            steps: [{ selector: { $case: "attributeName", value: name } }],
          })),
          plannedPrivate,
          diagnostics: messages(planned.diagnostics),
        };
      }),

    applyResourceChange: ({ priorState, plannedState, plannedPrivate }) =>
      explained(KINDS.subnet, async () => {
        const planned = decodeObject(plannedState, TYPE);
        if (planned === undefined) {
          answers.forget(decodeObject(priorState, TYPE) ?? {});
          return { newState: encodeObject(undefined, TYPE), private: plannedPrivate };
        }
        // What was not known when it was validated may be wrong.
        const faults = checkNextFree(planned);
        if (faults.length > 0) return { newState: priorState, private: plannedPrivate, diagnostics: messages(faults) };
        const attributes = await answers.apply(objects(), planned);
        return { newState: encodeObject(attributes, TYPE), private: plannedPrivate };
      }),

    importResourceState: ({ id }) =>
      explained(undefined, () => {
        const state = encodeObject(answers.import(id), TYPE);
        return { importedResources: [{ typeName: NEXT_FREE, state, private: new Uint8Array() }] };
      }),
  };
}

/** Of two answerers the one for the type that a request is about. */
export function byType(nextFree: ResourceRpcs, kinds: ResourceRpcs): ResourceRpcs {
  const isNextFree = (request: object): boolean =>
    ("typeName" in request && request.typeName === NEXT_FREE) ||
    ("targetTypeName" in request && request.targetTypeName === NEXT_FREE);
  const either =
    <R extends ResourceRpc>(rpc: R): Call<R> =>
    (request, context) =>
      (isNextFree(request) ? nextFree : kinds)[rpc](request, context);
  return {
    validateResourceConfig: either("validateResourceConfig"),
    upgradeResourceState: either("upgradeResourceState"),
    moveResourceState: either("moveResourceState"),
    readResource: either("readResource"),
    planResourceChange: either("planResourceChange"),
    applyResourceChange: either("applyResourceChange"),
    importResourceState: either("importResourceState"),
  };
}
