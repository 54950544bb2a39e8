# Makes the network on the region of MAAS_API_URL, and takes it away again: npx cdktf-maas simulate is one.
run "network" {
  variables {
    name = "terraform-test"
  }

  assert {
    condition     = maas_vlan_dhcp.machines.dhcp_on
    error_message = "DHCP is on."
  }

  assert {
    condition     = alltrue([for id in values(output.subnets) : can(tonumber(id))])
    error_message = "MAAS has given each subnet an id."
  }
}
