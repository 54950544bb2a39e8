import type { Block } from "./schema";

/** Not a kind of object: MAAS has none, and neither have documents and the command line's engine. */
export const NEXT_FREE = "maas_next_free";

export const NEXT_FREE_BLOCK: Block = {
  doc:
    "Chooses what is free, once, and keeps it in the state: the lowest free address of a subnet, the lowest free range of some addresses in a row, or the lowest free network of " +
    "a prefix, of either family. " +
    "Skipped is what MAAS knows to be in use: addresses of machines, devices and users, also those that it has only seen; dynamic and reserved ranges, gateways, DNS servers, reserved IPs, " +
    "and the addresses that MAAS keeps for itself; of a prefix, whatever a subnet of the region overlaps.\n\n" +
    "Nothing is made in MAAS, and a destroy frees nothing. Two of them never get the same answer in one run. A later run takes an answer of an earlier one for in use only " +
    "where something has it: give it to a link, a range, a subnet or a record in the configuration that asks for it. What the same run makes with addresses that are written out " +
    "is not known yet when the choice is made: name it in `depends_on`. The answer stays when others take the address, and when the subnet is gone (with a warning); " +
    "another subnet, size, prefix or length replaces it.",
  attributes: [
    { name: "id", type: "string", computed: true, doc: "The answer: an address, `START-END`, or a network." },
    {
      name: "subnet",
      type: "string",
      optional: true,
      doc: "The subnet, by id or CIDR, for an address or a range. Either this or `prefix`. Another one replaces the answer.",
    },
    {
      name: "size",
      type: "number",
      optional: true,
      doc: "How many addresses in a row. Another number replaces the answer. Default: 1.",
    },
    {
      name: "prefix",
      type: "string",
      optional: true,
      doc: "The prefix, such as `2001:db8:40::/48`, for a network. It need not be a subnet. Another one replaces the answer.",
    },
    {
      name: "prefix_length",
      type: "number",
      optional: true,
      doc: "Length of the network. Another one replaces the answer. Default: 64, or 24 for IPv4.",
    },
    { name: "ip_address", type: "string", computed: true, doc: "The address, where one is asked for." },
    { name: "start_ip", type: "string", computed: true, doc: "First address of the answer." },
    { name: "end_ip", type: "string", computed: true, doc: "Last address of the answer, included." },
    { name: "cidr", type: "string", computed: true, doc: "The network, where one of a prefix is asked for." },
  ],
};
