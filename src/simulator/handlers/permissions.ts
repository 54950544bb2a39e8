import { adminOnly, permissionDenied } from "../errors";
import type { ApiRequest } from "./request";

/** For methods that MAAS marks as administrators': a plain user is told so. */
export function requireAdmin({ region }: ApiRequest): void {
  if (!region.user.isSuperuser) throw adminOnly();
}

/** For permissions on an object: a plain user gets an empty refusal. */
export function requirePermission({ region }: ApiRequest): void {
  if (!region.user.isSuperuser) throw permissionDenied();
}
