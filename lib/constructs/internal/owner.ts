import type { IConstruct } from "../../cdk";
import { fault } from "../../model/problem";
import { refuseCall } from "../construct-error";
import type { Machine } from "../machine";
import { factsOf } from "./facts";

/** The machine that an interface was given. @throws ConstructError where it is of a device. */
export function givenMachine(construct: IConstruct, machine: Machine | undefined): Machine {
  if (machine !== undefined) return machine;
  const what = `${construct.node.path} has no machine: it is of a device`;
  refuseCall(construct, "network interface", [
    fault("MAAS-CON-02", "machine", { what, fix: "Read its device in place of its machine." }),
  ]);
  throw new Error(what);
}

/** The same of an object of a kind. */
export const machineOf = (construct: IConstruct): Machine =>
  givenMachine(construct, factsOf(construct)?.references.machine as Machine | undefined);
