import { isKnown, type Values } from "../../lib/model/known";
import { fault, type Problem, warning } from "../../lib/model/problem";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../maas/api-key";
import { ApiUrl } from "../maas/api-url";
import { MaasConfigError } from "../maas/config-error";
import { holdsKey } from "../maas/redactor";
import { retryTimeoutOf } from "../maas/seconds";
import { PROVIDER_BLOCK } from "./schema";
import { checkSuppressedRules } from "./suppressed-rules";

/** A setting that can't be used, at its attribute of the provider's block where it has one. */
export function explainSetting({ code, setting, message }: MaasConfigError): Problem {
  const attribute = PROVIDER_BLOCK.attributes.find(({ name }) => name === setting)?.name;
  const alternative = attribute === undefined ? "" : `, or ${attribute} in the provider's configuration`;
  return fault(code, attribute, { what: `${setting} can't be used`, why: `${message}${alternative}.` });
}

/** A URL in which nothing can be a password or a token. */
const BARE_URL = /^https?:\/\/[^@?#\s]*$/i;

/** Whether what the block says of the attribute is a secret, or may hold one that was pasted into the wrong place. */
function mayBeSecret(attribute: string, config: Values): boolean {
  const value = config[attribute] ?? "";
  if (value === "" || !isKnown(value)) return false;
  if (attribute === "api_key") return true;
  if (attribute === "api_url" && !BARE_URL.test(textOf(value))) return true;
  return holdsKey(JSON.stringify(value));
}

/** The problems without the attributes whose lines nobody may be shown: Terraform shows the source of what a message is about. */
export const withoutSources = (problems: readonly Problem[], config: Values): Problem[] =>
  problems.map((problem) => {
    const { attribute, ...rest } = problem;
    return attribute !== undefined && mayBeSecret(attribute, config) ? rest : problem;
  });

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  api_url: (text) => ApiUrl.parse(text),
  api_key: (text) => ApiKey.parse(text),
  retry_timeout: (text) => retryTimeoutOf(text),
};

/** Settings of canonical/maas that are taken, and have no effect: why. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  api_version: "This provider speaks MAAS's API 2.0, whatever is written here.",
  installation_method: "This provider makes no difference between a snap and packages.",
};

function withoutEffect(config: Values): Problem[] {
  const set = Object.entries(WITHOUT_EFFECT).filter(([name]) => (config[name] ?? null) !== null);
  return set.map(([name, why]) =>
    warning("MAAS-MOV-01", name, {
      what: `${name} of the provider has no effect`,
      why: `It is a setting of canonical/maas. ${why}`,
      fix: `Leave ${name} out.`,
    }),
  );
}

/** What is wrong with the settings that the provider's block gives, as far as they are known. Empty text is none. */
export function checkSettings(config: Values): Problem[] {
  const wrong = Object.entries(READERS).flatMap(([name, read]) => {
    const given = config[name] ?? "";
    if (given === "" || !isKnown(given)) return [];
    try {
      read(textOf(given));
      return [];
    } catch (error) {
      if (error instanceof MaasConfigError) return [explainSetting(error)];
      throw error;
    }
  });
  return withoutSources([...wrong, ...checkSuppressedRules(config), ...withoutEffect(config)], config);
}
