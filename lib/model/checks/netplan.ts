import { IpAddress } from "../address";
import type { FileName } from "./file-name";
import { Cidr } from "../cidr";
import type { NetplanInterface } from "../netplan";
import { fault, type Problem } from "../problem";

/** What a rack's hostname names. */
export const RACK_FILE = {
  code: "MAAS-NPL-01",
  attribute: "rack",
  file: "the rack's netplan file",
  fix: "Write the rack's hostname, such as rack-1.",
} as const satisfies FileName;

/** IFNAMSIZ of Linux, without the final zero. */
const LONGEST_NAME = 15;

/** What Linux and netplan take as the name of an interface. A colon would be an alias, and a pattern a match. */
const isName = (name: string): boolean => /^[A-Za-z_][\w.@+-]*$/.test(name) && name.length <= LONGEST_NAME;

function checkName(name: string): Problem[] {
  if (isName(name)) return [];
  return [
    fault("MAAS-NPL-01", "interfaceName", {
      what: `"${name}" is not the name of an interface`,
      why: `It has 1 to ${LONGEST_NAME} letters, digits and any of _ . @ + -, and starts with a letter or _.`,
      fix: "Write the name on the rack's side, such as eth1 or bond0.110.",
    }),
  ];
}

function checkAddress(text: string): Problem[] {
  const [address = "", length = ""] = text.split("/");
  const ip = IpAddress.tryParse(address);
  const network = Cidr.tryParse(text);
  if (ip === undefined || network === undefined || length === "" || network.prefixLength === 0)
    return [
      fault("MAAS-NPL-02", "addresses", {
        what: `"${text}" is not an address with a prefix length`,
        fix: `Write it as ${ip?.toString() ?? "2001:db8:20::a"}/${ip?.family === 4 ? 24 : 64}.`,
      }),
    ];
  const isNetwork = network.first.equals(ip) && network.prefixLength < IpAddress.bits(ip.family) - 1;
  if (!isNetwork && (ip.family === 4 || ip.value >> 120n !== 0xffn)) return [];
  return [
    fault("MAAS-NPL-02", "addresses", {
      what: isNetwork ? `${text} is the network, and no address in it` : `${text} is a multicast address`,
      fix: `Write an address of the interface, such as ${network.nth(10).toString()}/${network.prefixLength}.`,
    }),
  ];
}

/** What netplan would refuse of an interface, or set otherwise than meant. */
export function checkNetplanInterface({ name, section, vlan, addresses, gateway }: NetplanInterface): Problem[] {
  const isVlan = section === "vlans";
  const id = vlan?.id ?? 0;
  return [
    ...checkName(name),
    ...(isVlan && vlan === undefined
      ? [
          fault("MAAS-NPL-03", "link", {
            what: `the VLAN interface ${name} has no link and VID`,
            fix: 'Give link, such as "bond0", and vid.',
          }),
        ]
      : []),
    ...(vlan !== undefined ? checkName(vlan.link) : []),
    ...(vlan !== undefined && !(Number.isInteger(id) && id >= 1 && id <= 4094)
      ? [fault("MAAS-NPL-03", "vid", { what: `${id} is not the VID of a VLAN interface`, fix: "Write 1 to 4094." })]
      : []),
    ...(addresses.length === 0
      ? [
          fault("MAAS-NPL-02", "addresses", {
            what: `${name} gets no address`,
            fix: "Give one, such as 2001:db8:20::a/64.",
          }),
        ]
      : []),
    ...addresses.flatMap(checkAddress),
    ...(gateway === undefined || IpAddress.tryParse(gateway)?.family === 6
      ? []
      : [
          fault("MAAS-NPL-02", "gatewayIp", {
            what: `"${gateway}" is not an IPv6 address`,
            fix: "Write the router's address, such as 2001:db8:20::1 or fe80::1.",
          }),
        ]),
  ];
}
