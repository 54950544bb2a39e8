import type { Construct } from "constructs";
import { Lab } from "./lab";

/** A region's URL with the bare IPv6 address: nobody can tell where the address ends and the port begins. */
export class Broken extends Lab {
  constructor(scope: Construct, id: string) {
    super(scope, id, 6, { apiUrl: "http://::1:5240/MAAS" });
  }
}

/** The address in square brackets. */
export class Mended extends Lab {
  constructor(scope: Construct, id: string) {
    super(scope, id, 6, { apiUrl: process.env.MAAS_API_URL ?? "http://[::1]:5240/MAAS" });
  }
}
