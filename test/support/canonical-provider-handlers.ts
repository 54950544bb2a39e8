// A stand-in for canonical/maas, which `terraform init` wants as long as a state names it, and which keeps what is not ours.
// Its resources are kept in the state alone: the tests need no second client of the region, but that Terraform has a
// second provider with our local name. The attributes are those of version 2.4.0, and installation_method of later ones.
import { UNKNOWN, type Values } from "../../lib/model/known";
import type { DynamicValue } from "../../src/provider/protocol/tfplugin6_pb";
import type { ProviderHandlers } from "../../src/provider/rpc/dispatch";
import {
  decodeDynamicValue,
  decodeJson,
  encodeDynamicValue,
  type TypeExpression,
} from "../../src/provider/rpc/dynamic-value";

type Use = "required" | "optional" | "computed";
type Attribute = readonly [TypeExpression, Use];

const PROVIDER: Readonly<Record<string, Attribute>> = {
  api_key: ["string", "optional"],
  api_url: ["string", "optional"],
  api_version: ["string", "optional"],
  installation_method: ["string", "optional"],
};

const RESOURCES: Readonly<Record<string, Readonly<Record<string, Attribute>>>> = {
  maas_dns_domain: {
    authoritative: ["bool", "optional"],
    is_default: ["bool", "computed"],
    name: ["string", "required"],
    ttl: ["number", "optional"],
  },
  maas_dns_record: {
    data: ["string", "required"],
    domain: ["string", "optional"],
    fqdn: ["string", "optional"],
    name: ["string", "optional"],
    ttl: ["number", "optional"],
    type: ["string", "required"],
  },
  maas_network_interface_vlan: {
    accept_ra: ["bool", "computed"],
    fabric: ["string", "required"],
    machine: ["string", "required"],
    mtu: ["number", "computed"],
    parent: ["string", "required"],
    tags: [["set", "string"], "computed"],
    vlan: ["number", "optional"],
  },
};

const ID: Readonly<Record<string, Attribute>> = { id: ["string", "computed"] };

const blockOf = (attributes: Readonly<Record<string, Attribute>>) => ({
  block: {
    attributes: Object.entries(attributes).map(([name, [type, use]]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      [use]: true,
    })),
  },
});

function typeOf(typeName: string): TypeExpression {
  const attributes = Object.entries({ ...ID, ...RESOURCES[typeName] }).map(([name, [type]]) => [name, type] as const);
  return ["object", Object.fromEntries(attributes)];
}

const decode = (typeName: string, value: DynamicValue | undefined): Values | null =>
  decodeDynamicValue(value, typeOf(typeName)) as Values | null;

/** The planned values that only an apply tells, told. */
const told = (planned: Values): Values =>
  Object.fromEntries(Object.entries(planned).map(([name, value]) => [name, value === UNKNOWN ? null : value]));

export const handlers: ProviderHandlers = {
  getProviderSchema: () =>
    Promise.resolve({
      provider: blockOf(PROVIDER),
      resourceSchemas: Object.fromEntries(
        Object.entries(RESOURCES).map(([name, attributes]) => [name, blockOf({ ...ID, ...attributes })]),
      ),
    }),
  validateProviderConfig: () => Promise.resolve({}),
  configureProvider: () => Promise.resolve({}),
  validateResourceConfig: () => Promise.resolve({}),
  upgradeResourceState: ({ typeName, rawState }) => {
    const state = decodeJson(rawState?.json ?? Buffer.from("null"), typeOf(typeName));
    return Promise.resolve({ upgradedState: encodeDynamicValue(state, typeOf(typeName)) });
  },
  readResource: ({ currentState, private: secret }) => Promise.resolve({ newState: currentState, private: secret }),
  planResourceChange: ({ typeName, priorState, proposedNewState, priorPrivate }) => {
    const [prior, proposed] = [decode(typeName, priorState), decode(typeName, proposedNewState)];
    if (proposed === null) return Promise.resolve({ plannedState: proposedNewState, plannedPrivate: priorPrivate });
    const computed = Object.entries({ ...ID, ...RESOURCES[typeName] }).filter(([, [, use]]) => use === "computed");
    const planned = { ...proposed, ...Object.fromEntries(computed.map(([name]) => [name, prior?.[name] ?? UNKNOWN])) };
    return Promise.resolve({
      plannedState: encodeDynamicValue(planned, typeOf(typeName)),
      plannedPrivate: priorPrivate,
    });
  },
  applyResourceChange: ({ typeName, plannedState, plannedPrivate }) => {
    const planned = decode(typeName, plannedState);
    const applied = planned && { ...told(planned), id: planned.id === UNKNOWN ? "1" : (planned.id ?? null) };
    return Promise.resolve({ newState: encodeDynamicValue(applied, typeOf(typeName)), private: plannedPrivate });
  },
};
