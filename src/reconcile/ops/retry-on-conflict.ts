import { setTimeout as sleep } from "node:timers/promises";
import { MaasHttpError } from "../../maas/errors";

/** Milliseconds that a change is retried while other changes of the same run are in conflict with it. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 100;

/**
 * Makes a change, and retries it for a while when MAAS refuses it in words that match: two ranges side by side can only
 * be resized one after the other, shrinking first, and Terraform makes both changes at once in no order.
 *
 * @param onRefusal what can be done about it meanwhile
 * @throws what the last try threw.
 */
export async function retryOnConflict<T>(
  refusal: RegExp | undefined,
  change: () => Promise<T>,
  onRefusal?: () => Promise<void>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    try {
      return await change();
    } catch (error) {
      const mayPass = error instanceof MaasHttpError && error.status === 400 && refusal?.test(error.body) === true;
      if (!mayPass || performance.now() + pause > deadline) throw error;
    }
    await onRefusal?.();
    await sleep(pause);
  }
}
