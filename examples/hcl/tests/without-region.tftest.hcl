# Needs no region: the provider's answers are made up.
mock_provider "maas" {}

run "gateways_are_the_first_addresses" {
  command = plan

  assert {
    condition     = maas_subnet.v4.gateway_ip == "10.60.0.1" && maas_subnet.v6.gateway_ip == "2001:db8:60::1"
    error_message = "The routers have the first address of each network."
  }
}

run "an_ipv6_network_is_a_64" {
  command = plan

  variables {
    ipv6 = "2001:db8:60::/56"
  }

  expect_failures = [var.ipv6]
}
