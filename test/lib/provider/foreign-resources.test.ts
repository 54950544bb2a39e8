import { TerraformResource, type TerraformStack } from "cdktf";
import { Fabric, InterfaceLink, Ipv4Subnet, Machine, MaasProvider, NodeInterface } from "cdktf-maas";
import { messageOf, synth } from "../../support/synth";

/** A resource of the bindings that `cdktf get` makes of canonical/maas. */
class Theirs extends TerraformResource {
  constructor(
    stack: TerraformStack,
    id: string,
    type: string,
    private readonly attributes: Readonly<Record<string, unknown>>,
  ) {
    super(stack, id, { terraformResourceType: type });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.attributes };
  }
}

/** A machine of this package, and beside it what `theirs` adds. */
const beside = (theirs: (stack: TerraformStack, machine: Machine) => unknown) => (): unknown =>
  synth((stack) => {
    new MaasProvider(stack, "ours", { localName: "networks" });
    const vlan = new Fabric(stack, "fabric", { name: "lab" }).untagged;
    const v4 = new Ipv4Subnet(stack, "v4", { vlan, cidr: "10.0.0.0/24" });
    const machine = new Machine(stack, "machine", { hostname: "node-1" });
    const networkInterface = new NodeInterface(stack, "nic", { machine, name: "eth0" });
    new InterfaceLink(stack, "link", { networkInterface, subnet: v4 });
    theirs(stack, machine);
  });

const LINK = "maas_network_interface_link";

describe("a link of canonical/maas", () => {
  test("on the interface of a link of this package is refused, since it disconnects the interface", () => {
    for (const machine of [() => "node-1", (node: Machine) => node.systemId]) {
      const message = messageOf(
        beside(
          (stack, node) => new Theirs(stack, "theirs", LINK, { machine: machine(node), network_interface: "eth0" }),
        ),
      );
      expect(message).toMatch(
        /theirs of another provider and .*link are links of one interface.*disconnects.*MAAS-CON-20/s,
      );
    }
  });

  test("on another interface, or of another machine, is no matter", () => {
    for (const other of [
      { machine: "node-1", network_interface: "eth1" },
      { machine: "node-2", network_interface: "eth0" },
    ])
      expect(beside((stack) => new Theirs(stack, "theirs", LINK, other))).not.toThrow();
  });
});

describe("a subnet of canonical/maas", () => {
  test("that is one of this package's is refused", () => {
    const cidr = "10.0.0.0/24";
    expect(messageOf(beside((stack) => new Theirs(stack, "theirs", "maas_subnet", { cidr })))).toMatch(
      /are one subnet.*deletes all other ranges.*MAAS-CON-20/s,
    );
  });

  test("that is another one is no matter", () => {
    expect(beside((stack) => new Theirs(stack, "theirs", "maas_subnet", { cidr: "10.1.0.0/24" }))).not.toThrow();
  });
});
