import type { Seed } from "../../../src/simulator/seed/notation";

/** A network with an object of every kind; `main.ts` is its export. */
export const LAB: Seed = {
  spaces: [{ name: "lab" }],
  fabrics: [
    {
      name: "lab",
      class_type: "10g",
      vlans: [
        { vid: 0, dhcp_on: true, primary_rack: "rack-1" },
        { vid: 10, name: "storage", mtu: 9000, space: "lab" },
        { vid: 20, relay_vlan: { fabric: "lab", vid: 0 } },
      ],
    },
  ],
  subnets: [
    { cidr: "10.20.0.0/24", fabric: "lab", gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.53"], name: "lab net" },
    { cidr: "2001:db8:20::/64", fabric: "lab", gateway_ip: "2001:db8:20::1", description: 'the "lab" costs ${x}' },
    { cidr: "2001:db8:30::/64", fabric: "lab", vid: 10, managed: false },
    { cidr: "10.21.0.0/24", fabric: "lab", vid: 20 },
  ],
  ip_ranges: [
    { type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199" },
    { type: "dynamic", start_ip: "10.21.0.100", end_ip: "10.21.0.199" },
    { type: "reserved", start_ip: "10.20.0.2", end_ip: "10.20.0.9", comment: "switches" },
    { type: "reserved", start_ip: "2001:db8:20:0:2::", end_ip: "2001:db8:20:0:ffff:ffff:ffff:ffff" },
  ],
  static_routes: [{ source: "10.20.0.0/24", destination: "10.21.0.0/24", gateway_ip: "10.20.0.1" }],
  reserved_ips: [{ ip: "10.20.0.50", mac_address: "52:54:00:00:00:50", comment: "printer" }],
  domains: [{ name: "lab.example", ttl: 300 }],
  dns_resources: [
    { name: "www", domain: "lab.example", ip_addresses: ["10.20.0.20", "2001:db8:20:0:1::20"] },
    { name: "@", domain: "lab.example" },
    { name: "txt", domain: "lab.example" },
  ],
  dns_records: [
    { dnsresource: "lab.example", rrtype: "MX", rrdata: "10 mail.lab.example." },
    { dnsresource: "txt.lab.example", rrtype: "TXT", rrdata: "costs ${x}", ttl: 60 },
  ],
  racks: [{ hostname: "rack-1", system_id: "g8ghqf", interfaces: [{ name: "eth1", fabric: "lab" }] }],
  machines: [
    {
      hostname: "node-1",
      system_id: "abc234",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          links: [
            { mode: "auto", subnet: "10.20.0.0/24" },
            { mode: "static", subnet: "2001:db8:20::/64", ip_address: "2001:db8:20:0:1::10" },
          ],
        },
      ],
    },
  ],
};
