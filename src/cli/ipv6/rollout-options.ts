import { type Command, InvalidArgumentError, Option } from "commander";
import { type ConnectionOptions, withConnectionOptions } from "../connection-options";

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
