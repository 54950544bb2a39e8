import { z } from "zod";

/** MAAS's words for the state of a service; `unknown` until the rack has told. */
const STATUSES = ["unknown", "running", "degraded", "dead", "off"] as const;

export type ServiceStatus = (typeof STATUSES)[number];

/** What has changed on a rack's host since its last report. */
export interface RackNews {
  /** All addresses that the host now has on these interfaces, with prefix lengths: `{ eth1: ["10.20.0.2/24"] }`. */
  readonly addresses?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The state of these services: `{ dhcpd6: "running" }`. */
  readonly services?: Readonly<Record<string, ServiceStatus>> | undefined;
}

/** News by the racks' hostnames. */
export type NewsByRack = Readonly<Record<string, RackNews>>;

/** News that no rack of the region can have. */
export class RackNewsError extends Error {
  override readonly name = "RackNewsError";
}

const newsByRack: z.ZodType<NewsByRack> = z.record(
  z.string(),
  z.strictObject({
    addresses: z.record(z.string(), z.array(z.string())).optional(),
    services: z.record(z.string(), z.enum(STATUSES)).optional(),
  }),
);

/** @throws RackNewsError with what is wrong and an example */
export function readRackNews(input: unknown): NewsByRack {
  const parsed = newsByRack.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RackNewsError(
    `this is no news of racks: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}; give some such as {"rack1": {"services": {"dhcpd": "running"}}}`,
  );
}
