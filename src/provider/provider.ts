import { isDeepStrictEqual } from "node:util";
import { checkObject, checkReadOnly } from "../../lib/model/checks/object";
import { checkForeignWords } from "../../lib/model/terraform/foreign-words";
import type { Kind } from "../../lib/model/kind";
import { isManaged } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { TERRAFORM_KINDS } from "../../lib/model/terraform/kinds";
import { pairsOf } from "../../lib/model/terraform/pair";
import type { RegionObjects } from "../reconcile/region-objects";
import type { Configured } from "./configuration";
import type { DataSource } from "./data-source";
import { NEXT_FREE, NEXT_FREE_BLOCK } from "./next-free-block";
import { byType, nextFreeCalls, type ResourceRpcs } from "./next-free-calls";
import { DATA_SOURCES } from "./data-sources";
import { Instances } from "./instances/instances";
import { foundBy, keptOfEnded, keptWith, lostFault, type PrivateState, writePrivate } from "./instances/private-state";
import type { DeepPartial, Schema } from "./protocol/tfplugin6_pb";
import { PairedResource, type ResourceCalls } from "./paired-resource";
import { KeptStates, writtenAs } from "./kept-states";
import { Resource } from "./resource";
import type { ProviderHandlers } from "./rpc/dispatch";
import { isNull, type TypeExpression } from "./rpc/dynamic-value";
import { type Block, PROVIDER_BLOCK, resourceBlock, schemaOf, typeOf } from "./schema";
import { isForeign, movedState, readPrivate, upgradeState } from "./stored";
import { decodeObject, encodeObject, explained, messages } from "./wire";

interface ResourceType {
  readonly kind: Kind;
  readonly block: Block;
  readonly type: TypeExpression;
}

const RESOURCES: ReadonlyMap<string, ResourceType> = new Map(
  TERRAFORM_KINDS.filter(isManaged).map((kind) => {
    const block = resourceBlock(kind);
    return [kind.type, { kind, block, type: typeOf(block) }];
  }),
);

/** The blocks of all resource types. */
const RESOURCE_BLOCKS: ReadonlyMap<string, { readonly block: Block }> = new Map<string, { readonly block: Block }>([
  ...RESOURCES,
  [NEXT_FREE, { block: NEXT_FREE_BLOCK }],
]);

/** Terraform asks only for types that the schema lists. */
function find<T>(types: ReadonlyMap<string, T>, name: string): T {
  const found = types.get(name);
  if (found === undefined) throw new Error(`Terraform asked for ${name}, which this provider does not have`);
  return found;
}

const schemas = (types: ReadonlyMap<string, { readonly block: Block }>): Record<string, DeepPartial<Schema>> =>
  Object.fromEntries([...types].map(([name, { block }]) => [name, schemaOf(block)]));

/** Destroys are planned, so that what goes along with them is reported beforehand. */
const SERVER_CAPABILITIES = { getProviderSchemaOptional: true, planDestroy: true, moveResourceState: true };

/**
 * The maas provider: Terraform's calls, answered by {@link Resource} and {@link DATA_SOURCES} for the types of the field table.
 *
 * @param environment what answers for settings that the configuration does not give.
 * @param folder where relative paths start: where Terraform runs.
 */
export function maasProvider(environment: NodeJS.ProcessEnv, folder: string): ProviderHandlers {
  let configured: RegionObjects | undefined;
  let plansAlone = false;
  let told: Configured["told"] = (problems) => problems;
  const instances = new Instances();
  const keptStates = new KeptStates();
  const objects = (): RegionObjects => {
    if (configured === undefined) throw new Error("Terraform made a call before it configured the provider");
    return configured;
  };
  const resources = new Map<string, { resource: ResourceCalls; kind: Kind; type: TypeExpression }>();
  const resource = (typeName: string): { resource: ResourceCalls; kind: Kind; type: TypeExpression } => {
    const known = resources.get(typeName);
    if (known !== undefined) return known;
    const { kind, type } = find(RESOURCES, typeName);
    const whole = new Resource(kind, objects(), instances, plansAlone);
    const own = pairsOf(kind).length === 0 ? whole : new PairedResource(kind, objects(), whole, plansAlone);
    const made = { resource: own, kind, type };
    resources.set(typeName, made);
    return made;
  };

  /** The private state of an instance, with what another one with the same object has handed over to it. */
  const handedOver = (kind: Kind, prior: Attributes | undefined, kept: PrivateState): PrivateState =>
    prior === undefined ? kept : instances.of(kind.name, textOf(prior.id)).has(kept);

  const ofKinds: ResourceRpcs = {
    validateResourceConfig: ({ typeName, config }) => {
      const { kind, type } = find(RESOURCES, typeName);
      return explained(kind, () => {
        const wanted = decodeObject(config, type) ?? {};
        return {
          diagnostics: messages([
            ...checkForeignWords(kind, wanted),
            ...checkReadOnly(kind, wanted),
            ...checkObject(kind, wanted),
          ]),
        };
      });
    },

    upgradeResourceState: ({ typeName, rawState }) => {
      const { kind, block, type } = find(RESOURCES, typeName);
      return explained(kind, () => {
        const state = upgradeState(rawState, kind, block);
        if (isForeign(rawState, kind)) keptStates.addForeign(kind, state);
        configured?.own.add(kind, state);
        instances.of(kind.name, textOf(state.id)).begin();
        return { upgradedState: encodeObject(state, type) };
      });
    },

    moveResourceState: ({ sourceProviderAddress, sourceTypeName, sourceState, sourcePrivate, targetTypeName }) => {
      const { kind, block, type } = find(RESOURCES, targetTypeName);
      return explained(kind, () => {
        const from = { provider: sourceProviderAddress, type: sourceTypeName, private: sourcePrivate };
        const moved = movedState(from, sourceState, kind, block);
        keptStates.addForeign(kind, moved.state);
        configured?.own.add(kind, moved.state);
        return { targetState: encodeObject(moved.state, type), targetPrivate: moved.private };
      });
    },

    readResource: ({ typeName, currentState, private: kept }) => {
      const { resource: found, kind, type } = resource(typeName);
      return explained(kind, async () => {
        const prior = decodeObject(currentState, type) ?? {};
        const before = keptStates.inState(kind, prior, kept);
        const { value, diagnostics } = await found.read(prior, before);
        const { attributes } = value;
        if (attributes !== undefined) instances.of(kind.name, textOf(attributes.id)).readUnplanned(value.kept);
        return {
          newState: encodeObject(attributes, type),
          diagnostics: messages(diagnostics),
          private: writtenAs(value.kept, before, kept),
        };
      });
    },

    planResourceChange: ({ typeName, priorState, proposedNewState, config, priorPrivate }) => {
      const { resource: found, kind, type } = resource(typeName);
      return explained(kind, async () => {
        const prior = decodeObject(priorState, type);
        const kept = handedOver(kind, prior, keptStates.of(kind, prior, priorPrivate));
        if (prior !== undefined) instances.of(kind.name, textOf(prior.id)).planned();
        const lost = kept.isLost === true ? [lostFault(kind, textOf(prior?.id ?? ""))] : [];
        if (isNull(proposedNewState)) {
          const diagnostics = lost.length > 0 ? lost : await found.planDestroy(prior ?? {}, kept);
          const plannedState = encodeObject(undefined, type);
          const plannedPrivate = writtenAs(kept, kept, priorPrivate);
          return { plannedState, plannedPrivate, diagnostics: messages(told(diagnostics)) };
        }
        const wanted = decodeObject(config, type) ?? {};
        const { value, diagnostics } = await found.plan(prior, wanted, kept);
        const isNew = prior === undefined && priorPrivate.length === 0;
        const key = prior === undefined ? foundBy(kind, wanted) : undefined;
        const plannedKept = {
          ...keptWith(kind, wanted, kept),
          ...(isNew && { unplanned: instances.unplanned(kind.name) }),
          ...(key && { found: key }),
        };
        if (prior !== undefined && !isDeepStrictEqual(value.attributes, prior))
          keptStates.planned(kind, prior, plannedKept);
        return {
          plannedState: encodeObject(value.attributes, type),
          requiresReplace: value.requiresReplace.map((name) => ({
            steps: [{ selector: { $case: "attributeName", value: name } }],
          })),
          plannedPrivate: writePrivate(plannedKept),
          diagnostics: messages(told([...diagnostics, ...(value.requiresReplace.length > 0 ? lost : [])])),
        };
      });
    },

    applyResourceChange: ({ typeName, priorState, plannedState, plannedPrivate }) => {
      const { resource: found, kind, type } = resource(typeName);
      return explained(kind, async () => {
        const prior = decodeObject(priorState, type);
        const planned = decodeObject(plannedState, type);
        const stored = readPrivate(plannedPrivate, kind);
        const own = prior !== undefined && planned === undefined ? keptOfEnded(kind, prior, stored) : stored;
        const kept = handedOver(kind, prior, own);
        const { value, diagnostics } = await found.apply(prior, planned, kept);
        if (prior !== undefined) keptStates.applied(kind, prior, value);
        return {
          newState: encodeObject(value.attributes, type),
          private: writePrivate(value.kept),
          diagnostics: messages(diagnostics),
        };
      });
    },

    importResourceState: async ({ typeName, id }) => {
      const { resource: found, type } = resource(typeName);
      const { value, diagnostics } = await found.import(id);
      const { attributes, kept } = value;
      const imported = { typeName, state: encodeObject(attributes, type), private: writePrivate(kept) };
      return { importedResources: attributes === undefined ? [] : [imported], diagnostics: messages(diagnostics) };
    },
  };

  return {
    ...byType(
      nextFreeCalls(objects, () => plansAlone),
      ofKinds,
    ),

    getMetadata: () =>
      Promise.resolve({
        serverCapabilities: SERVER_CAPABILITIES,
        resources: [...RESOURCE_BLOCKS.keys()].map((typeName) => ({ typeName })),
        dataSources: [...DATA_SOURCES.keys()].map((typeName) => ({ typeName })),
      }),

    getProviderSchema: () =>
      Promise.resolve({
        serverCapabilities: SERVER_CAPABILITIES,
        provider: schemaOf(PROVIDER_BLOCK),
        resourceSchemas: schemas(RESOURCE_BLOCKS),
        dataSourceSchemas: schemas(DATA_SOURCES),
      }),

    validateProviderConfig: ({ config }) =>
      explained(undefined, async () => {
        const { checkSettings } = await import("./provider-settings.js");
        return { diagnostics: messages(checkSettings(decodeObject(config, typeOf(PROVIDER_BLOCK)) ?? {})) };
      }),

    validateDataResourceConfig: ({ typeName, config }) => {
      const { kind, block, check }: DataSource = find(DATA_SOURCES, typeName);
      return explained(kind, () => ({ diagnostics: messages(check(decodeObject(config, typeOf(block)) ?? {})) }));
    },

    configureProvider: ({ config }, { log, stopSignal }) =>
      explained(undefined, async () => {
        // Two of the three times that Terraform starts the plugin it never gets here, and needs no HTTP client.
        const { configure } = await import("./configuration.js");
        const settings = decodeObject(config, typeOf(PROVIDER_BLOCK)) ?? {};
        const result = configure(settings, { environment, folder, log, stopSignal });
        if (Array.isArray(result)) return { diagnostics: messages(result) };
        resources.clear();
        configured = result.objects;
        plansAlone = result.plansAlone;
        told = result.told;
        instances.keepIn(result.handovers);
        keptStates.changes = result.changes;
        return { diagnostics: messages(result.notes) };
      }),

    readDataSource: ({ typeName, config }) => {
      const { kind, block, read } = find(DATA_SOURCES, typeName);
      const type = typeOf(block);
      return explained(kind, async () => {
        const { attributes, diagnostics } = await read(objects(), decodeObject(config, type) ?? {});
        return { state: encodeObject(attributes, type), diagnostics: messages(diagnostics) };
      });
    },
  };
}
