import { maasProvider } from "../../src/provider/provider";
import { ProviderDefinition } from "../../src/provider/protocol/tfplugin6_pb";
import { providerMethods } from "../../src/provider/rpc/dispatch";
import type { UnaryMethods } from "../../src/provider/rpc/grpc";
import { type Answered, requestBytes, type Sent } from "./plugin-client";
import { SILENT } from "./reattached-plugins";

type Methods = (typeof ProviderDefinition)["methods"];

/**
 * The provider as its own functions, with the messages of the protocol and without a process: for tests of what it answers.
 * Each instance knows as little of the others as a process does.
 */
export class InProcessPlugin {
  readonly #methods: UnaryMethods;

  /** @param folder where relative paths start. */
  constructor(environment: Readonly<Record<string, string | undefined>>, folder = process.cwd()) {
    this.#methods = providerMethods(maasProvider({ PATH: process.env.PATH, ...environment }, folder), SILENT);
  }

  async call<R extends keyof Methods>(rpc: R, request: Sent<R>): Promise<Answered<R>> {
    const method = ProviderDefinition.methods[rpc];
    const served = this.#methods.get(`/${ProviderDefinition.fullName}/${method.name}`);
    if (served === undefined) throw new Error(`the provider does not answer ${method.name}`);
    const bytes = await served.call(requestBytes(method, request), () => new AbortController().signal);
    return method.responseType.decode(bytes) as Answered<R>;
  }

  async kill(): Promise<void> {
    await this.call("stopProvider", {});
  }
}
