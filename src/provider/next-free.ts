import { Cidr } from "../../lib/model/cidr";
import type { Kind } from "../../lib/model/kind";
import { KINDS } from "../../lib/model/kinds";
import { isKnown, UNKNOWN, type Value, type Values } from "../../lib/model/known";
import {
  type Answer,
  answerText,
  defaultLength,
  largestFree,
  nextFreeNetwork,
  nextFreeRange,
  parseAnswer,
  rangeOf,
} from "../../lib/model/next-free";
import { IpAddress } from "../../lib/model/address";
import { fault, type Problem, warning } from "../../lib/model/problem";
import { AddressRange } from "../../lib/model/address-range";
import { textOf } from "../../lib/model/text";
import { rowsAnswered } from "../maas/answer";
import { pathOf } from "../maas/api-url";
import { ObjectError } from "../reconcile/objects/failure";
import { requirePlanned } from "../reconcile/references/references";
import type { RegionObjects } from "../reconcile/region-objects";
import { KeyedMutex } from "../reconcile/region/region";
import { NEXT_FREE } from "./next-free-block";

/** What the configuration says; the rest is the answer. */
const INPUTS = ["subnet", "size", "prefix", "prefix_length"] as const;

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== null;

const sizeOf = ({ size }: Values): number => (typeof size === "number" ? size : 1);

const lengthOf = ({ prefix_length: length }: Values, { family }: Cidr): number =>
  typeof length === "number" ? length : defaultLength(family);

const single = (address: Value | undefined): AddressRange[] => {
  const ip = typeof address === "string" ? IpAddress.tryParse(address) : undefined;
  return ip === undefined ? [] : [new AddressRange(ip, ip)];
};

const inputsOf = (values: Values): Values => Object.fromEntries(INPUTS.map((name) => [name, values[name] ?? null]));

function stateOf(inputs: Values, answer: Answer): Values {
  const range = answer instanceof Cidr ? rangeOf(answer) : answer;
  const [start, end] = [range.start.toString(), range.end.toString()];
  return {
    ...inputs,
    id: answerText(answer),
    ip_address: answer instanceof Cidr || answer.size > 1n ? null : start,
    start_ip: start,
    end_ip: end,
    cidr: answer instanceof Cidr ? answer.toString() : null,
  };
}

/** The answer of a state. */
const answerOf = ({ id }: Values): Answer | undefined => parseAnswer(textOf(id ?? ""));

/** Where objects of other kinds name an address of a subnet, such as the gateway of a route. */
const ADDRESSES_OF_SUBNETS = Object.values<Kind>(KINDS).flatMap(({ api, fields }) =>
  fields.flatMap(({ addressIn, jsonPath }) =>
    addressIn === undefined || jsonPath === undefined ? [] : [{ collection: api.collection, member: jsonPath }],
  ),
);

async function isSubnet(objects: RegionObjects, key: string): Promise<boolean> {
  const id = await objects.idOf(KINDS.subnet, key);
  return id !== undefined && (await objects.region.snapshot.read("subnets", id)) !== undefined;
}

/** Everything of a subnet that has an address, as MAAS knows it now. */
async function usedOf(
  { client, snapshot }: RegionObjects["region"],
  id: string,
  subnet: Values,
): Promise<AddressRange[]> {
  const path = pathOf("subnets/{id}/", { id });
  // Addresses change with every machine that is deployed: they are asked for, and never taken from an earlier answer.
  const addresses = rowsAnswered(path, await client.get(path, { op: "ip_addresses" }));
  const [ranges, reserved, ...named] = await Promise.all([
    snapshot.list("ipranges"),
    snapshot.list("reservedips"),
    ...ADDRESSES_OF_SUBNETS.map(async ({ collection, member }) =>
      (await snapshot.list(collection)).map((row) => row[member]),
    ),
  ]);
  const servers = Array.isArray(subnet.dns_servers) ? subnet.dns_servers : [];
  const rows = [
    ...addresses.map(({ ip }) => ip),
    ...reserved.map(({ ip }) => ip),
    ...named.flat(),
    subnet.gateway_ip,
    ...servers,
  ];
  return [
    ...rows.flatMap((ip) => single(ip as Value)),
    ...ranges.map(
      ({ start_ip: start, end_ip: end }) =>
        new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end))),
    ),
  ];
}

const noRoom = (attribute: string, what: string, why: string, fix: string): ObjectError =>
  new ObjectError(fault("MAAS-ADR-04", attribute, { what, why, fix }));

/** What a call comes to: attributes of Terraform's, and what the user should know. */
export interface Settled {
  readonly attributes: Values;
  readonly diagnostics: readonly Problem[];
}

/** The answers of one run in one region. */
export class NextFree {
  /** One choice at a time: what one has got, the next one must know. */
  readonly #choices = new KeyedMutex();
  /** Answers of this run, and those of the state that it has seen, by id. */
  readonly #taken = new Map<string, AddressRange>();

  /** Takes an answer of the state for taken. */
  note(state: Values): void {
    const answer = answerOf(state);
    if (answer !== undefined) this.#taken.set(answerText(answer), answer instanceof Cidr ? rangeOf(answer) : answer);
  }

  /** What the state has, whatever the region has by now. */
  async read(objects: RegionObjects, state: Values): Promise<Settled> {
    const { subnet } = state;
    if (typeof subnet !== "string" || (await isSubnet(objects, subnet))) return { attributes: state, diagnostics: [] };
    const gone = warning("MAAS-OPS-01", "subnet", {
      what: `the subnet ${subnet} of ${textOf(state.id)} is gone`,
      why: "The answer is kept: it was chosen once, and what was given it may still have it.",
      fix: "Name another subnet to get another answer, or remove the resource.",
    });
    return { attributes: state, diagnostics: [gone] };
  }

  /** @param checks whether the region may be asked for the subnet of a new one */
  async plan(
    objects: RegionObjects,
    prior: Values | undefined,
    config: Values,
    checks: boolean,
  ): Promise<Settled & { readonly requiresReplace: readonly string[] }> {
    const inputs = inputsOf(config);
    const { subnet, prefix } = inputs;
    const replacing = prior === undefined ? [] : await this.#changed(objects, prior, inputs);
    if (prior !== undefined && replacing.length === 0)
      return { attributes: { ...prior, ...inputs }, requiresReplace: [], diagnostics: [] };
    if (checks && typeof subnet === "string") await requirePlanned(objects.region, "subnet", subnet, "subnet");
    const isOne = inputs.size === null || inputs.size === 1 || !isKnown(inputs.size ?? null);
    const answer = {
      ...{ id: UNKNOWN, start_ip: UNKNOWN, end_ip: UNKNOWN },
      ip_address: isSet(subnet) && isOne ? UNKNOWN : null,
      cidr: isSet(prefix) ? UNKNOWN : null,
    };
    return { attributes: { ...inputs, ...answer }, requiresReplace: replacing, diagnostics: [] };
  }

  /** The state of what is planned: with a choice where it has none yet. */
  async apply(objects: RegionObjects, planned: Values): Promise<Values> {
    if (isKnown(planned.id ?? null)) return planned;
    const answer = await this.#choices.run("choice", async () => {
      const chosen = isSet(planned.subnet)
        ? await this.#inSubnet(objects, planned)
        : await this.#ofPrefix(objects, planned);
      this.note({ id: answerText(chosen) });
      return chosen;
    });
    return stateOf(inputsOf(planned), answer);
  }

  /** Frees nothing in MAAS; this run may give the answer to another one. */
  forget({ id }: Values): void {
    this.#taken.delete(textOf(id ?? ""));
  }

  /** The state of an answer that was given before. @throws ObjectError for another text */
  import(id: string): Values {
    const answer = parseAnswer(id);
    if (answer === undefined) {
      throw new ObjectError(
        fault("MAAS-VAL-18", undefined, {
          what: `"${id}" is no answer of ${NEXT_FREE}`,
          why: "Nothing of it is in MAAS, so it is imported by the answer itself.",
          fix: "Write the address, such as 10.20.0.5, the range, such as 10.20.0.5-10.20.0.9, or the network, such as 2001:db8:40:3::/64.",
        }),
      );
    }
    const state = stateOf(inputsOf({}), answer);
    if (answer instanceof Cidr)
      return {
        ...state,
        prefix_length: answer.prefixLength === defaultLength(answer.family) ? null : answer.prefixLength,
      };
    return { ...state, size: answer.size > 1n ? Number(answer.size) : null };
  }

  /** The inputs by which the answer of the state is none to what is asked for now. */
  async #changed(objects: RegionObjects, prior: Values, inputs: Values): Promise<string[]> {
    const answer = answerOf(prior);
    const unknown = INPUTS.filter((name) => !isKnown(inputs[name] ?? null));
    if (unknown.length > 0 || answer === undefined) return [...INPUTS];
    const differs: Record<(typeof INPUTS)[number], boolean> = {
      subnet: !(await this.#isSameSubnet(objects, prior, inputs.subnet ?? null, answer)),
      size: sizeOf(prior) !== sizeOf(inputs),
      prefix: !isSamePrefix(prior, inputs.prefix ?? null, answer),
      prefix_length: answer instanceof Cidr && isSet(inputs.prefix) && lengthOf(inputs, answer) !== answer.prefixLength,
    };
    return INPUTS.filter((name) => differs[name]);
  }

  async #isSameSubnet(objects: RegionObjects, prior: Values, subnet: Value, answer: Answer): Promise<boolean> {
    if (subnet === prior.subnet) return true;
    if (typeof subnet !== "string") return false;
    const id = await objects.idOf(KINDS.subnet, subnet);
    if (id === undefined) return false;
    if (typeof prior.subnet === "string") return id === (await objects.idOf(KINDS.subnet, prior.subnet));
    // After an import the state has the answer alone.
    if (answer instanceof Cidr || isSet(prior.prefix)) return false;
    const live = (await objects.read(KINDS.subnet, id)) ?? {};
    const cidr = Cidr.tryParse(textOf(live.cidr ?? ""));
    return cidr?.contains(answer.start) === true && cidr.contains(answer.end);
  }

  async #inSubnet(objects: RegionObjects, planned: Values): Promise<AddressRange> {
    const id = await objects.resolve("subnet", textOf(planned.subnet), "subnet");
    const subnet = (await objects.read(KINDS.subnet, id)) ?? {};
    const cidr = Cidr.parse(textOf(subnet.cidr));
    const used = [...(await usedOf(objects.region, id, subnet)), ...this.#taken.values()];
    const size = sizeOf(planned);
    const found = nextFreeRange(cidr, BigInt(size), used);
    if (found !== undefined) return found;
    const largest = largestFree(cidr, used);
    throw noRoom(
      "subnet",
      `the subnet ${cidr.toString()} has no ${size === 1 ? "free address" : `${size} free addresses in a row`}`,
      largest === 0n ? "All of them are in use or in ranges." : `The most that it has in a row is ${largest}.`,
      largest === 0n
        ? "Free some, shrink a range, or name another subnet."
        : `Set size to ${largest} or less, or name another subnet.`,
    );
  }

  async #ofPrefix({ region }: RegionObjects, planned: Values): Promise<Cidr> {
    const prefix = Cidr.parse(textOf(planned.prefix));
    const length = lengthOf(planned, prefix);
    const subnets = (await region.snapshot.list("subnets")).map(({ cidr }) => Cidr.parse(textOf(cidr)));
    const found = nextFreeNetwork(prefix, length, [...subnets.map(rangeOf), ...this.#taken.values()]);
    if (found !== undefined) return found;
    const inside = subnets.filter((subnet) => subnet.overlaps(prefix));
    const shown = inside.slice(0, 3).map(String).join(", ");
    throw noRoom(
      "prefix",
      `${prefix.toString()} has no free /${length}`,
      `${inside.length} of the region's subnets overlap it${shown === "" ? "" : `, such as ${shown}`}; the rest was chosen in this run.`,
      "Give another prefix, or longer networks by prefix_length.",
    );
  }
}

function isSamePrefix(prior: Values, prefix: Value, answer: Answer): boolean {
  if (prefix === prior.prefix) return true;
  const asked = typeof prefix === "string" ? Cidr.tryParse(prefix) : undefined;
  if (asked === undefined) return false;
  if (typeof prior.prefix === "string") return Cidr.tryParse(prior.prefix)?.equals(asked) === true;
  // After an import the state has the answer alone.
  return answer instanceof Cidr && !isSet(prior.subnet) && asked.contains(answer.first) && asked.contains(answer.last);
}
