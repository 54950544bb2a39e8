data "maas_fabric" "f0" { name = "fabric-0" }
resource "maas_vlan" "pxe" {
  fabric  = data.maas_fabric.f0.id
  vid     = 0
  mtu     = 1500
}
resource "maas_subnet" "v4" {
  cidr   = "10.36.0.0/24"
  vlan   = maas_vlan.pxe.id
}
resource "maas_subnet" "v6" {
  cidr   = "2001:db8:36::/64"
  vlan   = maas_vlan.pxe.id
}
data "maas_rack_controller" "r" { hostname = "rack1" }
resource "maas_subnet_ip_range" "dyn" {
  subnet = maas_subnet.v4.id
  type = "dynamic"
  start_ip = "10.36.0.100"
  end_ip = "10.36.0.199"
}
resource "maas_vlan_dhcp" "d" {
  vlan = maas_vlan.pxe.id
  primary_rack_controller = data.maas_rack_controller.r.id
  ip_ranges = [maas_subnet_ip_range.dyn.id]
}
