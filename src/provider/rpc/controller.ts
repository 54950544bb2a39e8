import { create, toBinary } from "@bufbuild/protobuf";
import { EmptySchema, GRPCController } from "../protocol/grpc-controller_pb";
import type { UnaryMethods } from "./grpc";
import type { End } from "./process-lifetime";

/**
 * What Terraform asks of a plugin's process: to end. It waits for that up to two seconds at every launch, so the process
 * ends as soon as the answer is out.
 */
export function controllerMethods(end: End): UnaryMethods {
  const { shutdown } = GRPCController.method;
  return new Map([
    [
      `/${GRPCController.typeName}/${shutdown.name}`,
      {
        call: () => Promise.resolve(toBinary(shutdown.output, create(EmptySchema))),
        afterwards: () => end("Terraform asked for it"),
      },
    ],
  ]);
}
