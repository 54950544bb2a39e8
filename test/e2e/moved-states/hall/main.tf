resource "maas_fabric" "hall" {
  name = "hall"
}

resource "maas_vlan" "tenant" {
  fabric = maas_fabric.hall.name
  vid    = 300
}

resource "maas_subnet" "tenant_v4" {
  cidr       = "10.88.0.0/24"
  fabric     = maas_fabric.hall.name
  vlan       = maas_vlan.tenant.id
  gateway_ip = "10.88.0.1"
}

resource "maas_subnet" "tenant_v6" {
  cidr       = "2001:db8:88::/64"
  fabric     = maas_fabric.hall.name
  vlan       = maas_vlan.tenant.id
  gateway_ip = "2001:db8:88::1"
}

resource "maas_network_interface_physical" "nic" {
  for_each    = { eth0 = "52:54:00:88:00:01", eth1 = "52:54:00:88:00:02" }
  machine     = "machine1"
  name        = each.key
  mac_address = each.value
}

resource "maas_network_interface_bond" "bond0" {
  machine               = "machine1"
  name                  = "bond0"
  parents               = [for nic in maas_network_interface_physical.nic : nic.name]
  mac_address           = "52:54:00:88:00:01"
  bond_mode             = "802.3ad"
  bond_lacp_rate        = "fast"
  bond_miimon           = 100
  bond_xmit_hash_policy = "layer3+4"
  accept_ra             = false
}

resource "maas_network_interface_vlan" "tenant" {
  machine = "machine1"
  parent  = maas_network_interface_bond.bond0.name
  fabric  = maas_fabric.hall.name
  vlan    = maas_vlan.tenant.id
}

resource "maas_network_interface_link" "v4" {
  machine           = "machine1"
  network_interface = maas_network_interface_vlan.tenant.id
  subnet            = maas_subnet.tenant_v4.id
  mode              = "STATIC"
  ip_address        = "10.88.0.10"
  default_gateway   = true
}


resource "maas_dns_domain" "lab" {
  name          = "lab.example"
  ttl           = 600
  authoritative = true
}

resource "maas_dns_domain" "plain" {
  name = "plain.example"
}

resource "maas_dns_record" "www" {
  type = "A/AAAA"
  data = "10.34.7.10 2001:db8:34::10"
  fqdn = "www.${maas_dns_domain.lab.name}"
}

resource "maas_dns_record" "db" {
  type   = "A/AAAA"
  data   = "10.34.7.11"
  name   = "db"
  domain = maas_dns_domain.lab.name
  ttl    = 30
}

resource "maas_dns_record" "alias" {
  type   = "CNAME"
  data   = "www.lab.example."
  name   = "alias"
  domain = maas_dns_domain.lab.name
  ttl    = 300
}

resource "maas_dns_record" "mail" {
  type = "MX"
  data = "10 mail.lab.example."
  fqdn = "post.${maas_dns_domain.lab.name}"
}

resource "maas_dns_record" "spf" {
  type       = "TXT"
  data       = "v=spf1 mx -all"
  name       = "post"
  domain     = maas_dns_domain.lab.name
  depends_on = [maas_dns_record.mail]
}

resource "maas_dns_record" "sip" {
  type   = "SRV"
  data   = "0 5 5060 sip.lab.example."
  name   = "_sip._tcp"
  domain = maas_dns_domain.lab.name
}

resource "maas_device" "ups" {
  hostname    = "ups"
  description = "power supply of the hall"
  network_interfaces {
    mac_address = "52:54:00:88:00:70"
  }
  network_interfaces {
    mac_address = "52:54:00:88:00:71"
  }
}

resource "maas_network_interface_link" "v6" {
  machine           = "machine1"
  network_interface = maas_network_interface_vlan.tenant.id
  subnet            = maas_subnet.tenant_v6.id
  mode              = "AUTO"
}

resource "maas_static_route" "backbone" {
  source      = maas_subnet.tenant_v4.name
  destination = "10.0.0.0/8"
  gateway_ip  = "10.88.0.254"
  metric      = 10
}

resource "maas_reserved_ip" "console" {
  ip          = "10.88.0.40"
  mac_address = "52:54:00:88:00:40"
  subnet      = maas_subnet.tenant_v4.id
  comment     = "serial console server"
}
