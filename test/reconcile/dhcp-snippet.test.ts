import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UNKNOWN } from "../../lib/model/known";
import type { NetworkDocument } from "../../lib/model/document";
import { checkDhcpSnippet } from "../../lib/model/checks/dhcp-snippet";
import { PlanError } from "../../src/reconcile/engine/plan/plan-problems";
import { findDhcpd, tryWithDhcpd } from "../../src/reconcile/ops/dhcpd";
import { EngineUser } from "../support/engine";

describe("balance, at synth", () => {
  test.each([
    "option ntp-servers 10.20.0.2;",
    'class "pxe" { match if substring(option vendor-class-identifier, 0, 3) = "PXE"; }',
    'filename "a;{#\\"b"; # a comment; {',
    "# nothing but a comment\noption domain-name-servers 10.0.0.1,\n  10.0.0.2;",
    'if option arch = 00:07 { filename "x"; } else { filename "y"; }',
  ])("%j is taken", (value) => {
    expect(checkDhcpSnippet({ value })).toEqual([]);
  });

  test.each([
    ["", /is empty/],
    [" \n", /is empty/],
    ["option ntp-servers 10.20.0.2", /line 1 .* does not end with a semicolon/],
    ["a 1;\nb 2\n}", /line 2 .* does not end with a semicolon/],
    ["a 1;\nclass {\nb 2;", /line 2 .* a \{ that is not closed/],
    ["a 1;\n}", /line 2 .* a \} that closes nothing/],
    ['a 1;\n\nfilename "b;', /line 3 .* a quote that is not closed/],
  ])("%j is refused with its line", (value, words) => {
    expect(checkDhcpSnippet({ value }).map(({ what }) => what)).toEqual([expect.stringMatching(words)]);
  });

  test.each([
    [{ subnet: "10.0.0.0/24", machine: "node1" }, "a subnet and for a machine", "machine"],
    [{ machine: "node1", device: "ups" }, "a machine and for a device", "device"],
    [{ subnet: "10.0.0.0/24", rack_controller: "rack1" }, "a subnet and for a rack controller", "rack_controller"],
  ])("one for %j is refused", (places, words, attribute) => {
    const [problem, ...others] = checkDhcpSnippet({ value: "a 1;", ...places });
    expect(problem).toMatchObject({ code: "MAAS-OBJ-19", attribute, what: `the snippet is for ${words}` });
    expect(others).toEqual([]);
  });

  test.each(["subnet", "machine", "device", "rack_controller"])("one for a %s alone is taken", (place) => {
    const none = { subnet: null, machine: null, device: null, rack_controller: null };
    expect(checkDhcpSnippet({ value: "a 1;", ...none, [place]: "x" })).toEqual([]);
    expect(checkDhcpSnippet({ value: "a 1;", ...none, [place]: UNKNOWN, subnet: "x" })).toEqual([]);
  });
});

const hasDhcpd = findDhcpd() !== undefined;
if (!hasDhcpd)
  console.warn("NOT TESTED: snippets with dhcpd itself, which is not here: apt-get install isc-dhcp-server");

(hasDhcpd ? describe : describe.skip)("dhcpd", () => {
  test.each([
    ["global", "option ntp-servers 10.20.0.2;", [4, 6], []],
    ["subnet", "option domain-name-servers 10.0.0.1;\noption routers 10.0.0.1;", [4], []],
    ["host", 'filename "boot";', [4, 6], []],
    ["global", "option nonsense 5;", [4], [{ family: 4, line: 1 }]],
    ["subnet", "option ntp-servers 10.0.0.1;\noption ntp-servers not-an-address-!;", [4], [{ family: 4, line: 2 }]],
    ["global", "subnet6 2001:db8:1::/64 { }", [4, 6], [{ family: 4, line: 1 }]],
    ["global", 'option site code 224 = text;\noption site "lab";', [4], []],
  ] as const)("in a %s place reads %j for %j", async (place, text, families, refused) => {
    expect(await tryWithDhcpd(text, place, families)).toMatchObject(refused);
    expect(await tryWithDhcpd(text, place, families)).toHaveLength(refused.length);
  });

  test("is understood where the folder for temporary files has a blank in its name", async () => {
    const { TMPDIR: before } = process.env;
    const folder = mkdtempSync(join(tmpdir(), "a blank "));
    process.env.TMPDIR = folder;
    try {
      expect(await tryWithDhcpd("option nonsense 5;", "global", [4])).toMatchObject([{ family: 4, line: 1 }]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true });
    }
  });

  test("the engine's plan refuses what it refuses, at the object, and takes what is switched off", async () => {
    const user = await EngineUser.start({ fabrics: [] });
    const document = (enabled: boolean): NetworkDocument => ({
      objects: {
        dhcp_snippet: [
          {
            ...{ key: "ntp", path: "lab/ntp", origin: "create" },
            attributes: { name: "ntp", value: "option nonsense 5;", enabled },
          },
        ],
      },
      suppressions: [],
    });
    try {
      const error: unknown = await user.prepare(document(true)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PlanError);
      expect((error as PlanError).message).toMatch(/lab\/ntp.*dhcpd refuses line 1 of the snippet for IPv4/);
      await user.run(document(false));
      expect(user.simulator.state.dhcpSnippets).toMatchObject([{ name: "ntp", enabled: false }]);
      await user.run(document(false), "destroy");
      expect(user.simulator.state.dhcpSnippets).toEqual([]);
    } finally {
      await user.stop();
    }
  });
});
