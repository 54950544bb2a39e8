import { NEXT_FREE, NEXT_FREE_BLOCK } from "../../src/provider/next-free-block";
import { fenced, type Page, typePage } from "./page";

const HCL = `data "maas_subnet" "lab" {
  cidr = "10.20.0.0/24"
}

# The next free address of a subnet, for a link that then has it.
resource "maas_next_free" "gateway" {
  subnet = data.maas_subnet.lab.id
}

resource "maas_network_interface_link" "gateway" {
  machine           = "host-1"
  network_interface = "eth0"
  subnet            = data.maas_subnet.lab.id
  mode              = "STATIC"
  ip_address        = maas_next_free.gateway.ip_address
}

# 16 addresses in a row, for a range.
resource "maas_next_free" "printers" {
  subnet = data.maas_subnet.lab.id
  size   = 16
}

resource "maas_subnet_ip_range" "printers" {
  subnet   = data.maas_subnet.lab.id
  type     = "reserved"
  start_ip = maas_next_free.printers.start_ip
  end_ip   = maas_next_free.printers.end_ip
}

# The next free /64 of a site's prefix, for a subnet.
resource "maas_next_free" "storage" {
  prefix = "2001:db8:40::/48"
}

resource "maas_subnet" "storage" {
  vlan = "lab:20"
  cidr = maas_next_free.storage.cidr
}`;

const TYPESCRIPT = `import { Fabric, Ipv4Subnet, NextFree, ReservedRange, Vlan } from "cdktf-maas";

const fabric = new Fabric(this, "lab", { name: "lab" });
const vlan = new Vlan(this, "pxe", { fabric, vid: 10 });
const subnet = new Ipv4Subnet(this, "v4", { vlan, cidr: "10.20.0.0/24" });
const printers = new NextFree(this, "printers", { subnet, size: 16 });
new ReservedRange(this, "printers-range", { subnet, startIp: printers.startIp, endIp: printers.endIp });`;

/** The page of the one resource that is no kind of object. */
export const nextFreePage = (): Page =>
  typePage({
    ...{ type: NEXT_FREE, word: "Resource", block: NEXT_FREE_BLOCK },
    examples: [
      { language: "terraform", code: HCL },
      { language: "typescript", code: TYPESCRIPT },
    ],
    more: [
      "## Import",
      "",
      "By the answer itself, as nothing of it is in MAAS: where a state was lost and the addresses are in use, so that a new choice would be another one. The configuration keeps " +
        "an answer that is in its subnet or prefix and of the size that it asks for.",
      "",
      ...fenced({ language: "terraform", code: 'import {\n  to = maas_next_free.gateway\n  id = "10.20.0.5"\n}' }),
      ...fenced({
        language: "sh",
        code: ["10.20.0.5", "10.20.0.16-10.20.0.31", "2001:db8:40:3::/64"]
          .map((answer) => `terraform import maas_next_free.NAME '${answer}'`)
          .join("\n"),
      }),
    ],
  });
