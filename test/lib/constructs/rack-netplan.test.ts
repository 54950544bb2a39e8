import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MaasProvider, RackInterfaceType, RackNetplan, type RackNetplanProps } from "cdktf-maas";
import { isMissing, runProgram } from "../../support/debian";
import { messageOf, synth, temporaryFolder } from "../../support/synth";

const PXE = { rack: "rack-1", interfaceName: "bond0", addresses: ["2001:db8:20::a/64"] };

/** What the real netplan says about files of one host, and what it makes of them for systemd-networkd. */
function askNetplan(...texts: readonly string[]): {
  readonly accepts: boolean;
  readonly output: string;
  readonly network: string;
} {
  const root = temporaryFolder();
  mkdirSync(join(root, "etc/netplan"), { recursive: true });
  texts.forEach((text, index) => writeFileSync(join(root, `etc/netplan/${index}0-test.yaml`), text, { mode: 0o600 }));
  const { status, stderr } = runProgram("netplan", ["generate", "--root-dir", root]);
  const folder = join(root, "run/systemd/network");
  const files = status === 0 ? readdirSync(folder) : [];
  const network = files.map((file) => `# ${file}\n${readFileSync(join(folder, file), "utf8")}`).join("\n");
  return { accepts: status === 0, output: stderr, network };
}

const noNetplan = isMissing("netplan", "netplan.io", "whether it takes the files");

describe("RackNetplan", () => {
  test("writes one file per rack, with all interfaces of it, each once", () => {
    const { folder } = synth((stack) => {
      new MaasProvider(stack, "maas");
      new RackNetplan(stack, "tagged", { ...PXE, interfaceName: "bond0.110", addresses: ["2001:db8:21::a/64"] });
      new RackNetplan(stack, "pxe", PXE);
      new RackNetplan(stack, "more", { ...PXE, addresses: ["2001:db8:20::b/64"] });
      new RackNetplan(stack, "other", { ...PXE, rack: "rack-2", interfaceName: "eth1" });
    });
    expect(readdirSync(join(folder, "netplan")).sort()).toEqual(["rack-1.yaml", "rack-2.yaml"]);
    expect(readFileSync(join(folder, "netplan/rack-1.yaml"), "utf8")).toBe(`network:
  version: 2
  bonds:
    "bond0":
      accept-ra: false
      addresses:
        - "2001:db8:20::a/64"
        - "2001:db8:20::b/64"
  vlans:
    "bond0.110":
      id: 110
      link: "bond0"
      accept-ra: false
      addresses:
        - "2001:db8:21::a/64"
`);
  });

  (noNetplan ? test.skip : test)("is accepted by the real netplan, alone and beside the host's own file", () => {
    const config = (props: Partial<RackNetplanProps>): string => {
      let text = "";
      synth((stack) => {
        new MaasProvider(stack, "maas");
        text = new RackNetplan(stack, "nic", { ...PXE, ...props }).config;
      });
      return text;
    };
    const variants: Partial<RackNetplanProps>[] = [
      {},
      { interfaceName: "eth1" },
      { interfaceName: "enp3s0f0" },
      { interfaceName: "bond0.110" },
      { interfaceName: "br-lan", gatewayIp: "2001:db8:20::1" },
      { interfaceName: "storage", link: "eth1", vid: 4094, gatewayIp: "fe80::1" },
      { interfaceName: "lan0", type: RackInterfaceType.BRIDGE, acceptRouterAdvertisements: true },
      { interfaceName: "on", addresses: ["2001:db8:20::a/64", "2001:db8:20::b/64", "10.20.0.9/24"] },
    ];
    for (const props of variants) {
      const { accepts, output } = askNetplan(config(props));
      expect([props, accepts, output]).toEqual([props, true, ""]);
    }
    const own = `network:
  version: 2
  ethernets:
    eno1: {}
    eno2: {}
  bonds:
    bond0:
      interfaces: [eno1, eno2]
      addresses: [10.20.0.10/24]
      routes: [{ to: default, via: 10.20.0.1 }]
`;
    const { accepts, network } = askNetplan(own, config({}));
    expect(accepts).toBe(true);
    // What the host has stays; the address comes on top, and advertisements make none.
    for (const line of ["Address=10.20.0.10/24", "Address=2001:db8:20::a/64", "Gateway=10.20.0.1", "IPv6AcceptRA=no"])
      expect(network).toContain(line);
    expect(askNetplan("network: { version: 2, ethernets: { eth0: { addresses: [x] } } }").accepts).toBe(false);
  });

  test.each<[string, Partial<RackNetplanProps>, RegExp]>([
    ["a rack that is no file name", { rack: "../etc" }, /MAAS-NPL-01/],
    ["an interface that is none", { interfaceName: "eth0:1" }, /"eth0:1" is not the name.*MAAS-NPL-01/],
    ["a long name", { interfaceName: "interface-of-a-rack" }, /MAAS-NPL-01/],
    ["no address", { addresses: [] }, /gets no address.*MAAS-NPL-02/],
    ["an address without a length", { addresses: ["2001:db8::a"] }, /2001:db8::a\/64.*MAAS-NPL-02/],
    ["a network", { addresses: ["2001:db8::/64"] }, /is the network.*2001:db8::a\/64/],
    ["a multicast address", { addresses: ["ff02::1/64"] }, /multicast/],
    ["a VID beyond the last", { interfaceName: "eth0.4095" }, /4095 is not the VID.*MAAS-NPL-03/],
    ["a VLAN without a link", { type: RackInterfaceType.VLAN, interfaceName: "lan" }, /no link and VID/],
    ["a gateway of IPv4", { gatewayIp: "10.20.0.1" }, /not an IPv6 address/],
  ])("refuses %s", (_, props, message) => {
    const text = messageOf(() =>
      synth((stack) => {
        new MaasProvider(stack, "maas");
        new RackNetplan(stack, "nic", { ...PXE, ...props });
      }),
    );
    expect(text.replace(/\s+/g, " ")).toMatch(message);
  });

  test("refuses two constructs that contradict each other", () => {
    const both = (second: Partial<RackNetplanProps>): string =>
      messageOf(() =>
        synth((stack) => {
          new MaasProvider(stack, "maas");
          new RackNetplan(stack, "one", PXE);
          new RackNetplan(stack, "two", { ...PXE, addresses: ["2001:db8:20::b/64"], ...second });
        }),
      );
    expect(both({ addresses: PXE.addresses })).toMatch(/both have 2001:db8:20::a\/64[\s\S]*MAAS-NPL-04/);
    expect(both({ type: RackInterfaceType.ETHERNET })).toMatch(/configure bond0 of rack-1 differently/);
  });
});
