import { checkMovedSubnet } from "../checks/side-effects";
import { checkBeside } from "../checks/neighbours";
import { afterSubnet } from "../ops/dhcp-pause";
import type { Strategy } from "./strategy";

/** Subnets: a move to another VLAN takes more along than MAAS says. */
export const subnet: Strategy = {
  afterwards: afterSubnet,
  check: async (checked, planned) => {
    const { region, prior, moment } = checked;
    const moved = moment === "plan" ? await checkMovedSubnet(region, prior, planned) : [];
    return [...moved, ...(await checkBeside("subnet", checked))];
  },
};
