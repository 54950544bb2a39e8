/** The provider setting that is at fault, by its name in a configuration. */
export type Setting = "api_url" | "api_key" | "tls_ca_cert_path" | "HTTP_PROXY" | "HTTPS_PROXY" | "retry_timeout";

/** A setting of the connection that cannot work. Guarantees: the message never repeats a secret. */
export class MaasConfigError extends Error {
  override readonly name = "MaasConfigError";
  constructor(
    readonly setting: Setting,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${setting} ${problem}`, options);
  }
}
