import { App } from "cdktf";
import * as s1 from "./s1-ipv4-for-maas";
import * as s2 from "./s2-ipv4-dhcp-by-maas";
import * as s3 from "./s3-one-ipv6-subnet-per-node-interface";
import * as s4 from "./s4-one-ipv6-subnet-per-rack-interface";
import * as s5 from "./s5-region-by-hostname";
import * as s6 from "./s6-ipv6-url-in-brackets";
import * as s7 from "./s7-ipv6-like-ipv4";
import * as s8 from "./s8-static-range";

const CAVEATS = { s1, s2, s3, s4, s5, s6, s7, s8 };

const isCaveat = (id: string): id is keyof typeof CAVEATS => id in CAVEATS;

const app = new App();
const broken = process.env.BROKEN;
if (broken === undefined) {
  for (const [id, { Mended }] of Object.entries(CAVEATS)) new Mended(app, id);
} else if (isCaveat(broken)) {
  new CAVEATS[broken].Broken(app, broken);
} else {
  throw new Error(`BROKEN=${broken} is no caveat: set it to one of ${Object.keys(CAVEATS).join(", ")}`);
}
app.synth();
