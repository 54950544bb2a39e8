import { fault, ProblemError } from "../../lib/model/problem";
import type { ProblemCode } from "../../lib/model/problem-codes";

/** The provider settings that can be at fault, by their names in a configuration. */
const CODES = {
  api_url: "MAAS-CFG-01",
  api_key: "MAAS-CFG-02",
  tls_ca_cert_path: "MAAS-CFG-03",
  HTTP_PROXY: "MAAS-CFG-04",
  HTTPS_PROXY: "MAAS-CFG-04",
  retry_timeout: "MAAS-CFG-05",
} as const satisfies Readonly<Record<string, ProblemCode>>;

export type Setting = keyof typeof CODES;

/** A setting of the connection that cannot work. Guarantees: the message never repeats a secret. */
export class MaasConfigError extends ProblemError {
  override readonly name = "MaasConfigError";
  constructor(
    readonly setting: Setting,
    problem: string,
    options?: ErrorOptions,
  ) {
    const [code, what] = [CODES[setting], `${setting} ${problem}`];
    super(code, what, [fault(code, setting, { what })], options);
  }
}
