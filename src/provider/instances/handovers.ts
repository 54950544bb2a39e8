import * as z from "zod/mini";
import type { Handover, HandoverStore } from "./object-life";
import { ObjectFiles } from "./object-files";

// Loaded along with the configuration: the plugin starts without zod.

const HANDOVER = z.object({ heir: z.number(), original: z.optional(z.record(z.string(), z.json())) });

function readHandover(content: unknown): Handover | undefined {
  const { data } = HANDOVER.safeParse(content);
  return data && { heir: data.heir, ...(data.original && { original: data.original }) };
}

/**
 * Handovers on disk. Terraform tells the provider what an instance knows of its object only when it destroys that instance, after
 * the new one is in the state: the next run has to read it from somewhere.
 */
export class Handovers extends ObjectFiles<Handover> implements HandoverStore {
  constructor(folder: string, region: string) {
    super(folder, region, { read: readHandover, flush: true });
  }
}
