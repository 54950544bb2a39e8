/** What differs between MAAS releases, as one table: the code asks for a feature, never for a version. */
export interface Features {
  /** Subnets carry `disabled_boot_architectures` (3.0). */
  readonly bootArchitectures: boolean;
  /** An empty VLAN name clears it (3.2). */
  readonly vlanNameClearable: boolean;
  /** Spaces show their description (3.3). */
  readonly spaceDescription: boolean;
  /** Ranges are checked for overlap on every PUT, not only when an end or the type changes (3.3). */
  readonly overlapOnEveryPut: boolean;
  /** A 409 after exhausted retries carries `Retry-After` (3.4). */
  readonly retryAfter: boolean;
  /** A VLAN without a name shows null; before, its VID (3.5). */
  readonly unnamedVlanIsNull: boolean;
  /** `allow_dns` and `allow_proxy` read `0` as false (3.5). */
  readonly strictAllowFlags: boolean;
  /** `reservedips/` exists, and dynamic ranges and CIDR changes respect reserved IPs (3.6). */
  readonly reservedIps: boolean;
  /** Asking for the subnets of an unsaved VLAN crashes (newer Django, 3.6). */
  readonly unsavedRelationCrashes: boolean;
  /** What is free is what is left of the network, or of the reserved ranges; a link-local gateway is in use (3.7.0). */
  readonly freeBySubtraction: boolean;
  /** A subnet may not overlap another one (3.7.0). */
  readonly subnetOverlapRefused: boolean;
  /** A subnet whose addresses nodes use is deleted by `force=true` only (3.7.3). */
  readonly subnetDeleteNeedsForce: boolean;
  /** Deleting a DNS resource frees its user-reserved addresses (3.6). */
  readonly dnsResourceFreesAddresses: boolean;
  /** A domain counts an address of two of its names once (3.6). */
  readonly addressesCountedOnce: boolean;
  /** An address that was looked up free and is taken by now makes MAAS look again (3.6). */
  readonly staleAddressRetried: boolean;
  /** A name of an interface has at most 15 characters, and a refusal says so (3.6). */
  readonly interfaceNameLimited: boolean;
  /** DHCP snippets are stored without a rack having tried them (3.6). */
  readonly dhcpSnippetsUntried: boolean;
  /** A machine may be a DPU, and shows whether it is (3.7.0). */
  readonly dpus: boolean;
  /** `openapi.yaml` is served (3.0). */
  readonly openapi: boolean;
  /** `auto_vlan_creation` and other settings of the newer releases (3.5). */
  readonly newerSettings: boolean;
}

type Release = readonly [major: number, minor: number, patch: number];

const SINCE: Readonly<Record<keyof Features, Release>> = {
  bootArchitectures: [3, 0, 0],
  openapi: [3, 0, 0],
  vlanNameClearable: [3, 2, 0],
  spaceDescription: [3, 3, 0],
  overlapOnEveryPut: [3, 3, 0],
  retryAfter: [3, 4, 0],
  unnamedVlanIsNull: [3, 5, 0],
  strictAllowFlags: [3, 5, 0],
  newerSettings: [3, 5, 0],
  reservedIps: [3, 6, 0],
  unsavedRelationCrashes: [3, 6, 0],
  dnsResourceFreesAddresses: [3, 6, 1],
  addressesCountedOnce: [3, 6, 0],
  interfaceNameLimited: [3, 6, 0],
  dhcpSnippetsUntried: [3, 6, 0],
  staleAddressRetried: [3, 6, 0],
  freeBySubtraction: [3, 7, 0],
  dpus: [3, 7, 0],
  subnetOverlapRefused: [3, 7, 0],
  subnetDeleteNeedsForce: [3, 7, 3],
};

/** The release that stands for a line of releases when only `3.6` is asked for. */
const NEWEST: Readonly<Record<string, string>> = { "2.8": "2.8.0", "3.4": "3.4.10", "3.6": "3.6.5", "3.7": "3.7.3" };

/** A MAAS release the simulator can play. */
export class MaasVersion {
  readonly features: Features;

  private constructor(
    readonly text: string,
    readonly release: Release,
  ) {
    const features: Partial<Record<keyof Features, boolean>> = {};
    for (const feature of Object.keys(SINCE) as (keyof Features)[])
      features[feature] = reached(release, SINCE[feature]);
    this.features = features as Features;
  }

  /**
   * Reads `3.6` (its newest known release) or a full `3.6.5`.
   * @throws RangeError for text that is no version, and for releases before 2.8.
   */
  static parse(version: string): MaasVersion {
    const text = NEWEST[version] ?? version;
    const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
    const release: Release = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
    if (match === null || !reached(release, [2, 8, 0])) {
      throw new RangeError(
        `"${version}" is not a MAAS version that the simulator knows; use one of ${Object.keys(NEWEST).join(", ")}, or a full one such as 3.6.5`,
      );
    }
    return new MaasVersion(text, release);
  }
}

function reached(release: Release, since: Release): boolean {
  for (const at of [0, 1, 2] as const) {
    if (release[at] !== since[at]) return release[at] > since[at];
  }
  return true;
}
