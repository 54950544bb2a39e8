import type { Field, Kind } from "../field";

const SOURCE = "MAAS models/iprange.py, forms/iprange.py, 3.6.4; live 3.4.10 and 3.6.5";

const end = (name: string, doc: string): Field => ({
  name,
  type: "string",
  presence: "required",
  send: name,
  receive: name,
  format: "ip",
  doc,
  source: SOURCE,
});

export const ipRange: Kind = {
  name: "ip_range",
  type: "maas_subnet_ip_range",
  title: "IP range",
  construct: {
    name: "IpRange",
    reference: "DynamicRange",
    example: 'new DynamicRange(this, "pool", { subnet, startIp: "10.20.0.100", endIp: "10.20.0.199" })',
    adopt: "Take over a range with these ends if the subnet has one.",
    properties: {
      subnet: { doc: "The subnet that the range is of." },
      type: { implied: true },
      comment: { default: "- none" },
    },
  },
  doc: "A range of addresses of a subnet: `dynamic` for DHCP, or `reserved`.",
  key: {
    form: "{start_ip}-{end_ip}",
    words: "START-END, both addresses",
    examples: ["10.20.0.100-10.20.0.199", "2001:db8:20:0:2::-2001:db8:20:0:2::ffff"],
  },
  id: "the range's id",
  adoptable: true,
  fields: [
    {
      name: "subnet",
      type: "string",
      presence: "required",
      replaces: true,
      send: "subnet",
      receive: "subnet.id",
      refers: "subnet",
      doc: "The subnet: its id or its CIDR.",
      source: SOURCE,
    },
    {
      name: "type",
      type: "string",
      presence: "required",
      replaces: true,
      send: "type",
      receive: "type",
      among: ["dynamic", "reserved"],
      doc: "`dynamic`: DHCP hands the addresses out. `reserved`: on a managed subnet MAAS never assigns them by itself; on an unmanaged one it assigns only them.",
      source: SOURCE,
    },
    end("start_ip", "First address."),
    end("end_ip", "Last address, included."),
    {
      name: "comment",
      type: "string",
      presence: "optional",
      send: "comment",
      receive: "comment",
      doc: "Free text. MAAS can change it but not empty it.",
      source: SOURCE,
    },
  ],
};
