import { Ipv6Caveats } from "../aspects/ipv6-caveats";
import {
  type Construct,
  type Fragment,
  type IConstruct,
  TerraformLocal,
  TerraformProvider,
  TerraformStack,
  TerraformVariable,
  Token,
} from "../cdk";
import { refuseCall, refuseConstruct } from "../constructs/construct-error";
import { isMadeFrom } from "../constructs/internal/edition";
import { PROVIDER } from "../constructs/internal/facts";
import { registerRegion, type StackRegion } from "../constructs/internal/region";
import { rendered } from "../constructs/internal/synthesised";
import { MaasEngine } from "../constructs/maas-engine";
import { fault, type Problem } from "../model/problem";
import { told } from "../constructs/internal/users-language";
import { applyStepProblems } from "./apply-step-problems";
import { CaveatReports, NetworkDocuments } from "./caveat-reports";
import { ForeignResources } from "./foreign-resources";
import { checkLocalName, LocalNames } from "./local-names";
import { warnOfLocalState } from "./local-state";
import { requireOneCdk } from "./one-cdk";
import { executablesProblems, PluginPlacement } from "./plugin/place-plugin";

/** Whether the expression is no literal in disguise: nothing beside it, and no quoted text in it but attribute keys. */
function isReference(expression: string): boolean {
  return /^\$\{[^{}]+\}$/.test(expression) && !expression.replace(/\["[^"]*"\]/g, "").includes('"');
}

/** Whether it names a variable or a local value of the stack that is itself a literal, which the stack's file holds as well. */
function namesLiteral(scope: IConstruct, expression: string): boolean {
  const name = /^\$\{(?:var|local)\.([\w-]+)\}$/.exec(expression)?.[1];
  return TerraformStack.of(scope)
    .node.findAll()
    .some((construct) => {
      if (isMadeFrom(construct, TerraformVariable)) {
        return construct.friendlyUniqueId === name && construct.default !== undefined;
      }
      if (isMadeFrom(construct, TerraformLocal)) {
        const { locals } = construct.toTerraform() as { locals: Record<string, unknown> };
        return name !== undefined && name in locals && !Token.isUnresolved(locals[name]);
      }
      return false;
    });
}

/**
 * What is wrong with an API key that would be readable in the synthesised files: a literal at any time, and when
 * `synthesising` a token that comes to one.
 */
function checkApiKey(scope: IConstruct, apiKey: string | undefined, synthesising = false): Problem[] {
  if (apiKey === undefined) return [];
  const readable = (what: string) => [
    fault("MAAS-CON-14", "apiKey", {
      what,
      why: "It would be readable in the synthesised files.",
      fix: "Leave apiKey out and set MAAS_API_KEY where Terraform runs, or give the value of a sensitive TerraformVariable without a default.",
    }),
  ];
  if (!Token.isUnresolved(apiKey)) return readable("the API key is a literal");
  if (!synthesising) return [];
  const expression = String(rendered(scope, apiKey));
  if (!isReference(expression)) return readable("the API key's token holds a literal");
  if (namesLiteral(scope, expression)) return readable("the API key's variable or local value holds a literal");
  return [];
}

/** Properties of a {@link MaasProvider}. What is left out is read from the environment when Terraform runs. */
export interface MaasProviderProps {
  /**
   * URL of the region's API, such as `http://region.lab.example:5240/MAAS`.
   * @default - MAAS_API_URL, when Terraform runs
   */
  readonly apiUrl?: string;
  /**
   * API key. Only a token, such as the value of a sensitive `TerraformVariable`: a literal would end up in the
   * synthesised files.
   * @default - MAAS_API_KEY, when Terraform runs
   */
  readonly apiKey?: string;
  /**
   * File with the certificates of the authorities that signed the region's.
   * @default - MAAS_API_CACERT, when Terraform runs; else the system's
   */
  readonly tlsCaCertPath?: string;
  /**
   * Accept any certificate from the region.
   * @default false
   */
  readonly tlsInsecureSkipVerify?: boolean;
  /**
   * Folder of the journal by which a deploy that was cut off is finished by the next one; relative to the stack's folder
   * in the output of synth. It must outlive the run, as the state does. Holds no secrets.
   * @default "maas-journal"
   */
  readonly journalPath?: string;
  /**
   * Name of this configuration, for stacks that talk to several regions.
   * @default - none: the stack's default
   */
  readonly alias?: string;
  /**
   * What Terraform calls this provider in the stack. Another one where `maas` is taken, as by the provider
   * `canonical/maas`; the same for all of a stack. Small letters, digits and hyphens.
   * @default "maas"
   */
  readonly localName?: string;
  /**
   * What makes the objects when the stack is deployed. {@link MaasEngine.APPLY_STEP} needs an {@link ApplyStep} in the stack.
   * @default MaasEngine.PROVIDER
   */
  readonly engine?: MaasEngine;
  /**
   * Folder with single executables of the Terraform plugin, `terraform-provider-maas_VERSION_OS_ARCH.zip`: they are placed
   * in the stack's folder for the platforms that it has, for machines without Node and for Windows. The others get the
   * script. The lock entry has the hashes of all of them.
   * @default - none: the script, which needs Node.js where Terraform runs
   */
  readonly pluginExecutables?: string;
}

/** What messages call it. */
const TITLE = "provider configuration";

/** Beside the stack's Terraform files, which stay where they are from one deploy to the next. */
const DEFAULT_JOURNAL = "maas-journal";

function checkApiUrl(apiUrl: string | undefined): Problem[] {
  if (apiUrl === undefined || Token.isUnresolved(apiUrl) || /^https?:\/\/[^/?#@\s]+([/?#]|$)/i.test(apiUrl)) return [];
  return [
    fault("MAAS-CON-13", "apiUrl", {
      what: "this is not the URL of a region's API",
      why: "It must start with http:// or https:// and a host, and hold no user or password.",
      fix: "Write it as http://region.lab.example:5240/MAAS.",
    }),
  ];
}

/** What Terraform takes as an alias. @see its "Identifiers", of the configuration syntax */
const ALIAS = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/** An alias is a part of commands and names of files too, so that it can't be left to Terraform to refuse it. */
function checkAlias(alias: string | undefined): Problem[] {
  if (alias === undefined || ALIAS.test(alias)) return [];
  return [
    fault("MAAS-CON-13", "alias", {
      what: `${JSON.stringify(alias)} is not an alias that Terraform takes`,
      why: "It holds letters, digits, _ and -, and starts with a letter or _.",
      fix: 'Write it as "west".',
    }),
  ];
}

/**
 * The MAAS region that a stack is deployed to. Has the IPv6 caveats of MAAS enforced on the stack, and places the Terraform plugin and its lock entry in the stack's folder at
 * synth, so that no registry is asked for it. With {@link MaasEngine.APPLY_STEP} there is no plugin, and nothing of this in
 * Terraform's files.
 */
export class MaasProvider extends TerraformProvider {
  /** Terraform's name of the provider, which CDKTF's matchers go by; another `localName` is not found by it. */
  static readonly tfResourceType = "maas";

  /** The region's URL as given; undefined when it comes from the environment. */
  readonly apiUrl?: string;
  readonly #props: MaasProviderProps;
  readonly #region: StackRegion;
  #alias: string | undefined;

  /** @throws ConstructError when the URL is none, the API key is a literal, or `pluginExecutables` has no executables of this plugin. */
  constructor(scope: Construct, id: string, props: MaasProviderProps = {}) {
    super(scope, id, {
      terraformResourceType: props.localName ?? PROVIDER.name,
      terraformGeneratorMetadata: { providerName: PROVIDER.generatorName, providerVersionConstraint: PROVIDER.version },
      terraformProviderSource: PROVIDER.source,
    });
    refuseConstruct(this, TITLE, [
      ...checkApiUrl(props.apiUrl),
      ...checkApiKey(this, props.apiKey),
      ...checkLocalName(props.localName),
      ...checkAlias(props.alias),
      ...executablesProblems(props.pluginExecutables),
    ]);
    this.#props = props;
    this.#alias = props.alias;
    this.apiUrl = props.apiUrl;
    const { apiUrl, engine = MaasEngine.PROVIDER } = props;
    const aliasNow = (): string | undefined => this.#alias;
    this.#region = {
      ...{ provider: this, apiUrl, engine, connection: props },
      get alias() {
        return aliasNow();
      },
    };
    registerRegion(this.#region);
    const stack = TerraformStack.of(this);
    requireOneCdk(stack);
    Ipv6Caveats.installFor(stack);
    if (this.#isTerraforms()) {
      PluginPlacement.installFor(stack, props.pluginExecutables);
      LocalNames.installFor(stack);
      ForeignResources.installFor(stack);
      warnOfLocalState(stack);
    } else {
      const validate = (): string[] => applyStepProblems(this.#region).map((problem) => told(problem));
      this.node.addValidation({ validate });
    }
    NetworkDocuments.installFor(stack);
    CaveatReports.installFor(stack);
  }

  override get alias(): string | undefined {
    return this.#alias;
  }

  override set alias(alias: string | undefined) {
    refuseCall(this, TITLE, checkAlias(alias));
    this.#alias = alias;
  }

  override toTerraform(): Fragment {
    this.#checkApiKey();
    return this.#isTerraforms() ? (super.toTerraform() as object) : {};
  }

  override toHclTerraform(): Fragment {
    this.#checkApiKey();
    return this.#isTerraforms() ? (super.toHclTerraform() as object) : {};
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { apiUrl, apiKey, tlsCaCertPath, tlsInsecureSkipVerify, journalPath = DEFAULT_JOURNAL } = this.#props;
    return {
      api_url: apiUrl,
      api_key: apiKey,
      tls_ca_cert_path: tlsCaCertPath,
      tls_insecure_skip_verify: tlsInsecureSkipVerify,
      journal_path: journalPath,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(this.synthesizeAttributes())
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => {
          const storageClassType = typeof value === "boolean" ? "boolean" : "string";
          return [name, { value, isBlock: false, type: "simple", storageClassType }];
        }),
    );
  }

  #isTerraforms(): boolean {
    return this.#region.engine === MaasEngine.PROVIDER;
  }

  /** A token may have become a literal since it was given: this is the last moment before it would be written. */
  #checkApiKey(): void {
    refuseCall(this, TITLE, checkApiKey(this, this.#props.apiKey, true));
  }
}
