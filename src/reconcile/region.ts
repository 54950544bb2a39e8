import type { MaasClient } from "../maas/client";
import type { Snapshot } from "../maas/snapshot";
import type { Intents } from "./intents";

/** A live region: the client that talks to it, and what has been read of it so far. */
export interface Region {
  readonly client: Pick<MaasClient, "get" | "post" | "put" | "delete">;
  readonly snapshot: Snapshot;
  /** What runs are about to do, where that is remembered. */
  readonly intents?: Intents;
  /** What runs take from objects of others and are about to restore, where that is remembered. */
  readonly restorations?: Intents;
}
