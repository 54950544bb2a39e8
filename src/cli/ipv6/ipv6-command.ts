import { Command } from "commander";
import { ipv6PlanCommand } from "./plan-command";
import { ipv6ProbeCommand } from "./probe-command";
import { ipv6WriteCommand } from "./write-command";

/** `cdktf-maas ipv6`: from IPv4 only to dual stack. */
export function ipv6Command(): Command {
  return new Command("ipv6")
    .description("Bring IPv6 to a region: plan it, write it as code, and prove it on the wire")
    .addHelpText("after", "\nExample:\n  $ cdktf-maas ipv6 plan --prefix 2001:db8::/48")
    .addCommand(ipv6PlanCommand())
    .addCommand(ipv6WriteCommand())
    .addCommand(ipv6ProbeCommand());
}
