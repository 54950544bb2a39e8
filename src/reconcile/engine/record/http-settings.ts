import { InputFileError } from "../input-file";

/** How `--record` names a record behind Terraform's HTTP backend, whose address is in TF_HTTP_ADDRESS. */
export const HTTP_RECORD = "http";

/** The settings of Terraform's HTTP backend, from the environment variables that it reads. */
export interface HttpSettings {
  /** Without credentials. */
  readonly address: URL;
  readonly updateMethod: string;
  /** Undefined = the server has no locks. */
  readonly lock: { readonly address: URL; readonly method: string } | undefined;
  readonly unlock: { readonly address: URL; readonly method: string } | undefined;
  /** `Authorization` of each request. */
  readonly authorization: string | undefined;
  /** PEM text to trust besides the usual authorities. */
  readonly ca: string | undefined;
  readonly skipsVerification: boolean;
}

/** An address without the credentials that it may hold. @throws InputFileError */
function addressOf(variable: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new InputFileError(
    variable,
    "this is no URL of an HTTP backend. Give one such as https://gitlab.example/api/v4/projects/42/terraform/state/maas-lab.",
  );
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

/**
 * Reads the settings.
 *
 * @param name what `--record` was given: {@link HTTP_RECORD}, or the address itself
 * @throws InputFileError where there is no address, or one is no URL
 */
export function httpSettings(name: string, environment: NodeJS.ProcessEnv): HttpSettings {
  const read = (variable: string): string | undefined => {
    const value = environment[`TF_HTTP_${variable}`];
    return value === "" ? undefined : value;
  };
  const text = name === HTTP_RECORD ? read("ADDRESS") : name;
  if (text === undefined)
    throw new InputFileError(
      "TF_HTTP_ADDRESS",
      "it is not set, and --record http keeps the record there. Set it to an address of its own, not that of Terraform's state, " +
        "such as https://gitlab.example/api/v4/projects/42/terraform/state/maas-lab.",
    );
  const address = addressOf(name === HTTP_RECORD ? "TF_HTTP_ADDRESS" : "--record", text);
  const endpoint = (word: string, method: string, byDefault?: string) => {
    const at = read(`${word}_ADDRESS`) ?? byDefault;
    if (at === undefined) return undefined;
    const url = withoutCredentials(addressOf(`TF_HTTP_${word}_ADDRESS`, at));
    return { address: url, method: read(`${word}_METHOD`) ?? method };
  };
  const user = read("USERNAME") ?? decodeURIComponent(address.username);
  const password = read("PASSWORD") ?? decodeURIComponent(address.password);
  return {
    address: withoutCredentials(address),
    updateMethod: read("UPDATE_METHOD") ?? "POST",
    lock: endpoint("LOCK", "LOCK"),
    unlock: endpoint("UNLOCK", "UNLOCK", read("LOCK_ADDRESS")),
    authorization:
      user === "" && password === ""
        ? undefined
        : `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`,
    ca: read("CLIENT_CA_CERTIFICATE_PEM"),
    skipsVerification: /^(1|t|true)$/i.test(read("SKIP_CERT_VERIFICATION") ?? ""),
  };
}
