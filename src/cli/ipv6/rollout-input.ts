import type { NetworkDocument } from "../../../lib/model/document";
import { fault } from "../../../lib/model/problem";
import { shown, tryText } from "../../../lib/model/text";
import { Snapshot } from "../../maas/snapshot";
import { InputFileError } from "../../reconcile/engine/input-error";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../../reconcile/engine/input-file";
import { listRegion } from "../../reconcile/region/live-network";
import { hiddenRacks } from "../../reconcile/region/nodes";
import { advertisersIn, advertisersOfDocument } from "../../rollout/advertisers";
import { refuseMissing } from "../../rollout/choice";
import { type KnownAdvertiser, planRollout } from "../../rollout/plan";
import { exportedRegion, liveRegion, type RolloutRegion, withRackUrls } from "../../rollout/region";
import { prefixOf, prefixOfSeed, RolloutError, type RolloutRequest } from "../../rollout/request";
import type { Rollout } from "../../rollout/rollout";
import type { ConnectionOptions } from "../connection-options";
import { withRegion } from "../live-region";
import { stderr } from "../output/terminal";
import type { RolloutOptions } from "./rollout-options";

function requestOf({ prefix, ulaSeed, fabric, vlan, space, dhcpv6, site: sites }: RolloutOptions): RolloutRequest {
  if (prefix === undefined && ulaSeed === undefined) {
    const fix =
      "Give --prefix 2001:db8::/48 with a prefix of yours, or --ula-seed with the output of `openssl rand -hex 16`.";
    throw new RolloutError(fault("MAAS-ROL-01", undefined, { what: "no IPv6 prefix is given", fix }));
  }
  return {
    prefix: prefix === undefined ? prefixOfSeed(ulaSeed ?? "") : prefixOf(prefix),
    chosen: { ...(fabric && { fabrics: fabric }), ...(vlan && { vlans: vlan }), ...(space && { spaces: space }) },
    dhcpv6: dhcpv6 === true,
    sites,
  };
}

async function advertisersOf(files: readonly string[]): Promise<KnownAdvertiser[]> {
  const all = files.map(async (file) => {
    const text = await readInputFile(
      file,
      "Give a stack's maas-network.json, or what `ipv6 probe --format json` wrote.",
    );
    const found = advertisersIn(text);
    if (found !== undefined) return found;
    throw new InputFileError(
      file,
      "it names no router that sends advertisements. Give a stack's maas-network.json, or what `ipv6 probe --format json` wrote.",
    );
  });
  return (await Promise.all(all)).flat();
}

/** A region as a rollout reads it, with its URL where it is known. */
export interface ReadRolloutRegion {
  readonly region: RolloutRegion;
  readonly url: string | undefined;
}

async function exported(file: string): Promise<ReadRolloutRegion> {
  const document: NetworkDocument = readDocumentOf(file, await readInputFile(file, DOCUMENT_WANTED));
  return {
    region: exportedRegion(document),
    url: typeof document.apiUrl === "string" ? document.apiUrl : undefined,
  };
}

/** Reads the live region, or an export of one. @throws InputFileError, MaasConfigError, MaasError */
function readRolloutRegion(document: string | undefined, options: ConnectionOptions): Promise<ReadRolloutRegion> {
  if (document !== undefined) return exported(document);
  return withRegion(options, async (client, url) => {
    const listing = await listRegion(new Snapshot(client));
    const hidden = await hiddenRacks(client, listing.rackcontrollers);
    if (hidden !== undefined) stderr.write(`Not known: ${shown(hidden)}.\n`);
    return { region: liveRegion(listing), url };
  });
}

/** The rollout that a command is about. @throws RolloutError, InputFileError, MaasConfigError, MaasError */
export async function rolloutOf(
  document: string | undefined,
  options: RolloutOptions,
  stackName?: string,
): Promise<ReadRolloutRegion & { readonly rollout: Rollout }> {
  // What is wrong with the request is said before anything is read.
  const request = { ...requestOf(options), ...(stackName !== undefined && { stackName }) };
  const advertisers = await advertisersOf(options.advertisements);
  const read = await readRolloutRegion(document, options);
  const own = advertisersOfDocument(read.region.document);
  const racks = read.region.document.objects.rack_controller ?? [];
  for (const rack of options.rackUrl.keys())
    if (!racks.some(({ key, attributes }) => [key, attributes.hostname].includes(rack)))
      refuseMissing(
        "rack controller",
        "--rack-url",
        rack,
        racks.map(({ key, attributes }) => tryText(attributes.hostname) ?? key),
      );
  const region = withRackUrls(read.region, options.rackUrl);
  return { ...read, region, rollout: planRollout(region, request, [...advertisers, ...own]) };
}
