import { create, fromBinary, toBinary, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { maasProvider } from "../../src/provider/provider";
import { Provider } from "../../src/provider/protocol/tfplugin6_pb";
import { providerMethods } from "../../src/provider/rpc/dispatch";
import type { UnaryMethods } from "../../src/provider/rpc/grpc";
import { SILENT } from "./reattached-plugins";

type Methods = (typeof Provider)["method"];

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

  async call<R extends keyof Methods>(
    rpc: R,
    request: MessageInitShape<Methods[R]["input"]>,
  ): Promise<MessageShape<Methods[R]["output"]>> {
    const { input, output, name } = Provider.method[rpc];
    const method = this.#methods.get(`/${Provider.typeName}/${name}`);
    if (method === undefined) throw new Error(`the provider does not answer ${name}`);
    const bytes = await method.call(
      toBinary(input, create(input, request as never)),
      () => new AbortController().signal,
    );
    return fromBinary(output, bytes) as MessageShape<Methods[R]["output"]>;
  }

  async kill(): Promise<void> {
    await this.call("stopProvider", {});
  }
}
