import { type Command, InvalidArgumentError, Option } from "commander";
import type { NetworkDocument } from "../../../lib/model/document";
import { fault } from "../../../lib/model/problem";
import { shown, tryText } from "../../../lib/model/text";
import { Snapshot } from "../../maas/snapshot";
import { DOCUMENT_WANTED, InputFileError, readDocumentOf, readInputFile } from "../../reconcile/engine/input-file";
import { listRegion } from "../../reconcile/region/live-network";
import { hiddenRacks } from "../../reconcile/region/nodes";
import { advertisersIn, advertisersOfDocument } from "../../rollout/advertisers";
import { refuseMissing } from "../../rollout/choice";
import { type KnownAdvertiser, planRollout } from "../../rollout/plan";
import { exportedRegion, liveRegion, type RolloutRegion, withRackUrls } from "../../rollout/region";
import { prefixOf, prefixOfSeed, RolloutError, type RolloutRequest } from "../../rollout/request";
import type { Rollout } from "../../rollout/rollout";
import { type ConnectionOptions, withConnectionOptions, withRegion } from "../live-region";
import { stderr } from "../output/terminal";

/** What may be said of a rollout. */
export interface RolloutOptions extends ConnectionOptions {
  readonly prefix?: string;
  readonly ulaSeed?: string;
  readonly fabric?: readonly string[];
  readonly vlan?: readonly string[];
  readonly space?: readonly string[];
  readonly dhcpv6?: true;
  readonly site: ReadonlyMap<string, number>;
  readonly advertisements: readonly string[];
  readonly rackUrl: ReadonlyMap<string, string>;
}

function site(text: string, before: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const [, fabric = "", index = ""] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (fabric === "") throw new InvalidArgumentError("Give a fabric and a number from 0, such as lab=3.");
  const other = [...before].find(([name, taken]) => taken === Number(index) && name !== fabric);
  if (other !== undefined)
    throw new InvalidArgumentError(`${other[0]} has the site ${index}: give ${fabric} another one.`);
  return new Map([...before, [fabric, Number(index)]]);
}

function rackUrl(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, rack = "", url = ""] = /^([^=]+)=(https?:\/\/.+)$/.exec(text) ?? [];
  if (rack === "")
    throw new InvalidArgumentError("Give a rack and a URL, such as rack-1=http://region.example:5240/MAAS.");
  return new Map([...before, [rack, url]]);
}

/** Gives a command the options of {@link RolloutOptions}. */
export function withRolloutOptions(command: Command): Command {
  return withConnectionOptions(
    command.argument(
      "[document]",
      "a region that `export --format document` wrote; without it, the live region is read",
    ),
  )
    .addOption(new Option("--prefix <prefix>", "IPv6 prefix that new networks are taken from, such as 2001:db8::/48"))
    .addOption(
      new Option("--ula-seed <text>", "take a unique local /48 that belongs to this text in its place").conflicts(
        "prefix",
      ),
    )
    .option("--fabric <name...>", "only these fabrics")
    .option("--vlan <vid...>", "only these VLANs: a VID, or FABRIC:VID")
    .option("--space <name...>", "only VLANs in these spaces")
    .option("--dhcpv6", "plan a dynamic range on each network, and routers that send hosts to DHCPv6")
    .addOption(
      new Option("--site <fabric=number>", "part of the prefix that a fabric gets, by number; repeatable")
        .argParser(site)
        .default(new Map<string, number>(), "follows from its name"),
    )
    .addOption(
      new Option(
        "--advertisements <file>",
        "a stack's maas-network.json, or the JSON of a probe, that says which routers advertise; repeatable",
      )
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], "none"),
    )
    .addOption(
      new Option(
        "--rack-url <rack=url>",
        "the URL of the region in a rack's rackd.conf, which MAAS does not report; repeatable",
      )
        .argParser(rackUrl)
        .default(new Map<string, string>(), "not known"),
    );
}

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
