import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError, MaasValidationError } from "../../maas/errors";
import { linksOf } from "../machines";
import { ObjectError } from "../object-error";
import { describeLink } from "./links";

/** What a refused change was about. */
export interface LinkSituation {
  readonly machine: ObjectJson;
  readonly nic: ObjectJson;
  readonly desired: Attributes;
  /** The subnet's row, where the change names one. */
  readonly subnet?: ObjectJson | undefined;
}

interface Refusal {
  readonly status: number;
  /** In which of MAAS's fields; undefined = the text of the answer. */
  readonly field?: string;
  readonly says: RegExp;
  readonly attribute: string;
  readonly explain: (situation: LinkSituation) => readonly [summary: string, detail: string];
}

const vlanText = (vlan: unknown): string => {
  const { fabric, vid } = (vlan ?? {}) as ObjectJson;
  return typeof fabric === "string" ? `VLAN ${fabric}:${textOf(vid)}` : "no VLAN";
};

const nameOf = ({ nic, machine }: LinkSituation): string => `${textOf(nic.name)} of ${textOf(machine.hostname)}`;

const cidrOf = ({ subnet, desired }: LinkSituation): string => textOf(subnet?.cidr ?? desired.subnet);

/** First match wins. What matches none keeps MAAS's own words. */
const REFUSALS: readonly Refusal[] = [
  {
    status: 409,
    says: /machine is not/,
    attribute: "machine",
    explain: ({ machine }) => [
      `the links of ${textOf(machine.hostname)} can't be changed in its state`,
      `The machine is ${typeof machine.status_name === "string" ? machine.status_name : "in another state"}; MAAS lets links be changed only while it is New, Ready, Allocated, Failed testing or Broken. ` +
        `Release it (maas PROFILE machine release ${textOf(machine.system_id)}), or mark it broken, then apply again.`,
    ],
  },
  {
    status: 409,
    says: /reserved/,
    attribute: "ip_address",
    explain: (situation) => [
      `a reserved IP is in the way of ${textOf(situation.desired.ip_address)} on ${nameOf(situation)}`,
      `It belongs to the MAC address of another interface, or this interface has another reserved IP. Use the address that is reserved for ${textOf(situation.nic.mac_address)}, or delete the reservation.`,
    ],
  },
  {
    status: 404,
    says: /already in use/,
    attribute: "ip_address",
    explain: (situation) => [
      `${textOf(situation.desired.ip_address)} is already in use`,
      `Another link, a device or a reservation of the region has it. Choose a free address of ${cidrOf(situation)}, or leave ip_address out: MAAS then chooses one.`,
    ],
  },
  {
    status: 503,
    says: /No more IPs available/,
    attribute: "subnet",
    explain: (situation) => [
      `${cidrOf(situation)} has no address left to give out`,
      "Shrink or delete a reserved or dynamic range of the subnet, or name an ip_address yourself.",
    ],
  },
  {
    status: 400,
    field: "subnet",
    says: /None found|not one of the available choices/,
    attribute: "subnet",
    explain: (situation) => [
      `${cidrOf(situation)} is on ${vlanText(situation.subnet?.vlan)}, but ${nameOf(situation)} on ${vlanText(situation.nic.vlan)}`,
      "MAAS links an interface only to subnets of its own VLAN. Name a subnet of that VLAN, put the subnet on it (vlan of its maas_subnet), or move the interface in MAAS, which drops all its links.",
    ],
  },
  {
    status: 400,
    field: "mode",
    says: /link up/,
    attribute: "mode",
    explain: (situation) => [
      `${nameOf(situation)} has other links, so it can't be LINK_UP`,
      `LINK_UP means that the interface has no address. It has ${linksOf(situation.nic).map(describeLink).join(", ")}: remove these links first, or this one.`,
    ],
  },
  {
    status: 400,
    field: "mode",
    says: /already set to DHCP/,
    attribute: "mode",
    explain: (situation) => [
      `${nameOf(situation)} has a DHCP link already`,
      `An interface has one DHCP link at most, over both address families. It has ${linksOf(situation.nic).map(describeLink).join(", ")}: use mode AUTO or STATIC here, or remove the other DHCP link first.`,
    ],
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
  const [summary, detail] = refusal.explain(situation);
  return new ObjectError(refusal.attribute, summary, `${detail} MAAS said: ${error.said}`, { cause: error });
}
