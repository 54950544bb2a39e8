resource "maas_space" "lab" {
  name = var.name
}

resource "maas_fabric" "lab" {
  name = var.name
}

resource "maas_vlan" "machines" {
  fabric = maas_fabric.lab.id
  vid    = 60
  name   = "machines"
  space  = maas_space.lab.name
}

resource "maas_subnet" "v4" {
  vlan       = maas_vlan.machines.id
  cidr       = var.ipv4
  gateway_ip = cidrhost(var.ipv4, 1)
}

resource "maas_subnet" "v6" {
  vlan       = maas_vlan.machines.id
  cidr       = var.ipv6
  gateway_ip = cidrhost(var.ipv6, 1)
}

resource "maas_subnet_ip_range" "pool" {
  subnet   = maas_subnet.v4.id
  type     = "dynamic"
  start_ip = cidrhost(var.ipv4, 100)
  end_ip   = cidrhost(var.ipv4, 199)
}

# MAAS assigns what is in no range: this keeps the rest of the /64 away from it, so that machines get …:1:0:0:0 and above.
resource "maas_subnet_ip_range" "below" {
  subnet   = maas_subnet.v6.id
  type     = "reserved"
  start_ip = cidrhost(var.ipv6, 4294967296)
  end_ip   = cidrhost(var.ipv6, 281474976710655)
}

resource "maas_rack_interface" "rack" {
  rack_controller = var.rack.name
  name            = var.rack.interface
  vlan            = maas_vlan.machines.id
}

# It names its ranges, so that DHCP is switched on after them and off before them.
resource "maas_vlan_dhcp" "machines" {
  vlan                    = maas_vlan.machines.id
  primary_rack_controller = maas_rack_interface.rack.rack_controller
  ip_ranges               = [maas_subnet_ip_range.pool.id]
}

output "subnets" {
  description = "Ids of the subnets, by family."
  value       = { v4 = maas_subnet.v4.id, v6 = maas_subnet.v6.id }
}
