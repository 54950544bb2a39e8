import { snippetLine } from "../../../lib/model/checks/dhcp-snippet";
import { Cidr } from "../../../lib/model/cidr";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, textAt } from "../../../lib/model/known";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { Created } from "../objects/object-ops";
import { CollectionOps } from "../ops/collection-ops";
import { type SnippetPlace, tryWithDhcpd } from "../ops/dhcpd";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** Snippets: MAAS takes a second one of a name without a word, which no key would tell from the first. */
class DhcpSnippetOps extends CollectionOps {
  constructor(
    private readonly of: Region,
    special: Strategy,
  ) {
    super(of, KINDS.dhcp_snippet, special);
  }

  override async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const existing = adoptExisting ? undefined : await this.of.snapshot.find("dhcp-snippets", textOf(desired.name));
    if (existing !== undefined) throw await this.existsAlready(undefined, existing);
    return super.create(desired, adoptExisting);
  }
}

const isSet = (value: Attributes["subnet"]): boolean => (value ?? null) !== null;

const placeOf = ({ subnet, machine, device, rack_controller: rack }: Attributes): SnippetPlace =>
  isSet(subnet) ? "subnet" : [machine, device, rack].some(isSet) ? "host" : "global";

/** The family of the subnet that a snippet is for; undefined = it is for none, or for one that is not known yet. */
async function familyOf({ snapshot }: Region, planned: Attributes): Promise<4 | 6 | undefined> {
  const subnet = textAt(planned, "subnet");
  if (subnet === undefined) return undefined;
  const row = Cidr.tryParse(subnet) === undefined ? await snapshot.read("subnets", subnet) : undefined;
  return Cidr.tryParse(textOf(row?.cidr ?? subnet))?.family;
}

/** What the dhcpd of this machine finds wrong with a snippet that racks are to use. */
async function checkWithDhcpd(region: Region, planned: Attributes): Promise<Problem<string>[]> {
  const { value, enabled } = planned;
  if (typeof value !== "string" || enabled === false) return [];
  const family = await familyOf(region, planned);
  const refusals = await tryWithDhcpd(value, placeOf(planned), family === undefined ? [4, 6] : [family]);
  // Of a subnet that is made in the same run either family will do.
  const [refusal] = isSet(planned.subnet) && family === undefined && refusals.length < 2 ? [] : refusals;
  if (refusal === undefined) return [];
  const { line, said } = refusal;
  const shown =
    line === undefined
      ? ""
      : ` Line ${line} is "${snippetLine(value, line)}"; what is missing may belong to the end of the line before.`;
  return [
    fault("MAAS-OPS-25", "value", {
      what: `dhcpd refuses ${line === undefined ? "" : `line ${line} of `}the snippet for IPv${refusal.family}: ${said}`,
      why: `A rack's dhcpd would refuse its whole configuration, and stop serving DHCP.${shown}`,
      fix: "Write it as dhcpd.conf(5) says. An option that dhcpd does not know is declared in the same snippet: option NAME code 224 = text;",
    }),
  ];
}

/** DHCP snippets: parsed by dhcpd before MAAS has them, since MAAS from 3.6 on stores what no rack can read. */
export const dhcpSnippet: Strategy = {
  ops: (region) => new DhcpSnippetOps(region, dhcpSnippet),
  checkWithProgram: async (region, prior, planned) => {
    const isTried = ["value", "enabled"].every(
      (name) => prior !== undefined && prior[name as "value"] === planned[name as "value"],
    );
    return isTried || !isKnown(planned.value ?? null) ? [] : checkWithDhcpd(region, planned);
  },
};
