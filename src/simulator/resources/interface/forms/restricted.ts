import { requireOwnMac } from "./physical";
import { checkSpeed, type InterfaceRules, requiredName, uniqueOnNode } from "./common";
import type { InterfaceRow } from "../interface";
import { saveInterface } from "../save";

/** The little that MAAS lets change on an interface of a controller. */
export const controllerRules: InterfaceRules = {
  only: ["vlan", "link_connected", "interface_speed", "link_speed"],
  cleanForm: checkSpeed,
  write({ draft, live, data, cleaned, region, table }) {
    const nic = live ?? table.insert(draft);
    saveInterface(region, nic, { ...draft, ...(data.has("vlan") && !cleaned.has("vlan") ? { vlan: null } : {}) });
    return nic;
  },
};

/** An interface of a deployed machine: a broken one may be replaced. */
export const deployedRules = ({ type }: InterfaceRow): InterfaceRules => ({
  only: ["mac_address", "name", "link_connected", "interface_speed", "link_speed"],
  fields: { name: requiredName },
  cleanForm: checkSpeed,
  ...(type === "physical" ? { cleanModel: requireOwnMac } : {}),
  unique: uniqueOnNode,
  isUniqueOnSaveOnly: true,
  write({ draft, live, region, table }) {
    const nic = live ?? table.insert(draft);
    saveInterface(region, nic, draft);
    return nic;
  },
});
