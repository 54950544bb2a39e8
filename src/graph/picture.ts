import type { Finding } from "../../lib/rules/report";
import type { Bar } from "./range-bar";

/** A subnet in a picture. */
export interface SubnetPicture {
  readonly cidr: string;
  /** What stands below it, a line each. */
  readonly lines: readonly string[];
  readonly family: 4 | 6 | undefined;
  readonly bars: readonly Bar[];
  readonly findings: readonly Finding[];
}

/** A VLAN in a picture, with all that is on it. */
export interface VlanPicture {
  readonly id: string;
  readonly label: string;
  readonly lines: readonly string[];
  readonly subnets: readonly SubnetPicture[];
  readonly findings: readonly Finding[];
}

export interface FabricPicture {
  readonly id: string;
  readonly label: string;
  readonly vlans: readonly VlanPicture[];
  readonly findings: readonly Finding[];
}

export interface RackPicture {
  readonly id: string;
  readonly label: string;
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

/** A line from a rack to a VLAN that it is on or serves, or from a VLAN to the one it is relayed to. */
export interface LinkPicture {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** What a picture of a network shows, before anything has a place. Shape: plain data, sorted. */
export interface Picture {
  readonly title: string;
  /** What it holds, in numbers. */
  readonly summary: string;
  readonly fabrics: readonly FabricPicture[];
  readonly racks: readonly RackPicture[];
  readonly links: readonly LinkPicture[];
  /** All findings, in the report's order. */
  readonly findings: readonly Finding[];
  /** Those about nothing that is in the picture, such as a URL. */
  readonly elsewhere: readonly Finding[];
}
