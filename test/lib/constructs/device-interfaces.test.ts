import type { TerraformStack } from "cdktf";
import {
  Device,
  type IDevice,
  InterfaceLink,
  Ipv4Subnet,
  type ISubnet,
  LinkMode,
  MaasProvider,
  Machine,
  NetworkInterfaceTag,
  NodeInterface,
  PhysicalInterface,
} from "cdktf-maas";
import { documentOf } from "../../../lib/aspects/document-of";
import { defaultRegion, type StackRegion } from "../../../lib/constructs/internal/region";
import { block, messageOf, synth } from "../../support/synth";

const MAC = "52:54:00:00:02:01";

interface Lab {
  readonly device: IDevice;
  readonly subnet: ISubnet;
}

function lab(stack: TerraformStack): Lab {
  new MaasProvider(stack, "maas");
  const subnet = Ipv4Subnet.fromCidr(stack, "v4", "10.20.0.0/24");
  return {
    subnet,
    device: new Device(stack, "sw", { hostname: "switch-1", networkInterfaces: [{ macAddress: MAC }] }),
  };
}

function requireRegion(stack: TerraformStack): StackRegion {
  const region = defaultRegion(stack);
  if (region === undefined) throw new Error("the stack has no region");
  return region;
}

const refusal = (build: (stack: TerraformStack, lab: Lab) => void): string =>
  messageOf(() => synth((stack) => build(stack, lab(stack))));

test("a device has interfaces, links and tags as a machine has", () => {
  const { resource } = synth((stack) => {
    const { device, subnet } = lab(stack);
    const nic = new PhysicalInterface(stack, "nic", { device, macAddress: MAC, name: "mgmt" });
    new InterfaceLink(stack, "link", { networkInterface: nic, subnet, mode: LinkMode.STATIC });
    const uplink = new NodeInterface(stack, "uplink", { device, name: "eth1" });
    new NetworkInterfaceTag(stack, "tags", { device, networkInterface: uplink, tags: ["core"] });

    const { objects } = documentOf(stack, requireRegion(stack));
    expect(objects.network_interface_physical?.map(({ key }) => key)).toEqual([`device:switch-1/${MAC}`]);
    expect(objects.network_interface_link).toMatchObject([
      { key: "device:switch-1/mgmt:10.20.0.0/24", attributes: { device: "switch-1" } },
    ]);
    expect(objects.network_interface_tag?.map(({ key }) => key)).toEqual(["device:switch-1/eth1"]);
  });
  const device = "${maas_device.sw.id}";
  expect(block(resource, "maas_network_interface_physical", "nic")).toEqual({ device, mac_address: MAC, name: "mgmt" });
  expect(block(resource, "maas_network_interface_link", "link")).toEqual({
    ...{ device, mode: "STATIC", subnet: "${data.maas_subnet.v4.id}" },
    network_interface: "${maas_network_interface_physical.nic.name}",
  });
  expect(block(resource, "maas_network_interface_tag", "tags")).toMatchObject({ device, interface_id: "eth1" });
});

test("a device that the stack does not manage is looked up", () => {
  const { data, resource } = synth((stack) => {
    const { subnet } = lab(stack);
    const device = Device.fromHostname(stack, "printer", "printer-1");
    const networkInterface = new NodeInterface(stack, "eth0", { device, name: "eth0" });
    new InterfaceLink(stack, "link", { networkInterface, subnet, mode: LinkMode.STATIC, ipAddress: "10.20.0.9" });
  });
  expect(block(data, "maas_device", "printer")).toEqual({ hostname: "printer-1" });
  expect(block(resource, "maas_network_interface_link", "link")).toMatchObject({
    device: "${data.maas_device.printer.id}",
  });
});

test("an interface is of one node, and of no other", () => {
  const node = (stack: TerraformStack) => new Machine(stack, "node", { hostname: "node-1" });
  const both = "machine and device are both set";
  expect(
    refusal(
      (stack, { device }) => new PhysicalInterface(stack, "x", { machine: node(stack), device, macAddress: MAC }),
    ),
  ).toContain(both);
  expect(
    refusal((stack, { device }) => new NodeInterface(stack, "x", { machine: node(stack), device, name: "eth0" })),
  ).toContain(both);
  expect(refusal((stack) => new PhysicalInterface(stack, "x", { macAddress: MAC }))).toContain(
    "Set machine or device.",
  );
  expect(refusal((stack) => new NodeInterface(stack, "x", { name: "eth0" }))).toContain("the machine is missing");
});

test("the machine of an interface of a device is none", () => {
  expect(refusal((stack, { device }) => new NodeInterface(stack, "x", { device, name: "eth0" }).machine)).toContain(
    "it is of a device. Read its device in place of its machine.",
  );
  expect(
    refusal((stack, { device }) => new PhysicalInterface(stack, "x", { device, macAddress: MAC }).machine),
  ).toContain("it is of a device");
});

test.each([
  ["another mode than STATIC", { mode: LinkMode.DHCP }, "a link of a device can't be of mode DHCP"],
  ["no mode", {}, "set mode to STATIC"],
  ["a default gateway", { mode: LinkMode.STATIC, defaultGateway: true }, "leave defaultGateway out"],
])("a link of a device with %s is refused in the constructor", (_, props, expected) => {
  const message = refusal((stack, { device, subnet }) => {
    const networkInterface = new NodeInterface(stack, "eth0", { device, name: "eth0" });
    return new InterfaceLink(stack, "link", { networkInterface, subnet, ...props });
  });
  expect(message.toLowerCase()).toContain(expected.toLowerCase());
});
