import type { KindName } from "../../../lib/model/field";
import { Instances } from "../../../src/provider/instances/instances";
import type { Part } from "./part";

const KIND: KindName = "subnet";

const idsOf = (size: number): readonly string[] => Array.from({ length: size }, (_, n) => String(n));

/** The instances of a state whose resources are read and planned. */
function known(size: number): Instances {
  const instances = new Instances();
  for (const id of idsOf(size)) instances.of(KIND, id).has({ madeAt: 1 });
  return instances;
}

/** What the plugin asks of the instances of a state at each of them. */
export function instanceParts(size: number): Readonly<Record<string, Part>> {
  const each = (work: (instances: Instances, id: string) => unknown): Part => {
    const instances = known(size);
    return async () => {
      for (const id of idsOf(size)) await work(instances, id);
    };
  };
  return {
    "planning a new one": each((instances) => instances.unplanned(KIND)),
    "making one": each((instances, id) => {
      instances.hasReleased(KIND);
      return instances.make(KIND, () => Promise.resolve({ live: { id: `new-${id}` } }));
    }),
    "removing one": each(async (instances, id) => {
      await instances.removePostponed(() => Promise.resolve([]));
      await instances.remove(KIND, id, { madeAt: 1 }, () => Promise.resolve());
    }),
  };
}
