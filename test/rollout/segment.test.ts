import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AddressBlock } from "../../lib/model/address-block";
import { IpAddress } from "../../lib/model/address";
import { documentText, type NetworkDocument } from "../../lib/model/document";
import { RADVD_DEFAULTS, RADVD_PREFIX_DEFAULTS, type RadvdInterface, renderRadvd } from "../../lib/model/radvd";
import { AddressRange } from "../../lib/model/address-range";
import { readRdisc6 } from "../../src/rollout/probe/advertisement";
import { compare } from "../../src/rollout/probe/compare";
import { programFile } from "../support/command-line";
import { isMissing } from "../support/debian";
import { noSegments, Segment, until } from "../support/segment";
import { temporaryFolder } from "../support/synth";

jest.setTimeout(60_000);

const PREFIX = "2001:db8:20::/64";
const ROUTER = "2001:db8:20::1";
/** What DHCPv6 says; advertisements say another one, 2001:db8:20::53. */
const DHCP_DNS = "2001:db8:20::54";

/** A command as its name and arguments. */
const words = ([program = "", ...args]: readonly string[]): [string, readonly string[]] => [program, args];

interface Flags {
  readonly a: boolean;
  readonly o: boolean;
  readonly m: boolean;
}

const settings = ({ a, o, m }: Flags): RadvdInterface => ({
  interfaceName: "r0",
  prefixes: [{ prefix: PREFIX, autonomous: a, ...RADVD_PREFIX_DEFAULTS }],
  ...{ otherConfig: o, managedAddress: m, ...RADVD_DEFAULTS, dnsServers: ["2001:db8:20::53"], dnsSearch: [] },
});

const documentOf = ({ a, o, m }: Flags, more: object = {}): NetworkDocument => ({
  suppressions: [],
  objects: {
    fabric: [{ key: "lab", path: "lab/lab", origin: "look_up", attributes: { name: "lab" } }],
    vlan: [{ key: "lab:0", path: "lab/lab/untagged", origin: "look_up", attributes: { fabric: "lab", vid: 0 } }],
    subnet: [
      {
        key: PREFIX,
        path: "lab/v6",
        origin: "create",
        attributes: { vlan: "lab:0", cidr: PREFIX, gateway_ip: ROUTER },
      },
    ],
    router_advertisement: [
      {
        ...{ key: `core-1 on ${PREFIX}`, path: "lab/ra", origin: "create" },
        attributes: {
          ...{ subnet: PREFIX, router: "core-1", autonomous_addresses: a, other_config_from_dhcp: o },
          ...{ addresses_from_dhcp: m, router_lifetime: 1800, valid_lifetime: 86400, dns_servers: ["2001:db8:20::53"] },
          ...more,
        },
      },
    ],
  },
});

const COMBINATIONS: readonly Flags[] = [false, true].flatMap((a) =>
  [false, true].flatMap((o) => [false, true].map((m) => ({ a, o, m }))),
);

(noSegments() ? describe.skip : describe)("a real segment with the rendered radvd.conf", () => {
  const segments: { readonly flags: Flags; readonly segment: Segment }[] = [];

  beforeAll(async () => {
    for (const flags of COMBINATIONS) segments.push({ flags, segment: new Segment(`${ROUTER}/64`) });
    await Promise.all(segments.map(({ flags, segment }) => segment.start(renderRadvd([settings(flags)]))));
  });

  afterAll(async () => {
    for (const { segment } of segments) await segment.stop();
  });

  test("gives a host a route always, an address of its own with A only, and tells it of O and M", async () => {
    for (const { flags, segment } of segments) {
      const isRouted = (): boolean => segment.routes().some((route) => route.startsWith("default via"));
      await until(isRouted, `a default route with ${JSON.stringify(flags)}`);
      const routes = segment.routes().map((route) => route.replace(/ dev .*/, ""));
      // S15: routes come from advertisements, whatever the flags.
      expect([flags, routes.sort()]).toEqual([flags, [PREFIX, `default via ${segment.routerAddress}`]]);
      // S16: with A the host makes an address of the prefix; without, none.
      const own = segment.addresses();
      expect([flags, own.length, own.every((address) => address.startsWith("2001:db8:20:"))]).toEqual([
        flags,
        flags.a ? 1 : 0,
        true,
      ]);
      const [seen] = readRdisc6(segment.onHost("rdisc6", "-1", "-w", "3000", "h0").output);
      expect(seen).toMatchObject({
        ...{ otherConfig: flags.o, managedAddress: flags.m, routerLifetime: 1800 },
        router: { address: segment.routerAddress },
        prefixes: [
          { prefix: PREFIX, autonomous: flags.a, onLink: true, validLifetime: 86400, preferredLifetime: 14400 },
        ],
        dnsServers: [{ address: "2001:db8:20::53", lifetime: 1800 }],
      });
      // The document of the same flags has no difference, every other has one per flag.
      const neighbours = new Map([[ROUTER, seen?.router.mac ?? ""]]);
      for (const said of COMBINATIONS) {
        const differences = compare(seen === undefined ? [] : [seen], documentOf(said), { neighbours });
        const wrong = (["a", "o", "m"] as const).filter((flag) => said[flag] !== flags[flag]).length;
        expect([flags, said, differences.length]).toEqual([flags, said, wrong]);
      }
    }
  });

  test("leaves a host with a static address and accept_ra off as it is (S18, S19)", async () => {
    const segment = new Segment(`${ROUTER}/64`, {
      acceptRa: 0,
      host: ["addr add 2001:db8:20:0:1::/64 dev h0 nodad", `-6 route add default via ${ROUTER} dev h0`],
    });
    try {
      await segment.start(renderRadvd([settings({ a: true, o: true, m: true })]));
      // The advertisement has come by: the host was asked for one, and sees it.
      expect(readRdisc6(segment.onHost("rdisc6", "-1", "-w", "3000", "h0").output)).toHaveLength(1);
      expect(segment.addresses()).toEqual(["2001:db8:20:0:1::/64"]);
      expect(segment.routes().filter((route) => route.startsWith("default"))).toEqual([
        expect.stringContaining(`default via ${ROUTER}`),
      ]);
    } finally {
      await segment.stop();
    }
  });

  test("has a DHCPv6 client get an address of the dynamic range, DNS servers and no route (S14, S15, S20)", async () => {
    const { segment } = segments.find(({ flags }) => !flags.a && flags.o && flags.m) ?? { segment: undefined };
    if (segment === undefined) throw new Error("no segment with O and M");
    const { startIp, endIp } = AddressBlock.dynamicRange(PREFIX);
    const file = (name: string): string => join(segment.folder, name);
    writeFileSync(
      file("dhcpd.conf"),
      `default-lease-time 3600;\noption dhcp6.name-servers ${DHCP_DNS};\nsubnet6 ${PREFIX} { range6 ${startIp} ${endIp}; }\n`,
    );
    writeFileSync(file("leases"), "");
    segment.run("router", "dhcpd", [
      "-6",
      "-f",
      "-cf",
      file("dhcpd.conf"),
      "-lf",
      file("leases"),
      "-pf",
      file("dhcpd.pid"),
      "--no-pid",
      "r0",
    ]);
    const before = segment.routes();
    writeFileSync(file("resolv.conf"), "# as it was\n");
    // With Debian's dhclient-script, which sets the address and writes resolv.conf.
    const dhclient = (...how: readonly string[]): string[] =>
      segment.withResolver(
        file("resolv.conf"),
        "dhclient",
        "-6",
        ...how,
        ...["-lf", file("client.leases")],
        ...["-pf", file("client.pid"), "h0"],
      );
    // O without M: it asks for other settings only, and gets no address (S16).
    segment.onHost(...dhclient("-S", "-1"));
    expect([segment.addresses(), readFileSync(file("resolv.conf"), "utf8")]).toEqual([[], `nameserver ${DHCP_DNS}\n`]);
    segment.onHost(...dhclient("-x"));
    writeFileSync(file("resolv.conf"), "# as it was\n");
    segment.run("host", ...words(dhclient("-d", "-1", "-N")));
    await until(() => segment.addresses().length > 0, "an address by DHCPv6");
    const [address = ""] = segment.addresses();
    const range = new AddressRange(IpAddress.parse(startIp), IpAddress.parse(endIp));
    expect(address).toMatch(/\/128$/);
    expect(range.contains(IpAddress.parse(address.replace(/\/.*/, "")))).toBe(true);
    // No route but that of the address itself; the default route is the advertisement's, as before.
    expect(segment.routes().filter((route) => !route.startsWith(address.replace(/\/.*/, ""))).length).toBe(
      before.length,
    );
    await until(() => readFileSync(file("resolv.conf"), "utf8") !== "# as it was\n", "a resolv.conf by DHCPv6");
    expect(readFileSync(file("resolv.conf"), "utf8")).toBe(`nameserver ${DHCP_DNS}\n`);
  });

  (isMissing("rdnssd", "rdnssd", "what a resolver takes of advertisements") ? test.skip : test)(
    "tells a host's resolver by advertisements (RDNSS), whatever the flags, where something on it listens",
    async () => {
      for (const { flags, segment } of segments.filter(({ flags: { a, o } }) => a === o)) {
        const file = join(segment.folder, "rdnss.conf");
        // The kernel itself writes no resolv.conf: rdnssd does (systemd-networkd does the same by itself).
        const daemon = ["rdnssd", "-f", "-u", "root", "-r", file, "-p", `${file}.pid`, "-H", "/bin/true"];
        segment.run("host", ...words(daemon));
        await until(() => {
          segment.onHost("rdisc6", "-1", "-w", "1000", "h0");
          return existsSync(file) && readFileSync(file, "utf8") !== "";
        }, "a resolv.conf by rdnssd");
        expect([flags, readFileSync(file, "utf8")]).toEqual([flags, "nameserver 2001:db8:20::53\n"]);
      }
    },
  );

  test("is probed by the command line: 0 as the document says, 2 on a difference, JSON on one line", () => {
    const flags = { a: true, o: false, m: false };
    const { segment } = segments.find((one) => JSON.stringify(one.flags) === JSON.stringify(flags)) ?? {
      segment: undefined,
    };
    if (segment === undefined) throw new Error("no segment with A only");
    const probe = (document: NetworkDocument, ...more: readonly string[]) => {
      const file = join(segment.folder, "maas-network.json");
      writeFileSync(file, documentText(document));
      return segment.onHost(
        process.execPath,
        programFile("cdktf-maas"),
        "ipv6",
        "probe",
        "h0",
        "--timeout",
        "1",
        "--document",
        file,
        ...more,
      );
    };
    const same = probe(documentOf(flags));
    expect([same.output, same.code]).toEqual([expect.stringContaining("As the document says, on h0."), 0]);
    const other = probe(documentOf({ ...flags, m: true }, { router_lifetime: 900 }), "--json");
    expect(other.code).toBe(2);
    const [line = "", ...rest] = other.output.split("\n");
    expect(rest.filter((text) => text !== "")).toEqual([]);
    const { as_desired: asDesired, problems } = JSON.parse(line) as {
      as_desired: boolean;
      problems: { what: string; code: string }[];
    };
    expect([asDesired, problems.map(({ code }) => code)]).toEqual([false, ["MAAS-PRB-01", "MAAS-PRB-01"]]);
    expect(problems.map(({ what }) => what).join()).toMatch(
      /flag M of .* is off .*says on.*lifetime of .* is 1800 .*says 900/,
    );
  });

  describe("is probed where rdisc6 is missing", () => {
    /** Runs a probe of the segment with A only, with these tools and no others, while the host asks for advertisements. */
    const probe = (tools: readonly string[], name: string, ...options: readonly string[]) => {
      const { segment } = segments.find(({ flags }) => flags.a && !flags.o && !flags.m) ?? { segment: undefined };
      if (segment === undefined) throw new Error("no segment with A only");
      const folder = join(segment.folder, `bin-${tools.join("-")}`);
      mkdirSync(folder, { recursive: true });
      for (const tool of tools) copyFileSync(`/usr/sbin/${tool}`, join(folder, tool));
      segment.run("host", "sh", ["-c", "sleep 1.5; rdisc6 -1 h0"]);
      // The probe looks in /usr/sbin too.
      const script = 'mount -t tmpfs none /usr/sbin; PATH=$1; shift; exec "$@"';
      const command = [process.execPath, programFile("cdktf-maas"), "ipv6", "probe", name, ...options];
      return segment.onHost("unshare", "-m", "sh", "-ec", script, "sh", folder, ...command);
    };

    const fileOf = (more: object): string => {
      const file = join(temporaryFolder(), "maas-network.json");
      writeFileSync(file, documentText(documentOf({ a: true, o: false, m: false }, more)));
      return file;
    };

    test("with radvdump, which hears the same", () => {
      const heard = probe(["radvdump"], "h0", "--timeout", "3", "--document", fileOf({}));
      expect([heard.output, heard.code]).toEqual([expect.stringContaining("As the document says, on h0."), 0]);
      const more = { addresses_from_dhcp: true, valid_lifetime: 3600, router_lifetime: 900, dns_servers: [] };
      const other = probe(["radvdump"], "h0", "--timeout", "3", "--json", "--document", fileOf(more));
      const { problems } = JSON.parse(other.output) as { problems: { code: string; what: string }[] };
      const differences = problems.filter(({ code }) => code === "MAAS-PRB-01").map(({ what }) => what);
      expect([differences.length, other.code]).toEqual([4, 2]);
      expect(differences.join()).toMatch(/flag M.*router's lifetime.*valid lifetime.*DNS servers/s);
    });

    test("and says what to do where radvdump has had no time, or is missing too, or there is no such interface", () => {
      // The daemon may advertise at any moment.
      for (const [tools, name, message] of [
        [["radvdump"], "h0", /radvdump has heard nothing on h0 within 0\.05 s.*--timeout 1800/],
        [[], "h0", /neither rdisc6 nor radvdump is installed.*apt-get install ndisc6/],
        [["radvdump"], "h9", /this host has no interface h9.*h0/],
      ] as const) {
        const { code, output } = probe(tools, name, "--timeout", "0.05");
        expect([output, code]).toEqual([expect.stringMatching(message), 1]);
      }
    });
  });
});
