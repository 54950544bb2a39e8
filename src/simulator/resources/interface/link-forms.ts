import type { Params } from "../../api/params";
import { bySpecifier, checkbox, choice, ipAddress, isEmpty, REQUIRED } from "../../model/fields";
import { crash } from "../../model/errors";
import { PlainForm } from "../../model/form";
import type { Region } from "../../model/store";
import { readAddress } from "../../text/addresses";
import { AllocType, type LinkMode } from "../ip-address/addresses";
import type { IpAddressRow } from "../ip-address/ip-address";
import { subnetLabel } from "../names";
import { NodeType } from "../node/kinds";
import type { NodeRow } from "../node/node";
import { dynamicRangeOf } from "../subnet/lookup";
import type { SubnetRow } from "../subnet/subnet";
import type { InterfaceRow } from "./interface";
import { invalidChoice } from "./forms/common";
import { linkSubnet, unlink } from "./links";
import { childrenOf, clearLinks, linksOf } from "./rows";

const MODES: readonly LinkMode[] = ["auto", "dhcp", "static", "link_up"];

/** Links an interface to a subnet. @throws MaasError */
export function linkForm(region: Region, nic: InterfaceRow, node: NodeRow, data: Params, force: boolean): void {
  const { store } = region;
  const modes = node.node_type === NodeType.MACHINE ? MODES : MODES.filter((mode) => mode === "static");
  const isOffered = (subnet: SubnetRow) => nic.vlan === null || force || subnet.vlan === nic.vlan;
  const form = new PlainForm(region, data, {
    subnet: bySpecifier("subnets", { isOffered: (subnet) => isOffered(subnet as SubnetRow) }),
    ip_address: ipAddress(),
    default_gateway: checkbox,
    mode: choice({ choices: modes, required: true, ignoreCase: true, message: invalidChoice("mode", modes) }),
  });
  for (const child of childrenOf(store, nic)) {
    if (child.type !== "bond") continue;
    form.addError("bond", `Cannot link interface(${nic.name}) when interface is in a bond(${child.name}).`);
  }
  const mode = form.get<LinkMode>("mode");
  const subnet = form.get<SubnetRow>("subnet");
  const ip = form.get<string>("ip_address");
  const isGateway = form.get<boolean>("default_gateway") === true;
  if (mode !== undefined) {
    checkMode(region, form, nic, mode, subnet, ip, force);
    if (isGateway) checkGateway(region, form, mode, subnet);
  }
  form.refuseErrors();
  if (mode === undefined) return;
  if (mode === "link_up" || force) clearLinks(store, nic);
  const options = { ip: isEmpty(ip) ? undefined : ip, isVlanForced: force };
  const link = linkSubnet(region, nic, mode, subnet ?? null, options);
  if (isGateway && subnet !== undefined) setGateway(region, node, subnet, link);
}

function checkMode(
  region: Region,
  form: PlainForm,
  nic: InterfaceRow,
  mode: LinkMode,
  subnet: SubnetRow | undefined,
  ip: string | undefined,
  force: boolean,
): void {
  const { store } = region;
  const links = linksOf(store, nic);
  switch (mode) {
    case "auto":
      if (subnet === undefined) form.addError("subnet", REQUIRED);
      return;
    case "dhcp": {
      const dhcp = links.find((link) => link.alloc_type === AllocType.DHCP);
      if (dhcp === undefined) return;
      const linked = store.subnets.get(dhcp.subnet);
      form.addError(
        "mode",
        `Interface is already set to DHCP${linked === undefined ? "" : ` from '${subnetLabel(store, linked)}'`}.`,
      );
      return;
    }
    case "static":
      checkStatic(region, form, subnet, ip);
      return;
    case "link_up":
      if (!force && store.ip_addresses.by("interface", nic.id).some(isActive)) {
        form.addError(
          "mode",
          "Cannot configure interface to link up (with no IP address) while other links are already configured. Specify force=True to override this behavior and delete all links.",
        );
      }
  }
}

/** Any address but a `link_up` link, or a trace of one that was observed. */
const isActive = ({ alloc_type, ip }: IpAddressRow) =>
  ip !== null || (alloc_type !== AllocType.STICKY && alloc_type !== AllocType.DISCOVERED);

function checkStatic({ store }: Region, form: PlainForm, subnet: SubnetRow | undefined, ip: string | undefined): void {
  if (subnet === undefined) {
    form.addError("subnet", REQUIRED);
    return;
  }
  const address = ip === undefined ? undefined : readAddress(ip);
  if (address === undefined) return;
  if (!subnet.network.contains(address)) {
    form.addError("ip_address", `IP address is not in the given subnet '${subnetLabel(store, subnet)}'.`);
  }
  const range = dynamicRangeOf(store, subnet, address);
  if (range !== undefined) {
    form.addError("ip_address", `IP address is inside a dynamic range ${range.start_ip} to ${range.end_ip}.`);
  }
}

function checkGateway({ store }: Region, form: PlainForm, mode: LinkMode, subnet: SubnetRow | undefined): void {
  if (mode !== "auto" && mode !== "static") form.addError("default_gateway", `Cannot use in mode '${mode}'.`);
  else if (subnet === undefined) form.addError("default_gateway", "Subnet is required when default_gateway is True.");
  else if (!subnet.gateway_ip) {
    form.addError(
      "default_gateway",
      `Cannot set as default gateway because subnet ${subnetLabel(store, subnet)} doesn't provide a gateway IP address.`,
    );
  }
}

function setGateway({ store }: Region, node: NodeRow, subnet: SubnetRow, link: IpAddressRow): void {
  const field = subnet.network.family === 4 ? "gateway_link_ipv4" : "gateway_link_ipv6";
  if (store.ip_addresses.get(link.id) === undefined) {
    throw crash("save() prohibited to prevent data loss due to an unsaved related object");
  }
  store.nodes.update(node, { [field]: link.id });
}

/** Removes a link by its id. @throws MaasError */
export function unlinkForm(region: Region, nic: InterfaceRow, data: Params): void {
  const links = region.store.ip_addresses.by("interface", nic.id);
  const ids = links.map((link) => String(link.id));
  const form = new PlainForm(region, data, {
    id: choice({ choices: ids, required: true, message: invalidChoice("id", ids) }),
  });
  form.refuseErrors();
  const link = links.find((row) => String(row.id) === form.get<string>("id"));
  if (link !== undefined) unlink(region, nic, link);
}

/** Makes the interface's gateways the node's default ones: the given link's, or the only one of each family. */
export function setDefaultGatewayForm(region: Region, nic: InterfaceRow, node: NodeRow, data: Params): void {
  const { store } = region;
  const usable = linksOf(store, nic)
    .filter((link) => link.alloc_type !== AllocType.USER_RESERVED)
    .map((link) => ({ link, subnet: store.subnets.get(link.subnet) }))
    .filter((it): it is { link: IpAddressRow; subnet: SubnetRow } => Boolean(it.subnet?.gateway_ip));
  const ids = usable.map(({ link }) => String(link.id));
  const form = new PlainForm(region, data, {
    link_id: choice({ choices: ids, message: invalidChoice("link_id", ids) }),
  });
  const linkId = form.get<string>("link_id");
  if (usable.length === 0) form.addError("__all__", "This interface has no usable gateways.");
  else if (!linkId)
    checkOneGatewayPerFamily(
      form,
      usable.map(({ subnet }) => subnet),
    );
  form.refuseErrors();
  const chosen = linkId
    ? usable.filter(({ link }) => String(link.id) === linkId)
    : ([4, 6] as const).flatMap((family) => usable.find(({ subnet }) => subnet.network.family === family) ?? []);
  for (const { link, subnet } of chosen) setGateway(region, node, subnet, link);
}

function checkOneGatewayPerFamily(form: PlainForm, subnets: readonly SubnetRow[]): void {
  const gateways = [...new Set(subnets.map((subnet) => subnet.gateway_ip ?? ""))];
  const count = (family: number) => gateways.filter((gateway) => readAddress(gateway)?.family === family).length;
  const tooMany = [4, 6].filter((family) => count(family) > 1).map((family) => `IPv${family}`);
  if (tooMany.length === 0) return;
  form.addError(
    "link_id",
    `This field is required; Interface has more than one usable ${tooMany.join(" and ")} gateway${tooMany.length > 1 ? "s" : ""}.`,
  );
}
