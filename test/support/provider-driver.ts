import type { Values } from "../../lib/model/known";
import {
  type Diagnostic,
  Diagnostic_Severity,
  type DynamicValue,
  type Schema,
  type Schema_Block,
} from "../../src/provider/protocol/tfplugin6_pb";
import { decodeDynamicValue, encodeDynamicValue, type TypeExpression } from "../../src/provider/rpc/dynamic-value";
import { PLUGIN } from "./command-line";
import { InProcessPlugin } from "./in-process-plugin";
import { PluginClient, type PluginOptions } from "./plugin-client";

/** A diagnostic, flat. Each has a code, which is left out of the detail here. */
export interface Told {
  readonly severity: "error" | "warning";
  readonly attribute: string | undefined;
  readonly summary: string;
  readonly detail: string;
}

/** What is known of a resource between calls, as Terraform's state has it. */
export interface Kept {
  readonly state: Values | undefined;
  readonly private: Uint8Array;
}

/** What a call came to. */
export interface Applied extends Kept {
  readonly told: readonly Told[];
  readonly requiresReplace: readonly string[];
  readonly planned: Values | undefined;
}

const NOTHING = new Uint8Array();

/** The code at the end of a diagnostic's detail, or of the rule that its summary begins with. */
const CODE = / \[(MAAS-[A-Z]{3}-\d\d)\]$/;

/** @throws Error for a diagnostic without a code, which no user is to see. */
function withoutCode({ summary, detail }: Diagnostic): string {
  if (!CODE.test(detail) && !summary.startsWith("MAAS6-")) throw new Error(`no code in: ${summary}\n${detail}`);
  return detail.replace(CODE, "");
}

function tell(diagnostics: readonly Diagnostic[]): Told[] {
  return diagnostics.map((diagnostic) => {
    const { severity, attribute, summary } = diagnostic;
    const step = attribute?.steps[0]?.selector;
    return {
      severity: severity === Diagnostic_Severity.ERROR ? "error" : "warning",
      attribute: step?.$case === "attributeName" ? step.value : undefined,
      summary,
      detail: withoutCode(diagnostic),
    };
  });
}

const isError = ({ severity }: Told): boolean => severity === "error";

function blockType(block: Schema_Block | undefined): TypeExpression {
  const attributes = (block?.attributes ?? []).map(
    ({ name, type }) => [name, JSON.parse(new TextDecoder().decode(type)) as TypeExpression] as const,
  );
  const nested = (block?.blockTypes ?? []).map(
    ({ typeName, block: inner }) => [typeName, ["set", blockType(inner)]] as const,
  );
  return ["object", Object.fromEntries([...attributes, ...nested])];
}

const typeOf = (schema: Schema | undefined): TypeExpression => blockType(schema?.block);

/** What answers the calls. */
type Plugin = Pick<PluginClient, "call"> & { kill(): Promise<unknown> };

/** The provider, called as Terraform core calls it: validate, plan, plan again, apply. */
export class ProviderDriver<P extends Plugin = Plugin> {
  private constructor(
    readonly plugin: P,
    private readonly resources: Record<string, Schema>,
    private readonly dataSources: Record<string, Schema>,
    private readonly configuration: Schema | undefined,
  ) {}

  /** The built plugin as a real process. */
  static async start(options: PluginOptions = {}): Promise<ProviderDriver<PluginClient>> {
    return ProviderDriver.of(await PluginClient.start(PLUGIN, options));
  }

  /** The provider in this process, for tests that need none of its own: see {@link InProcessPlugin}. */
  static here(
    environment: NonNullable<PluginOptions["environment"]>,
    folder?: string,
  ): Promise<ProviderDriver<InProcessPlugin>> {
    return ProviderDriver.of(new InProcessPlugin(environment, folder));
  }

  private static async of<Q extends Plugin>(plugin: Q): Promise<ProviderDriver<Q>> {
    const { resourceSchemas, dataSourceSchemas, provider } = await plugin.call("getProviderSchema", {});
    return new ProviderDriver(plugin, resourceSchemas, dataSourceSchemas, provider);
  }

  async configure(config: Values = {}): Promise<Told[]> {
    const encoded = encodeDynamicValue(config, typeOf(this.configuration));
    const { diagnostics } = await this.plugin.call("configureProvider", {
      terraformVersion: "1.11.4",
      config: encoded,
    });
    return tell(diagnostics);
  }

  async validateProvider(config: Values): Promise<Told[]> {
    const encoded = encodeDynamicValue(config, typeOf(this.configuration));
    const { diagnostics } = await this.plugin.call("validateProviderConfig", { config: encoded });
    return tell(diagnostics);
  }

  /** Brings a state of another resource type, or of another provider, here. */
  async move(
    typeName: string,
    from: { provider: string; type: string; state: Readonly<Record<string, unknown>>; private?: Uint8Array },
  ): Promise<Kept & { readonly told: readonly Told[] }> {
    const { targetState, targetPrivate, diagnostics } = await this.plugin.call("moveResourceState", {
      ...{ sourceProviderAddress: from.provider, sourceTypeName: from.type, targetTypeName: typeName },
      sourceState: { json: new TextEncoder().encode(JSON.stringify(from.state)), flatmap: {} },
      sourcePrivate: from.private ?? new TextEncoder().encode("null"),
    });
    return { state: this.decode(typeName, targetState), private: targetPrivate, told: tell(diagnostics) };
  }

  async validate(typeName: string, config: Values): Promise<Told[]> {
    const { diagnostics } = await this.plugin.call("validateResourceConfig", {
      typeName,
      config: this.encode(typeName, config),
    });
    return tell(diagnostics);
  }

  async read(typeName: string, kept: Kept): Promise<Applied> {
    const {
      newState,
      diagnostics,
      private: after,
    } = await this.plugin.call("readResource", {
      typeName,
      currentState: this.encode(typeName, kept.state),
      private: kept.private,
    });
    return {
      state: this.decode(typeName, newState),
      private: after,
      told: tell(diagnostics),
      requiresReplace: [],
      planned: undefined,
    };
  }

  async plan(typeName: string, config: Values, kept?: Kept): Promise<Applied> {
    const type = this.typeOf(typeName);
    const proposed = Object.fromEntries(
      Object.keys(type[1]).map((name) => [name, config[name] ?? kept?.state?.[name] ?? null]),
    );
    const response = await this.plugin.call("planResourceChange", {
      typeName,
      priorState: this.encode(typeName, kept?.state),
      proposedNewState: this.encode(typeName, proposed),
      config: this.encode(typeName, config),
      priorPrivate: kept?.private ?? NOTHING,
    });
    return {
      state: kept?.state,
      private: response.plannedPrivate,
      told: tell(response.diagnostics),
      requiresReplace: response.requiresReplace.map(({ steps }) => String(steps[0]?.selector?.value)),
      planned: this.decode(typeName, response.plannedState),
    };
  }

  /** Plans the destroy. @returns what is told */
  async planDestroy(typeName: string, kept: Kept): Promise<readonly Told[]> {
    const { diagnostics } = await this.plugin.call("planResourceChange", {
      typeName,
      priorState: this.encode(typeName, kept.state),
      proposedNewState: this.encode(typeName, undefined),
      config: this.encode(typeName, undefined),
      priorPrivate: kept.private,
    });
    return tell(diagnostics);
  }

  /** Plans and applies; a plan with errors is not applied. */
  async apply(typeName: string, config: Values, kept?: Kept): Promise<Applied> {
    const plan = await this.plan(typeName, config, kept);
    if (plan.told.some(isError)) return plan;
    const response = await this.plugin.call("applyResourceChange", {
      typeName,
      priorState: this.encode(typeName, kept?.state),
      plannedState: this.encode(typeName, plan.planned),
      config: this.encode(typeName, config),
      plannedPrivate: plan.private,
    });
    const state = this.decode(typeName, response.newState);
    return { ...plan, state, private: response.private, told: tell(response.diagnostics) };
  }

  /** {@link apply}. @throws Error with the diagnostics when there are any. */
  async make(typeName: string, config: Values, kept?: Kept): Promise<Kept & { readonly state: Values }> {
    const { told, state, private: after } = await this.apply(typeName, config, kept);
    if (told.some(isError) || state === undefined) throw new Error(`${typeName}: ${JSON.stringify(told)}`);
    return { state, private: after };
  }

  async destroy(typeName: string, kept: Kept): Promise<Told[]> {
    const { diagnostics } = await this.plugin.call("applyResourceChange", {
      typeName,
      priorState: this.encode(typeName, kept.state),
      plannedState: this.encode(typeName, undefined),
      plannedPrivate: kept.private,
    });
    return tell(diagnostics);
  }

  async import(typeName: string, id: string): Promise<Applied> {
    const { importedResources, diagnostics } = await this.plugin.call("importResourceState", { typeName, id });
    const [imported] = importedResources;
    const state = imported === undefined ? undefined : this.decode(typeName, imported.state);
    return {
      state,
      private: imported?.private ?? NOTHING,
      told: tell(diagnostics),
      requiresReplace: [],
      planned: undefined,
    };
  }

  async look(typeName: string, config: Values): Promise<{ state: Values | undefined; told: readonly Told[] }> {
    const type = typeOf(this.dataSources[typeName]);
    const { state, diagnostics } = await this.plugin.call("readDataSource", {
      typeName,
      config: encodeDynamicValue(config, type),
    });
    return { state: (decodeDynamicValue(state, type) as Values | null) ?? undefined, told: tell(diagnostics) };
  }

  stop(): Promise<unknown> {
    return this.plugin.kill();
  }

  private typeOf(typeName: string): readonly ["object", Readonly<Record<string, TypeExpression>>] {
    return typeOf(this.resources[typeName]) as ["object", Record<string, TypeExpression>];
  }

  private encode(typeName: string, value: Values | undefined): ReturnType<typeof encodeDynamicValue> {
    return encodeDynamicValue(value ?? null, this.typeOf(typeName));
  }

  private decode(typeName: string, value: DynamicValue | undefined): Values | undefined {
    return (decodeDynamicValue(value, this.typeOf(typeName)) as Values | null) ?? undefined;
  }
}
