resource "maas_fabric" "attic" {
  name = "attic"
}

resource "maas_vlan" "machines" {
  fabric = maas_fabric.attic.id
  vid    = 40
  name   = "machines"
  mtu    = 1500
  space  = maas_space.home.name
}

resource "maas_space" "home" {
  name = "home"
}

resource "maas_subnet" "machines" {
  cidr        = "172.30.40.0/24"
  fabric      = maas_fabric.attic.id
  vlan        = maas_vlan.machines.vid
  name        = "attic machines"
  rdns_mode   = 2
  allow_dns   = true
  gateway_ip  = "172.30.40.1"
  dns_servers = ["172.30.40.1"]
  ip_ranges {
    type     = "reserved"
    start_ip = "172.30.40.1"
    end_ip   = "172.30.40.20"
    comment  = "router, switches"
  }
  ip_ranges {
    type     = "dynamic"
    start_ip = "172.30.40.200"
    end_ip   = "172.30.40.250"
  }
}

resource "maas_dns_domain" "attic" {
  name          = "attic.example"
  ttl           = 300
  authoritative = true
}

resource "maas_dns_record" "printer" {
  type   = "A/AAAA"
  data   = "172.30.40.9 2001:db8:40::9"
  name   = "printer"
  domain = maas_dns_domain.attic.name
}
