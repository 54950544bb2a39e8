import { hiddenRacks } from "../region/nodes";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** A plain user's key sees no racks. Undefined = it is an administrator's, or it sees some. */
export async function unseenRacks({ client, snapshot }: Region): Promise<string | undefined> {
  const hidden = await hiddenRacks(client, await snapshot.list("rackcontrollers"));
  return hidden === undefined ? undefined : `It may have: ${hidden}.`;
}

/** Rack controllers: not everybody sees them. */
export const rackController: Strategy = { likelyCause: unseenRacks };
