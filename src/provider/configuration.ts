import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { isKnown, type Value, type Values } from "../../lib/model/known";
import { fault, type Problem, warning } from "../../lib/model/problem";
import { textOf } from "../../lib/model/text";
import { ApiUrl } from "../maas/api-url";
import { MaasConfigError } from "../maas/config-error";
import { connect, missingSettings, plainHttpWarning, withEnvironment } from "../maas/connection";
import { openRegion } from "../reconcile/kinds";
import { RegionObjects } from "../reconcile/region-objects";
import type { Region } from "../reconcile/region/region";
import { ChangesUnderWay } from "./instances/changes-under-way";
import { Handovers } from "./instances/handovers";
import { Journal } from "./journal";
import { explainSetting, withoutSources } from "./provider-settings";
import type { Logger } from "./rpc/grpc";
import { PROVIDER_BLOCK } from "./schema";
import { checkSuppressedRules, withoutSuppressed } from "./suppressed-rules";

/** What the environment lends to a configuration. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Where relative paths start. */
  readonly folder: string;
  readonly log: Logger;
  /** Aborts when the user stops Terraform. */
  readonly stopSignal: AbortSignal;
}

/** The variable that answers for `journal_path` where that is not set. */
const JOURNAL_VARIABLE = "MAAS_JOURNAL";

const text = (value: Value | undefined): string => (typeof value === "string" ? value : "");

function notKnownYet(name: string): Problem {
  return fault("MAAS-CFG-06", name, {
    what: `${name} is not known yet`,
    why: "It comes from something that is still to be made, and nothing can be read without it.",
    fix: `Make that first (terraform apply -target=…), or set ${name} to a value known before.`,
  });
}

/** What a provider's configuration describes. */
export interface Configured {
  readonly objects: RegionObjects;
  /** Where the instances of one object hand it over; undefined = only in this process. */
  readonly handovers: Handovers | undefined;
  /** Where changes under way are kept for the next run; undefined = nowhere. */
  readonly changes: ChangesUnderWay | undefined;
  /** Whether a plan of new objects asks the region nothing. */
  readonly plansAlone: boolean;
  /** What of a plan's problems is told. */
  readonly told: (problems: readonly Problem[]) => readonly Problem[];
  /** What the user should know of the settings. */
  readonly notes: readonly Problem[];
}

/** What a plan that asks the region nothing can't know. */
const ALONE = warning("MAAS-MOV-05", "skip_api_checks", {
  what: "plans of new objects do not ask the region",
  why:
    "skip_api_checks is set. So a plan can't know whether an object is there already, whether what it refers to is there, which addresses are " +
    "taken, and which racks reach a VLAN. The apply looks at all of that before each change.",
  fix: "Leave skip_api_checks out where the region is up.",
});

/** Terraform's own data of the working directory; undefined = there is none. */
function dataFolder({ environment: { TF_DATA_DIR: data = "" }, folder }: Surroundings): string | undefined {
  const path = resolve(folder, data === "" ? ".terraform" : data);
  return existsSync(path) ? path : undefined;
}

/** What one run leaves to the next on disk: in the journal's folder, or else in Terraform's. */
function memoryOf(
  journal: string,
  region: string,
  surroundings: Surroundings,
): Pick<Region, "intents" | "restorations"> & Pick<Configured, "handovers" | "changes"> {
  if (journal !== "") {
    const path = resolve(surroundings.folder, journal);
    const intents = new Journal(path, region);
    const handovers = new Handovers(join(path, "handovers"), region);
    return { intents, restorations: intents, handovers, changes: new ChangesUnderWay(join(path, "changes"), region) };
  }
  const data = dataFolder(surroundings);
  if (data === undefined) return { handovers: undefined, changes: undefined };
  return {
    restorations: new Journal(join(data, "maas-journal"), region, { isRequired: false }),
    handovers: new Handovers(join(data, "maas-handovers"), region),
    changes: new ChangesUnderWay(join(data, "maas-changes"), region),
  };
}

/** The region that a provider configuration describes, or what is wrong with it. Asks the region nothing. */
export function configure(config: Values, surroundings: Surroundings): Configured | Problem[] {
  const result = configuredBy(config, surroundings);
  if (Array.isArray(result)) return withoutSources(result, config);
  return { ...result, notes: withoutSources(result.notes, config) };
}

function configuredBy(config: Values, surroundings: Surroundings): Configured | Problem[] {
  const { environment, folder, log, stopSignal } = surroundings;
  const unknown = PROVIDER_BLOCK.attributes.filter(({ name }) => !isKnown(config[name] ?? null));
  if (unknown.length > 0) return unknown.map(({ name }) => notKnownYet(name));
  const wrong = checkSuppressedRules(config);
  if (wrong.length > 0) return wrong;
  const { api_url, api_key, tls_ca_cert_path, retry_timeout } = config;
  const given = {
    ...{ api_url: text(api_url), api_key: text(api_key), tls_ca_cert_path: text(tls_ca_cert_path) },
    retry_timeout: textOf(retry_timeout ?? ""),
  };
  const settings = withEnvironment(given, environment);
  const missing = missingSettings(settings);
  if (missing.length > 0) return missing.map(explainSetting);
  try {
    const { tls_ca_cert_path: authority } = settings;
    const located = { ...settings, ...(authority !== undefined && { tls_ca_cert_path: resolve(folder, authority) }) };
    const client = connect(located, {
      insecureSkipVerify: config.tls_insecure_skip_verify === true,
      signal: stopSignal,
      onWait: (said) => log.warn(said),
      log: ({ method, path, status, durationMs, attempt }) =>
        log.debug("MAAS API call", {
          http_method: method,
          maas_path: path,
          http_status: status ?? 0,
          duration_ms: Math.round(durationMs),
          attempt,
        }),
    });
    const journal = text(config.journal_path) || (environment[JOURNAL_VARIABLE] ?? "");
    const region = ApiUrl.parse(settings.api_url ?? "").toString();
    const { handovers, changes, ...memory } = memoryOf(journal, region, surroundings);
    const objects = new RegionObjects(openRegion(client, memory));
    const plansAlone = config.skip_api_checks === true;
    const notes = [...plainHttpWarning(settings, environment), ...(plansAlone ? [ALONE] : [])];
    return { objects, handovers, changes, plansAlone, told: withoutSuppressed(config), notes };
  } catch (error) {
    if (error instanceof MaasConfigError) return [explainSetting(error)];
    throw error;
  }
}
