import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DynamicRange,
  Fabric,
  InterfaceLink,
  type InterfaceLinkProps,
  Ipv4Subnet,
  Ipv6Subnet,
  LinkMode,
  MaasProvider,
  Machine,
  NodeInterface,
  RackController,
  RackInterface,
  VlanDhcp,
} from "cdktf-maas";
import { block, messageOf, synth } from "../../support/synth";

describe("rack", () => {
  function lab(stack: TerraformStack) {
    new MaasProvider(stack, "maas");
    const fabric = new Fabric(stack, "lab", { name: "lab" });
    const vlan = fabric.untagged;
    const subnet = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24" });
    const rack = new RackController(stack, "rack1", {
      hostname: "rack1",
      regionUrl: "http://region.example:5240/MAAS",
    });
    const nic = new RackInterface(stack, "rack1-eth1", { rack, name: "eth1", vlan });
    return { fabric, vlan, subnet, rack, nic };
  }

  const VLAN = expect.stringMatching(/^\$\{maas_vlan\.lab_untagged_\w+\.id\}$/) as string;

  test("a rack controller is looked up, and its interface is put on the VLAN", () => {
    const { data, resource } = synth((stack) => {
      expect(lab(stack).rack.regionUrl).toBe("http://region.example:5240/MAAS");
    });
    expect(block(data, "maas_rack_controller", "rack1")).toEqual({ hostname: "rack1" });
    expect(block(resource, "maas_rack_interface", "rack1-eth1")).toEqual({
      rack_controller: "${data.maas_rack_controller.rack1.id}",
      name: "eth1",
      vlan: VLAN,
    });
  });

  test("DHCP refers to the rack's interface and to every dynamic range of the VLAN, made before or after it", () => {
    const { resource } = synth((stack) => {
      const { vlan, subnet, nic } = lab(stack);
      const rack2 = new RackController(stack, "rack2", { hostname: "rack2" });
      const pool = new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199" });
      new RackInterface(stack, "rack2-eth1", { rack: rack2, name: "eth1", vlan });
      new VlanDhcp(stack, "dhcp", { vlan, primary: nic, secondary: rack2, ranges: [pool] });
      new DynamicRange(stack, "later", { subnet, startIp: "10.0.0.200", endIp: "10.0.0.220" });
    });
    expect(block(resource, "maas_vlan_dhcp", "dhcp")).toEqual({
      vlan: VLAN,
      primary_rack_controller: "${maas_rack_interface.rack1-eth1.rack_controller}",
      secondary_rack_controller: "${data.maas_rack_controller.rack2.id}",
      ip_ranges: ["${maas_subnet_ip_range.pool.id}", "${maas_subnet_ip_range.later.id}"],
    });
  });

  test("a relayed VLAN names the VLAN it relays to and no ranges", () => {
    const { resource } = synth((stack) => {
      const { vlan, fabric, subnet, nic } = lab(stack);
      new DynamicRange(stack, "pool", { subnet, startIp: "10.0.0.100", endIp: "10.0.0.199" });
      new VlanDhcp(stack, "served", { vlan, primary: nic });
      const other = Fabric.fromName(stack, "other", "other").untagged;
      new VlanDhcp(stack, "relayed", { vlan: other, relayTo: vlan });
      expect(fabric.untagged).toBe(vlan);
    });
    expect(block(resource, "maas_vlan_dhcp", "relayed")).toEqual({
      vlan: expect.stringContaining("data.maas_vlan.other_untagged") as string,
      relay_vlan: VLAN,
    });
  });

  test("a VLAN that is neither served nor relayed is refused in the words of the construct", () => {
    const message = messageOf(() =>
      synth((stack) => {
        const { vlan } = lab(stack);
        new VlanDhcp(stack, "dhcp", { vlan });
      }),
    );
    expect(message).toContain("[lab/dhcp] the DHCP of this VLAN can't be right:");
    expect(message).toContain("primary: DHCP needs a primary rack controller. Give primary");
    expect(message).toContain("or relayTo");
  });

  test("a VLAN that is both served and relayed is refused", () => {
    const message = messageOf(() =>
      synth((stack) => {
        const { vlan, nic } = lab(stack);
        new VlanDhcp(stack, "dhcp", { vlan, primary: nic, relayTo: Fabric.fromName(stack, "o", "o").untagged });
      }),
    );
    expect(message).toContain("relayTo: a relayed VLAN has no rack controllers of its own");
  });

  test("one rack can't be primary and secondary, also when it is named through its interface", () => {
    const message = messageOf(() =>
      synth((stack) => {
        const { vlan, nic, rack } = lab(stack);
        new VlanDhcp(stack, "dhcp", { vlan, primary: nic, secondary: rack });
      }),
    );
    expect(message).toContain("secondary: the primary and the secondary rack controller are the same");
  });
});

describe("interface link", () => {
  function lab(stack: TerraformStack) {
    new MaasProvider(stack, "maas");
    const v4 = Ipv4Subnet.fromCidr(stack, "v4", "10.20.0.0/24");
    const v6 = Ipv6Subnet.fromCidr(stack, "v6", "2001:db8:20::/64");
    const machine = new Machine(stack, "node-1", { hostname: "node-1" });
    const eth0 = new NodeInterface(stack, "node-1-eth0", { machine, name: "eth0" });
    return { stack, v4, v6, machine, eth0 };
  }

  type Lab = ReturnType<typeof lab>;
  type Link = Partial<InterfaceLinkProps> & Pick<InterfaceLinkProps, "subnet">;

  /** The message of a stack with these links on eth0. */
  const refusalOf = (linksIn: (lab: Lab) => Link[]): string =>
    messageOf(() =>
      synth((stack) => {
        const made = lab(stack);
        linksIn(made).forEach((link, index) => {
          new InterfaceLink(stack, `link${index}`, { networkInterface: made.eth0, ...link });
        });
      }),
    );

  test("a dual-stack interface has a link to each subnet, on a machine that is looked up once", () => {
    const { data, resource } = synth((stack) => {
      const { v4, v6, eth0 } = lab(stack);
      const four = new InterfaceLink(stack, "four", { networkInterface: eth0, subnet: v4, defaultGateway: true });
      new InterfaceLink(stack, "six", {
        networkInterface: eth0,
        subnet: v6,
        mode: LinkMode.STATIC,
        ipAddress: "2001:db8:20::9",
        adoptExisting: true,
      });
      expect(four.networkInterface.machine.node.id).toBe("node-1");
      expect(four.subnet).toBe(v4);
    });
    const place = { machine: "${data.maas_machine.node-1.id}", network_interface: "eth0" };
    expect(data?.maas_machine).toEqual({ "node-1": expect.objectContaining({ hostname: "node-1" }) as unknown });
    expect(block(resource, "maas_network_interface_link", "four")).toEqual({
      ...place,
      subnet: "${data.maas_subnet.v4.id}",
      default_gateway: true,
    });
    expect(block(resource, "maas_network_interface_link", "six")).toEqual({
      ...place,
      subnet: "${data.maas_subnet.v6.id}",
      mode: "STATIC",
      ip_address: "2001:db8:20::9",
      adopt_existing: true,
    });
  });

  test("tokens pass and are left to Terraform", () => {
    const { resource } = synth((stack) => {
      const { v4, machine } = lab(stack);
      const text = new TerraformVariable(stack, "text", { type: "string" }).stringValue;
      const subnet = Ipv6Subnet.fromCidr(stack, "there", "2001:db8:21::/64");
      const networkInterface = new NodeInterface(stack, "nic", { machine, name: text });
      new InterfaceLink(stack, "link", { networkInterface, subnet: v4, mode: LinkMode.STATIC, ipAddress: text });
      new InterfaceLink(stack, "other", { networkInterface, subnet });
    });
    expect(block(resource, "maas_network_interface_link", "link")).toMatchObject({
      network_interface: "${var.text}",
      ip_address: "${var.text}",
    });
  });

  describe("a link is refused in the constructor", () => {
    test.each<[string, Omit<Link, "subnet">, string, string]>([
      [
        "whose address is outside its subnet",
        { ipAddress: "10.21.0.9" },
        "outside the subnet 10.20.0.0/24",
        "10.20.0.1",
      ],
      ["whose address is of the other family", { ipAddress: "2001:db8:20::9" }, "an IPv4 subnet", "a second link"],
      ["whose address is none", { ipAddress: "10.20.0.9/24" }, "is not an IP address", "Write 10.20.0.9"],
      ["with an address and a mode that takes none", { mode: LinkMode.AUTO, ipAddress: "10.20.0.9" }, "AUTO", "STATIC"],
      [
        "by DHCP as default gateway",
        { mode: LinkMode.DHCP, defaultGateway: true },
        "default gateway",
        "AUTO or STATIC",
      ],
    ])("%s", (_, props, what, fix) => {
      const message = refusalOf(({ v4 }) => [{ subnet: v4, mode: LinkMode.STATIC, ...props }]);
      expect(message).toContain("[lab/link0] this network interface link can't be right:");
      expect(message).toContain(what);
      expect(message).toContain(fix);
      expect(message).not.toMatch(/ip_address|default_gateway/);
    });
  });

  describe("links of one interface are refused at synth", () => {
    test.each<[string, (lab: Lab) => Link[], string]>([
      [
        "that are both by DHCP, over both families",
        ({ v4, v6 }) => [
          { subnet: v4, mode: LinkMode.DHCP },
          { subnet: v6, mode: LinkMode.DHCP },
        ],
        "one DHCP link per interface",
      ],
      [
        "of which MAAS would drop the one by DHCP",
        ({ v4 }) => [
          { subnet: v4, mode: LinkMode.DHCP },
          { subnet: v4, mode: LinkMode.STATIC, ipAddress: "10.20.0.9" },
        ],
        "silently removes a DHCP link",
      ],
      [
        "of which one says that there is no address",
        ({ v4, v6 }) => [{ subnet: v4 }, { subnet: v6, mode: LinkMode.LINK_UP }],
        "drop the LINK_UP link",
      ],
      ["that are the same one", ({ v4 }) => [{ subnet: v4 }, { subnet: v4 }], "node-1/eth0:10.20.0.0/24"],
      [
        "that have one address, in whatever spelling",
        ({ v6 }) =>
          ["2001:db8:20::9", "2001:DB8:20:0::9"].map((ipAddress) => ({ subnet: v6, mode: LinkMode.STATIC, ipAddress })),
        "node-1/eth0:2001:db8:20::9",
      ],
      [
        "that are both the default gateway of a family",
        ({ v4 }) =>
          ["10.20.0.9", "10.20.0.10"].map((ipAddress) => ({
            subnet: v4,
            mode: LinkMode.STATIC,
            ipAddress,
            defaultGateway: true,
          })),
        "set defaultGateway on one of them only",
      ],
      [
        "that are made on two constructs of the same interface",
        ({ stack, v4, v6 }) => {
          const machine = new Machine(stack, "again", { hostname: "node-1" });
          const networkInterface = new NodeInterface(stack, "again-eth0", { machine, name: "eth0" });
          return [
            { subnet: v4, mode: LinkMode.DHCP },
            { subnet: v6, mode: LinkMode.DHCP, networkInterface },
          ];
        },
        "lab/link0 (DHCP) and lab/link1 (DHCP)",
      ],
    ])("%s", (_, linksIn, text) => {
      expect(refusalOf(linksIn)).toContain(text);
    });

    test("whose address DHCP hands out", () => {
      const message = refusalOf(({ stack, v4 }) => {
        new DynamicRange(stack, "pool", { subnet: v4, startIp: "10.20.0.100", endIp: "10.20.0.199" });
        return [{ subnet: v4, mode: LinkMode.STATIC, ipAddress: "10.20.0.150" }];
      });
      expect(message).toContain("lab/link0 has the address 10.20.0.150, which is in the dynamic range lab/pool");
    });

    test("but not where MAAS takes them together", () => {
      const { resource } = synth((stack) => {
        const { v4, v6, eth0, machine } = lab(stack);
        const eth1 = new NodeInterface(stack, "eth1", { machine, name: "eth1" });
        new InterfaceLink(stack, "a", { networkInterface: eth0, subnet: v4, mode: LinkMode.DHCP });
        new InterfaceLink(stack, "b", { networkInterface: eth0, subnet: v6, defaultGateway: true });
        new InterfaceLink(stack, "c", { networkInterface: eth1, subnet: v4, defaultGateway: true });
        new InterfaceLink(stack, "d", { networkInterface: eth1, subnet: v6, mode: LinkMode.DHCP });
      });
      expect(Object.keys(resource?.maas_network_interface_link ?? {})).toEqual(["a", "b", "c", "d"]);
    });
  });
});
