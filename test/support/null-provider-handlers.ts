// A stand-in for hashicorp/null, for `null_resource` alone: the tests need that provider and must not need a network. Its
// schema and what it does are those of the real one's version 3; Terraform itself runs the provisioners, so that these are
// tested for real.
import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { UNKNOWN, type Values } from "../../lib/model/known";
import type { DynamicValue } from "../../src/provider/protocol/tfplugin6_pb";
import type { ProviderHandlers } from "../../src/provider/rpc/dispatch";
import {
  decodeDynamicValue,
  decodeJson,
  encodeDynamicValue,
  type TypeExpression,
} from "../../src/provider/rpc/dynamic-value";

const TRIGGERS: TypeExpression = ["map", "string"];
const RESOURCE: TypeExpression = ["object", { id: "string", triggers: TRIGGERS }];

const typeOf = (type: TypeExpression) => Buffer.from(JSON.stringify(type));
const decode = (value: DynamicValue | undefined) => decodeDynamicValue(value, RESOURCE) as Values | null;

export const handlers: ProviderHandlers = {
  getProviderSchema: () =>
    Promise.resolve({
      provider: { block: {} },
      resourceSchemas: {
        null_resource: {
          block: {
            attributes: [
              { name: "id", type: typeOf("string"), computed: true },
              { name: "triggers", type: typeOf(TRIGGERS), optional: true },
            ],
          },
        },
      },
    }),
  validateProviderConfig: () => Promise.resolve({}),
  configureProvider: () => Promise.resolve({}),
  validateResourceConfig: () => Promise.resolve({}),
  upgradeResourceState: ({ rawState }) =>
    Promise.resolve({
      upgradedState: encodeDynamicValue(decodeJson(rawState?.json ?? Buffer.from("null"), RESOURCE), RESOURCE),
    }),
  readResource: ({ currentState, private: secret }) => Promise.resolve({ newState: currentState, private: secret }),
  planResourceChange: ({ priorState, proposedNewState }) => {
    const [prior, proposed] = [decode(priorState), decode(proposedNewState)];
    if (proposed === null) return Promise.resolve({ plannedState: proposedNewState });
    const isReplaced = prior !== null && !isDeepStrictEqual(prior.triggers, proposed.triggers);
    return Promise.resolve({
      plannedState: encodeDynamicValue({ ...proposed, id: prior?.id ?? UNKNOWN }, RESOURCE),
      requiresReplace: isReplaced
        ? [{ steps: [{ selector: { $case: "attributeName" as const, value: "triggers" } }] }]
        : [],
    });
  },
  applyResourceChange: ({ priorState, plannedState }) => {
    const planned = decode(plannedState);
    const id = decode(priorState)?.id ?? String(randomInt(2 ** 47));
    return Promise.resolve({ newState: encodeDynamicValue(planned && { ...planned, id }, RESOURCE) });
  },
};
