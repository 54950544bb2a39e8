import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import type { Field } from "../field";
import type { Kind } from "../kind";
import { type Attributes, isKnown, type Value } from "../known";
import { attr, fault, type Problem, text, type Text } from "../problem";
import { withoutEmptyText } from "../spelling";
import { tryText, withArticle, withThe } from "../text";
import { checkField } from "./field";

/**
 * Everything that is wrong with one object as far as its own attributes tell, each error at its attribute.
 * Unknown values pass and are to be checked again once they are known. Never throws.
 */
export function checkObject(kind: Kind, attributes: Attributes): Problem[] {
  const alone = kind.fields.flatMap((field) => {
    const value = attributes[field.name] ?? null;
    const found = checkField(field, value);
    const words = found.length === 0 && typeof value === "string" ? field.mistaken?.(value) : undefined;
    return words === undefined ? found : [fault("MAAS-VAL-19", field.name, words)];
  });
  if (alone.length > 0) return alone;
  const written = withoutEmptyText(kind, attributes);
  return [...checkExactlyOne(kind, written), ...(kind.check?.(written) ?? [])];
}

/**
 * That none of the attributes of which exactly one must be set is, or several are. What is not known yet may be set or not.
 *
 * @param isSure whether what is not known yet is set, as a reference to a construct is
 */
export function checkExactlyOne(
  { exactlyOne = [], title }: Kind,
  attributes: Attributes,
  isSure: (name: string) => boolean = () => false,
): Problem[] {
  const given = exactlyOne.filter((name) => isSet(attributes[name]));
  const set = given.filter((name) => isKnown(attributes[name] ?? null) || isSure(name));
  const [first] = exactlyOne;
  if (first === undefined || (set.length < 2 && given.length > 0)) return [];
  const why = `Exactly one of them says what ${withThe(title)} is of.`;
  if (set.length > 1) {
    const what = text`${joined(set, "and")} are both set`;
    return [fault("MAAS-OBJ-20", set[1], { what, why, fix: "Take one of them out." })];
  }
  const what = text`neither ${joined(exactlyOne, "nor")} is set`;
  return [fault("MAAS-OBJ-20", first, { what, why, fix: text`Set ${joined(exactlyOne, "or")}.` })];
}

const joined = (names: readonly string[], word: string): Text =>
  names
    .map((name) => attr(name))
    .reduce<Text>((all, one, at) => (at === 0 ? text`${one}` : text`${all} ${word} ${one}`), "");

/**
 * Whether MAAS would refuse the name of an object that it has not named itself.
 *
 * @param id of the object; undefined while it is to be made
 * @see MAAS models/fabric.py and models/space.py, `validate_fabric_name`, "Reserved fabric name." (3.6.4)
 */
export function checkReserved(kind: Kind, attributes: Attributes, id?: string): Problem<string>[] {
  return kind.fields.flatMap(({ name, reserved }) => {
    const value = attributes[name];
    if (reserved === undefined || typeof value !== "string" || !reserved.test(value)) return [];
    if (id !== undefined && value === `${kind.name}-${id}`) return [];
    return [
      fault("MAAS-VAL-12", name, {
        what: `no ${kind.title} can be given the name "${value}" ("Reserved ${kind.title} name")`,
        why: `MAAS keeps it for ${withArticle(kind.title)} that it names itself, after its id.`,
        fix: `Give it a name of your own, such as "my-${value}"; one that has this name already can be imported.`,
      }),
    ];
  });
}

const isSet = (value: Value | undefined): value is Value => value !== undefined && value !== null;

/** The value as it may stand in an example; an ellipsis for one that is not known or no single word. */
function written(value: Value): string {
  if (!isKnown(value) || typeof value === "object") return "…";
  return String(value);
}

const INSTEAD = "Take it out of the configuration, and refer to it where its value is needed.";

function readOnly({ title, type }: Kind, field: Field, value: Value): Problem {
  const advice: Text = field.instead?.(written(value)) ?? INSTEAD;
  return fault("MAAS-VAL-11", field.name, {
    what: text`${field} of ${withArticle(title)} can't be set: it is read only`,
    why: "The region decides it, and the value that is written here would be ignored.",
    fix: text`${advice} To read it: ${type}.NAME.${field}.`,
  });
}

function checkId({ key, title, type, adoptable }: Kind, id: Value | undefined): Problem[] {
  if (!isSet(id)) return [];
  const example = typeof id === "string" && id !== "" ? id : (key.examples[0] ?? "");
  const adoption = adoptable ? ", or set adopt_existing = true" : "";
  return [
    fault("MAAS-VAL-11", "id", {
      what: `id of ${withArticle(title)} can't be set: it is read only`,
      why: "MAAS gives the ids.",
      fix: `To manage what is there already, take id out and run terraform import ${type}.NAME '${example}'${adoption}.`,
    }),
  ];
}

/** The attributes of a resource that are set although the region alone decides them: one error each, with what to use instead. */
export function checkReadOnly(kind: Kind, config: Attributes): Problem[] {
  const computed = kind.fields.flatMap((field) => {
    const value = config[field.name];
    return field.presence === "computed" && isSet(value) ? [readOnly(kind, field, value)] : [];
  });
  return [...checkId(kind, config.id), ...computed];
}

/**
 * What is wrong with the configuration of a data source: with the attributes that it finds its object by, and with all
 * others that are set, which would be ignored.
 */
export function checkLookup(kind: Kind, by: readonly string[], config: Attributes): Problem[] {
  const { fields, title, type, lifecycle } = kind;
  const key = fields
    .filter(({ name }) => by.includes(name) && isSet(config[name]))
    .flatMap((field) => checkField(field, config[field.name] ?? null));
  const manage =
    lifecycle === "registered" ? "" : `, or set it in a resource "${type}", which manages ${withThe(title)}`;
  const others = ["id" as const, ...fields.map(({ name }) => name)].filter(
    (name) => !by.includes(name) && isSet(config[name]),
  );
  return [
    ...key,
    ...others.map((name) =>
      fault("MAAS-VAL-11", name, {
        what: `${name} of a data source can't be set: it is read only`,
        why: `The ${title} is found by ${by.join(" and ")} alone, and the value that is written here would be ignored.`,
        fix: `Take ${name} out${manage}. To read it: data.${type}.NAME.${name}.`,
      }),
    ),
  ];
}

/** The mode in MAAS's upper-case words; AUTO when it is not set, undefined when it is not known. */
export function linkModeOf({ mode }: { readonly mode?: Value }): string | undefined {
  return mode === null || mode === undefined ? "AUTO" : tryText(mode)?.toUpperCase();
}

/**
 * What does not go together on one link, as far as its own attributes tell.
 *
 * @see MAAS forms/interface_link.py (3.6.4): it ignores an address beside the other modes without saying so
 */
export function checkInterfaceLink(
  mode: string | undefined,
  address: string | undefined,
  isGateway: boolean,
): Problem[] {
  if (mode === undefined) return [];
  const problems: Problem[] = [];
  if (address !== undefined && mode !== "STATIC") {
    problems.push(
      fault("MAAS-OBJ-01", "ip_address", {
        what: `a link of mode ${mode} takes no address`,
        why: `MAAS would ignore ${address} without saying so.`,
        fix: text`Set ${attr("mode")} to STATIC, or leave ${attr("ip_address")} out.`,
      }),
    );
  }
  if (isGateway && mode !== "AUTO" && mode !== "STATIC") {
    problems.push(
      fault("MAAS-OBJ-02", "default_gateway", {
        what: `a link of mode ${mode} can't be the default gateway`,
        why: "MAAS refuses that: it takes the gateway from AUTO and STATIC links.",
        fix: text`Leave ${attr("default_gateway")} out, or set ${attr("mode")} to AUTO or STATIC.`,
      }),
    );
  }
  return problems;
}

/**
 * What a link of a device can't be.
 *
 * @see MAAS api/interfaces.py `link_subnet` (3.6.4); live 3.4.10, 3.6.5 and 3.7.3: "'auto' is not a valid mode.  It should be one of:
 * 'static'."; a default gateway is taken, and is in no answer about devices
 */
export function checkDeviceLink(
  { machine = null, device = null }: Attributes,
  mode: string | undefined,
  isGateway: boolean,
): Problem[] {
  const isOfDevice = device !== null && (isKnown(device) || machine === null);
  if (!isOfDevice) return [];
  if (mode !== undefined && mode !== "STATIC") {
    return [
      fault("MAAS-OBJ-21", "mode", {
        what: `a link of a device can't be of mode ${mode}`,
        why: "MAAS gives a device fixed addresses only: it deploys no system there that would set others up.",
        fix: text`Set ${attr("mode")} to STATIC. Without ${attr("ip_address")}, MAAS then chooses a free address of the subnet.`,
      }),
    ];
  }
  if (!isGateway) return [];
  return [
    fault("MAAS-OBJ-21", "default_gateway", {
      what: "a link of a device can't be the default gateway",
      why: "MAAS uses the default gateway when it deploys a machine, and it deploys no device; its API neither reports that of a device nor can clear it.",
      fix: text`Leave ${attr("default_gateway")} out.`,
    }),
  ];
}

/** Whether the address can be that of a link to the subnet: of its family, and inside. */
export function checkAddressInSubnet(addressText: Value | undefined, subnet: Cidr): Problem[] {
  const address = IpAddress.tryParse(tryText(addressText) ?? "");
  if (address === undefined || subnet.contains(address)) return [];
  if (address.family !== subnet.family) {
    return [
      fault("MAAS-OBJ-03", "ip_address", {
        what: `${address.toString()} is an IPv${address.family} address, and ${subnet.toString()} an IPv${subnet.family} subnet`,
        why: "A link has one address, of its subnet's family.",
        fix: `Make a second link of the same interface to an IPv${address.family} subnet.`,
      }),
    ];
  }
  const first = subnet.first.plus(subnet.size > 1n ? 1 : 0);
  return [
    fault("MAAS-OBJ-03", "ip_address", {
      what: `${address.toString()} is outside the subnet ${subnet.toString()}`,
      fix: text`Use an address from ${first.toString()} to ${subnet.last.toString()}, or leave ${attr("ip_address")} out: MAAS then chooses one.`,
    }),
  ];
}

/** Whether machines of the subnet can reach the gateway. @param free an address to propose in its place. */
export function checkGateway(cidr: Cidr, gatewayText: string | undefined, free: IpAddress = cidr.nth(1)): Problem[] {
  const gateway = gatewayText === undefined ? undefined : IpAddress.tryParse(gatewayText);
  if (gateway === undefined || cidr.contains(gateway)) return [];
  if (cidr.family === 6 && gateway.isLinkLocal()) return [];
  const alternative = cidr.family === 6 ? ", or a link-local address such as fe80::1" : "";
  return [
    fault("MAAS-OBJ-09", "gateway_ip", {
      what: `the gateway ${gateway.toString()} is outside ${cidr.toString()}`,
      why: "Machines could not reach it.",
      fix: `Use an address of the subnet, such as ${free.toString()}${alternative}.`,
    }),
  ];
}

/** Whether all DNS servers are of the subnet's family. */
export function checkDnsServers(cidr: Cidr, servers: Value | undefined): Problem[] {
  return (Array.isArray(servers) ? servers : []).flatMap((server) => {
    const address = typeof server === "string" ? IpAddress.tryParse(server) : undefined;
    if (address === undefined || address.family === cidr.family) return [];
    return [
      fault("MAAS-OBJ-10", "dns_servers", {
        what: `the DNS server ${address.toString()} is not an IPv${cidr.family} address`,
        why: `MAAS writes it into the IPv${cidr.family} DHCP configuration of ${cidr.toString()} unchecked, which then does not load.`,
        fix: `Give an IPv${cidr.family} address, or set the server on the IPv${address.family} subnet.`,
      }),
    ];
  });
}

/** Whether the gateway and the DNS servers of a subnet fit its CIDR. */
export function checkSubnet(cidrText?: Value, gateway?: Value, servers?: Value): Problem[] {
  const cidr = Cidr.tryParse(tryText(cidrText) ?? "");
  return cidr === undefined ? [] : [...checkGateway(cidr, tryText(gateway)), ...checkDnsServers(cidr, servers)];
}
