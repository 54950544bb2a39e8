import type { Attributes } from "../../../lib/model/known";
import { fault, type Words } from "../../../lib/model/problem";
import type { ProblemCode } from "../../../lib/model/problem-codes";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError, MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { describeLink, linksOf } from "../region/nodes";

/** What a refused change was about. */
export interface LinkSituation {
  readonly node: ObjectJson;
  readonly nic: ObjectJson;
  readonly desired: Attributes;
  /** The subnet's row, where the change names one. */
  readonly subnet?: ObjectJson | undefined;
}

/** A refusal of MAAS's that has a better explanation. */
interface KnownRefusal {
  readonly code: ProblemCode;
  readonly status: number;
  /** In which of MAAS's fields; undefined = the text of the answer. */
  readonly field?: string;
  readonly says: RegExp;
  readonly attribute: string;
  readonly explain: (situation: LinkSituation) => Words<string>;
}

const vlanText = (vlan: unknown): string => {
  const { fabric, vid } = (vlan ?? {}) as ObjectJson;
  return typeof fabric === "string" ? `VLAN ${fabric}:${textOf(vid)}` : "no VLAN";
};

const nameOf = ({ nic, node }: LinkSituation): string => `${textOf(nic.name)} of ${textOf(node.hostname)}`;

const cidrOf = ({ subnet, desired }: LinkSituation): string => textOf(subnet?.cidr ?? desired.subnet);

/** First match wins. What matches none keeps MAAS's own words. */
const REFUSALS: readonly KnownRefusal[] = [
  {
    code: "MAAS-OPS-08",
    status: 409,
    says: /machine is not/,
    attribute: "machine",
    explain: ({ node }) => ({
      what: `the links of ${textOf(node.hostname)} can't be changed in its state`,
      why: `The machine is ${typeof node.status_name === "string" ? node.status_name : "in another state"}; MAAS lets links be changed only while it is New, Ready, Allocated, Failed testing or Broken.`,
      fix: `Release it (maas PROFILE machine release ${textOf(node.system_id)}), or mark it broken, then apply again.`,
    }),
  },
  {
    code: "MAAS-OPS-09",
    status: 409,
    says: /reserved/,
    attribute: "ip_address",
    explain: (situation) => ({
      what: `a reserved IP is in the way of ${textOf(situation.desired.ip_address)} on ${nameOf(situation)}`,
      why: "It belongs to the MAC address of another interface, or this interface has another reserved IP.",
      fix: `Use the address that is reserved for ${textOf(situation.nic.mac_address)}, or delete the reservation.`,
    }),
  },
  {
    code: "MAAS-OPS-09",
    status: 404,
    says: /already in use/,
    attribute: "ip_address",
    explain: (situation) => ({
      what: `${textOf(situation.desired.ip_address)} is already in use`,
      why: "Another link, a device or a reservation of the region has it.",
      fix: `Choose a free address of ${cidrOf(situation)}, or leave ip_address out: MAAS then chooses one.`,
    }),
  },
  {
    code: "MAAS-OPS-09",
    status: 503,
    says: /No more IPs available/,
    attribute: "subnet",
    explain: (situation) => ({
      what: `${cidrOf(situation)} has no address left to give out`,
      fix: "Shrink or delete a reserved or dynamic range of the subnet, or name an ip_address yourself.",
    }),
  },
  {
    code: "MAAS-OPS-10",
    status: 400,
    field: "subnet",
    says: /None found|not one of the available choices/,
    attribute: "subnet",
    explain: (situation) => ({
      what: `${cidrOf(situation)} is on ${vlanText(situation.subnet?.vlan)}, but ${nameOf(situation)} on ${vlanText(situation.nic.vlan)}`,
      why: "MAAS links an interface only to subnets of its own VLAN.",
      fix: "Name a subnet of that VLAN, put the subnet on it (vlan of its maas_subnet), or move the interface in MAAS, which drops all its links.",
    }),
  },
  {
    code: "MAAS-OPS-11",
    status: 400,
    field: "mode",
    says: /link up/,
    attribute: "mode",
    explain: (situation) => ({
      what: `${nameOf(situation)} has other links, so it can't be LINK_UP`,
      why: "LINK_UP means that the interface has no address.",
      fix: `It has ${linksOf(situation.nic).map(describeLink).join(", ")}: remove these links first, or this one.`,
    }),
  },
  {
    code: "MAAS-OPS-11",
    status: 400,
    field: "mode",
    says: /already set to DHCP/,
    attribute: "mode",
    explain: (situation) => ({
      what: `${nameOf(situation)} has a DHCP link already`,
      why: "An interface has one DHCP link at most, over both address families.",
      fix: `It has ${linksOf(situation.nic).map(describeLink).join(", ")}: use mode AUTO or STATIC here, or remove the other DHCP link first.`,
    }),
  },
];

/** MAAS's refusal of a change to a link, at the attribute that it is about and with what to do; else the error itself. */
export function explainLinkRefusal(error: unknown, situation: LinkSituation): unknown {
  if (!(error instanceof MaasHttpError)) return error;
  const refusal = REFUSALS.find(({ status, field, says }) => {
    if (status !== error.status) return false;
    if (field === undefined) return says.test(error.body);
    return error instanceof MaasValidationError && says.test((error.fields[field] ?? []).join("\n"));
  });
  if (refusal === undefined) return error;
  const { fix = "", ...words } = refusal.explain(situation);
  const said = { ...words, fix: `${fix} MAAS said: ${error.said}` };
  return new ObjectError(fault(refusal.code, refusal.attribute, said), { cause: error });
}
