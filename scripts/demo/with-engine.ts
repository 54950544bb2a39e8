import { join } from "node:path";
import { expectCode, meddle, type Program, run, say, showTree, STACK, type Stage } from "./stage";

/** Exit code of a plan that has something to do. */
const CHANGES = 2;

/** The addresses that rack1's host is given on the example's network. */
const ADDRESSES = { eth1: ["10.20.0.2/24", "2001:db8:20::2/64"] };

/** The life of the example under this package's own engine, from synth on, with nothing but Node. */
export async function demoWithEngine(stage: Stage): Promise<void> {
  const { root, folder, simulator, env } = stage;
  const app: Program = {
    ...{ name: "node dist/examples/dual-stack/main.js", cwd: folder, env },
    file: join(root, "dist/examples/dual-stack/main.js"),
    telling: /error/i,
  };
  const program: Program = {
    ...{ name: "cdktf-maas", file: join(root, "dist/bin/cdktf-maas.js"), env },
    cwd: join(folder, "cdktf.out", "stacks", STACK),
    telling: /^ *(\+|~|-|-\/\+|<) \S|^Plan:|No changes|^Done|^error|^Waiting|^ {2}\S.* \[|^The region is/,
  };
  const maas = async (code: number, args: readonly string[], onLine?: (line: string) => void): Promise<void> =>
    expectCode(code, program, await run(program, args, onLine));

  say("Synthesise the example. It writes what it wants to maas-network.json");
  expectCode(0, app, await run(app, []));
  say("Plan it");
  await maas(CHANGES, ["plan"]);
  say("Apply it");
  await maas(0, ["apply", "--yes"]);
  say("Wait until it is served: rack1 gets its addresses, and starts its DHCPv6 server a little later");
  simulator.reportRacks({ rack1: { addresses: ADDRESSES, services: { dhcpd: "running", dhcpd6: "off" } } });
  await maas(0, ["verify"], (line) => {
    if (line.startsWith("Waiting")) simulator.reportRacks({ rack1: { services: { dhcpd6: "running" } } });
  });
  say("A second plan is empty");
  await maas(0, ["plan"]);
  say("Behind everybody's back, somebody removes the IPv6 gateway and switches DHCP off. A plan shows it");
  await meddle(stage);
  await maas(CHANGES, ["plan"]);
  say("Apply again: it is repaired");
  await maas(0, ["apply", "--yes"]);
  await maas(0, ["plan"]);
  say("The network, as the region has it");
  await showTree(stage);
  say("Clean up: rack1's host gives its addresses up, and only what the example made is removed");
  simulator.reportRacks({ rack1: { addresses: { eth1: [] } } });
  await maas(0, ["destroy", "--yes"]);
  await showTree(stage);
}
