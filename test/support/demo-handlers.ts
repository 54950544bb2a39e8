import { UNKNOWN, type Values } from "../../lib/model/known";
import type { DynamicValue } from "../../src/provider/protocol/tfplugin6_pb";
import type { CallContext, ProviderHandlers } from "../../src/provider/rpc/dispatch";
import {
  decodeDynamicValue,
  decodeJson,
  encodeDynamicValue,
  type TypeExpression,
} from "../../src/provider/rpc/dynamic-value";

/** The smallest provider that Terraform can create, change and destroy something with: `demo_note`, kept in the state only. */
const ATTRIBUTES = {
  id: { type: "string", computed: true },
  text: { type: "string", required: true },
  tags: { type: ["set", "string"], optional: true },
  priority: { type: "number", optional: true },
} as const satisfies Record<
  string,
  { type: TypeExpression; computed?: boolean; required?: boolean; optional?: boolean }
>;

const NOTE: TypeExpression = [
  "object",
  Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, { type }]) => [name, type])),
];

const PROVIDER: TypeExpression = ["object", { fail: "bool" }];

const note = (value: DynamicValue | undefined) => decodeDynamicValue(value, NOTE) as Values | null;

export const handlers: ProviderHandlers = {
  getProviderSchema: () =>
    Promise.resolve({
      provider: { block: { attributes: [{ name: "fail", type: Buffer.from('"bool"'), optional: true }] } },
      resourceSchemas: {
        demo_note: {
          block: {
            attributes: Object.entries(ATTRIBUTES).map(([name, { type, ...flags }]) => ({
              name,
              type: Buffer.from(JSON.stringify(type)),
              ...flags,
            })),
          },
        },
      },
      serverCapabilities: { planDestroy: true },
    }),
  validateProviderConfig: ({ config }) => {
    const { fail } = decodeDynamicValue(config, PROVIDER) as Values;
    return fail === true ? Promise.reject(new Error("as configured")) : Promise.resolve({});
  },
  validateResourceConfig: () => Promise.resolve({}),
  configureProvider: () => Promise.resolve({}),
  upgradeResourceState: ({ rawState }) =>
    Promise.resolve({
      upgradedState: encodeDynamicValue(decodeJson(rawState?.json ?? Buffer.from("null"), NOTE), NOTE),
    }),
  readResource: async ({ currentState, private: secret }, { signal, stopSignal }) => {
    const current = note(currentState);
    if (current?.text === "explode") throw new Error("boom");
    if (current?.text === "forget") return {};
    if (current?.text === "wait") await abortOf(AbortSignal.any([signal, stopSignal]));
    return { newState: currentState, private: secret };
  },
  planResourceChange: ({ priorState, proposedNewState }) => {
    const [prior, proposed] = [note(priorState), note(proposedNewState)];
    const planned = proposed === null ? null : { ...proposed, id: prior?.id ?? UNKNOWN };
    return Promise.resolve({ plannedState: encodeDynamicValue(planned, NOTE) });
  },
  applyResourceChange: async ({ plannedState }, context) => {
    const planned = note(plannedState);
    if (planned?.text === "slow") await finishWhenStopped(context);
    const applied = planned === null ? null : { ...planned, id: "note-1" };
    return { newState: encodeDynamicValue(applied, NOTE) };
  },
};

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
}

function finishWhenStopped({ stopSignal }: CallContext): Promise<void> {
  return new Promise((resolve) => stopSignal.addEventListener("abort", () => resolve()));
}
