import { IpAddress } from "../address";
import { ADDRESS_RECORD, APEX, recordType, wordsIn } from "../dns";
import type { Value } from "../known";
import { attr, fault, type Problem, text, type Text } from "../problem";
import { tryText } from "../text";

const LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?";
const HOST = new RegExp(`^(?:${LABEL}\\.)*${LABEL}\\.?$`);
/** What MAAS takes as the target of a CNAME: underscores as well. */
const ALIAS = /^(?:[_a-zA-Z0-9](?:[-_a-zA-Z0-9]{0,61}[_a-zA-Z0-9])?\.?)+$/;
const LARGEST_NUMBER = 65535;

const wrong = (what: string, fix: Text): Problem[] => [fault("MAAS-OBJ-16", "data", { what, fix })];

const isNumber = (word: string): boolean => /^\d+$/.test(word) && Number(word) <= LARGEST_NUMBER;

/** The addresses of an `A/AAAA` record: nothing else, and of one family where the type says so. */
function checkAddresses(type: string, data: string): Problem[] {
  const words = wordsIn(data);
  const odd = words.find((word) => IpAddress.tryParse(word) === undefined);
  if (odd !== undefined) {
    const addresses = "10.20.0.5 2001:db8:20::5";
    return odd.includes(",")
      ? wrong(`"${odd}" is not one IP address`, `Write blanks between addresses: "${addresses}".`)
      : wrong(
          `"${odd}" is not an IP address`,
          `Write addresses with blanks between them, as in "${addresses}", or use another type.`,
        );
  }
  const family = type === "A" ? 4 : type === "AAAA" ? 6 : undefined;
  const other = words.find((word) => family !== undefined && IpAddress.parse(word).family !== family);
  if (family === undefined || other === undefined) return [];
  return [
    fault("MAAS-OBJ-17", "data", {
      what: `${other} is no IPv${family} address, and the record is of type ${type}`,
      fix: text`Set ${attr("type")} to ${ADDRESS_RECORD}: MAAS has one record for the addresses of a name, those of both families.`,
    }),
  ];
}

const host = (name: string, what: string): Problem[] =>
  IpAddress.tryParse(name) !== undefined
    ? wrong(`${what} is the address ${name}`, "Write a name there, and give that name a record of type A/AAAA.")
    : HOST.test(name)
      ? []
      : wrong(`"${name}" is no name that MAAS takes as ${what}`, "Write a name such as mail.lab.example.");

/** Numbers, and what follows them. */
function fields(type: string, data: string, numbers: readonly string[], last: string): Problem[] | string {
  const words = wordsIn(data);
  const rest = words.slice(numbers.length).join(" ");
  if (words.slice(0, numbers.length).every(isNumber) && words.length > numbers.length) return rest;
  const form = [...numbers, last].join(" ");
  return wrong(
    `"${data}" is no data of ${type} records`,
    `Write ${form}, where the numbers go from 0 to ${LARGEST_NUMBER}.`,
  );
}

const CHECKS: Readonly<Record<string, (data: string) => Problem[]>> = {
  CNAME: (data) =>
    IpAddress.tryParse(data) !== undefined
      ? wrong(
          `the CNAME leads to the address ${data}`,
          text`Set ${attr("type")} to ${ADDRESS_RECORD}, or write a name.`,
        )
      : ALIAS.test(data)
        ? []
        : wrong(
            `"${data}" is no name that MAAS takes as the target of a CNAME`,
            "Write a name such as web.lab.example.",
          ),
  NS: (data) => host(data, "the name server"),
  MX: (data) => {
    const server = fields("MX", data, ["PREFERENCE"], "NAME");
    return typeof server === "string" ? host(server, "the mail server") : server;
  },
  SRV: (data) => {
    const target = fields("SRV", data, ["PRIORITY", "WEIGHT", "PORT"], "NAME");
    return typeof target !== "string" ? target : target === "." ? [] : host(target, "the target of a service");
  },
  SSHFP: (data) => {
    const print = fields("SSHFP", data, ["ALGORITHM", "TYPE"], "FINGERPRINT");
    return typeof print === "string" ? [] : print;
  },
};

/** What is looked at of a record. */
interface RecordParts {
  readonly type?: Value;
  readonly data?: Value;
  readonly fqdn?: Value;
  readonly name?: Value;
  readonly domain?: Value;
}

/** The name that a record is for, said in one way. */
function checkName({ fqdn, name, domain }: RecordParts): Problem[] {
  const isSaid = (value: unknown): boolean => value !== undefined && value !== null;
  if (!isSaid(name) && !isSaid(domain) && !isSaid(fqdn)) {
    return [
      fault("MAAS-OBJ-15", "name", {
        what: "the record has no name",
        fix: text`Give ${attr("name")} and ${attr("domain")}, or ${attr("fqdn")}.`,
      }),
    ];
  }
  if (isSaid(name) === isSaid(domain) || (isSaid(fqdn) && !isSaid(name) && !isSaid(domain))) return [];
  if (isSaid(fqdn) && isSaid(domain)) return [];
  const [given, missing] = isSaid(name) ? (["name", "domain"] as const) : (["domain", "name"] as const);
  return [
    fault("MAAS-OBJ-15", given, {
      what: text`the record has ${attr(given)} and no ${attr(missing)}`,
      fix: text`Give both, or ${attr("fqdn")} alone.`,
    }),
  ];
}

/**
 * What does not go together on one record, as far as its own attributes tell: what MAAS refuses, or can't be asked for.
 *
 * @see MAAS models/dnsdata.py `clean_rrdata`, models/dnsresource.py `validate_dnsresource_name` (3.6.4)
 */
export function checkDnsRecord(record: RecordParts): Problem[] {
  const [given, data, name] = [tryText(record.type), tryText(record.data), tryText(record.name)];
  const unnamed = checkName(record);
  if (unnamed.length > 0 || given === undefined) return unnamed;
  const type = recordType(given);
  if (
    type === ADDRESS_RECORD &&
    name !== undefined &&
    ![APEX, "*"].includes(name) &&
    !new RegExp(`^${LABEL}$`).test(name)
  ) {
    return [
      fault("MAAS-OBJ-15", "name", {
        what: `"${name}" is no name that MAAS takes for addresses`,
        why: `It takes one label of letters, digits and -, ${APEX} or *.`,
        fix: name.includes(".")
          ? text`Make a domain for the labels after the first dot, and give it as ${attr("domain")}.`
          : text`Write ${attr("name")} without other characters.`,
      }),
    ];
  }
  if (data === undefined) return [];
  return type === ADDRESS_RECORD ? checkAddresses(given.toUpperCase(), data) : (CHECKS[type]?.(data.trim()) ?? []);
}
