import type { Attributes } from "../../../lib/model/known";
import { textAt } from "../../../lib/model/known";
import type { Owner } from "../../../lib/model/owner";
import { type Problem, warning } from "../../../lib/model/problem";
import { macAddress } from "../../../lib/model/spelling";
import { macsOf } from "../region/device-interfaces";
import type { Checked } from "./side-effects";

/** That an interface of a device is none of those which the same run gives the device, if it is none. */
export function unlistedInterface(nic: Attributes, device: Attributes): Problem<string>[] {
  const [macs, mac] = [macsOf(device), textAt(nic, "mac_address")];
  if (macs === undefined || mac === undefined || macs.includes(macAddress(mac))) return [];
  return [
    warning("MAAS-CON-07", "mac_address", {
      what: `${mac} is not among the network_interfaces of device ${textAt(device, "hostname") ?? ""}, which this run manages too`,
      why: "A device has exactly the interfaces that are named there, so that its next apply deletes this one.",
      fix: `Add { mac_address = "${mac}" } to network_interfaces of the maas_device.`,
    }),
  ];
}

/** The same of an interface that is planned: its device may be planned by its id or its hostname. */
export function unlisted({ kind, planned: run }: Checked, planned: Attributes, owner: Owner): Problem<string>[] {
  if (owner.kind !== "device" || kind.api.interfaceType === undefined) return [];
  const devices = [...run.of("device")].filter(
    ({ id, attributes }) => attributes !== undefined && [id, attributes.hostname, attributes.fqdn].includes(owner.key),
  );
  return devices.flatMap(({ attributes = {} }) => unlistedInterface(planned, attributes));
}
