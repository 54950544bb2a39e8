import { badRequest, crash, forbidden, invalidFields } from "../errors";
import { ipAddress } from "../forms/fields";
import { Invalid } from "../forms/invalid";
import { NEW_INTERFACE } from "../forms/interface";
import { normaliseMac } from "../forms/mac-address";
import { PlainForm } from "../forms/plain-form";
import { allocate } from "../models/allocation";
import { defaultDomainId } from "../models/domain";
import { deleteInterface, linkSubnet, onlyHasLinkUp, unlink } from "../models/interface";
import { interfaceLabel } from "../models/interface-label";
import { deleteAddress } from "../models/ip-address";
import { find, match } from "../models/lookup";
import { bestSubnetFor, dynamicRangeOf } from "../models/subnet";
import type { Params } from "../params";
import { AllocType, type DomainRow, type InterfaceRow, type IpAddressRow, type SubnetRow } from "../store/rows";
import { readAddress, showAddress } from "../text/addresses";
import { showIpAddress } from "../view/dns";
import { flag, mandatory } from "./parameters";
import { type ApiRequest, deleted, type Handlers, json, viewOf } from "./request";

export const ipAddresses: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(listed(request).map((address) => showIpAddress(view, address)));
  },
  "POST reserve": (request) => json(showIpAddress(viewOf(request), reserve(request))),
  "POST release"(request) {
    release(request);
    return deleted;
  },
};

function listed({ region, query }: ApiRequest): IpAddressRow[] {
  const { store, user } = region;
  const all = flag(query, "all", false);
  const ip = query.text("ip");
  const owner = query.text("owner");
  const address = ip === undefined ? undefined : readAddress(ip);
  if (ip !== undefined && address === undefined) throw badRequest("Parameter 'ip' must contain an IP address.");
  if (all && !user.isSuperuser) throw forbidden("Listing all IP addresses requires admin privileges.");
  if (owner !== undefined && !user.isSuperuser) {
    throw forbidden("Listing another user's IP addresses requires admin privileges.");
  }
  const ownerId = owner === undefined ? user.id : store.users.by("username", owner)[0]?.id;
  const isOwnerAsked = !all || owner !== undefined;
  return store.addresses
    .all()
    .filter((row) => row.ip !== null && (!isOwnerAsked || row.userId === ownerId))
    .filter((row) => all || row.allocType === AllocType.USER_RESERVED)
    .filter((row) => address === undefined || row.ip === showAddress(address))
    .sort((a, b) => a.id - b.id);
}

function reserve(request: ApiRequest): IpAddressRow {
  const { region, data } = request;
  const ip = data.text("ip") ?? data.text("ip_address");
  checkIp(data, ip);
  const subnet = subnetFor(request, ip, data.text("subnet"));
  const address = ip === undefined ? undefined : readAddress(ip);
  if (address !== undefined && dynamicRangeOf(region.store, subnet, address) !== undefined) {
    throw forbidden(
      `IP address ${ip} belongs to an existing dynamic range. To reserve this IP address, a MAC address is required. (Create a device instead.)`,
    );
  }
  const { hostname, domain } = splitHostname(request, data.text("hostname"));
  const mac = data.text("mac");
  const options = { allocType: AllocType.USER_RESERVED, userId: region.user.id, ip };
  const row =
    mac === undefined
      ? allocate(region, { subnet, ...options })
      : linkSubnet(region, unknownInterface(request, mac), "static", subnet, options);
  if (hostname) addToName(request, hostname, domain, row);
  return row;
}

function checkIp(data: Params, ip: string | undefined): void {
  const form = new PlainForm(data, { ip_address: { ...ipAddress(), clean: () => ipAddress().clean(ip) } });
  form.refuseErrors();
}

function subnetFor(
  { region: { store } }: ApiRequest,
  ip: string | undefined,
  specifier: string | undefined,
): SubnetRow {
  if (ip !== undefined) {
    if (readAddress(ip) === undefined) throw crash(`failed to detect a valid IP address from '${ip}'`);
    const subnet = bestSubnetFor(store, ip);
    if (subnet === undefined) throw badRequest(`No known subnet for IP address: ${ip}.`);
    return subnet;
  }
  if (specifier === undefined) throw badRequest("Must supply either the 'subnet' or the 'ip' parameter.");
  if (match(store, "subnet", specifier.trim()).length === 0) {
    throw badRequest(`Unable to identify subnet: ${specifier}.`);
  }
  return find(store, "subnet", specifier);
}

function splitHostname(
  { region: { store } }: ApiRequest,
  given: string | undefined,
): { hostname: string; domain: DomainRow } {
  const hostname = given ?? "";
  const dot = hostname.indexOf(".");
  if (dot <= 0) return { hostname, domain: store.domains.need(defaultDomainId(store)) };
  return { hostname: hostname.slice(0, dot), domain: find(store, "domain", `name:${hostname.slice(dot + 1)}`) };
}

/** The interface of a MAC that belongs to no node; made when the MAC is new. */
function unknownInterface({ region: { store } }: ApiRequest, given: string): InterfaceRow {
  const [known, another] = store.interfaces.by("mac", given);
  if (another !== undefined) throw crash("get() returned more than one Interface");
  if (known !== undefined && known.type !== "unknown") {
    const hostname = store.nodes.get(known.nodeId)?.hostname ?? interfaceLabel(store, known);
    throw badRequest(
      `MAC address ${given} already belongs to ${hostname}. Use of the interface API is required, for an interface that belongs to a node.`,
    );
  }
  if (known !== undefined) return known;
  try {
    normaliseMac(given);
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw invalidFields({ mac_address: error.messages });
  }
  const values = { ...NEW_INTERFACE, nodeId: null, name: "eth0", type: "unknown", macAddress: given };
  return store.interfaces.insert(values as Omit<InterfaceRow, "id">);
}

function addToName({ region: { store } }: ApiRequest, name: string, domain: DomainRow, address: IpAddressRow): void {
  const known = store.dnsResources.by("domain", domain.id).find((resource) => resource.name === name);
  const resource =
    known ?? store.dnsResources.insert({ name, domainId: domain.id, addressTtl: null, ipAddressIds: [] });
  store.dnsResources.update(resource, { ipAddressIds: [...new Set([...resource.ipAddressIds, address.id])] });
}

function release({ region, data }: ApiRequest): void {
  const { store, user } = region;
  const ip = mandatory(data, "ip");
  const force = flag(data, "force", false);
  const discovered = flag(data, "discovered", false);
  if (force && !user.isSuperuser) throw forbidden("Force-releasing an IP address requires admin privileges.");
  new PlainForm(data, { address: ipAddress(), ip: ipAddress() }).refuseErrors();
  const address = readAddress(ip);
  const isMeant = (row: IpAddressRow) =>
    force
      ? (row.allocType === AllocType.DISCOVERED) === discovered
      : row.allocType === AllocType.USER_RESERVED && row.userId === user.id;
  const row = address === undefined ? undefined : store.addresses.by("ip", showAddress(address)).find(isMeant);
  if (row === undefined) throw badRequest(unreleasable(ip, force));
  const nic = store.interfaces.get(row.interfaceId);
  if (nic === undefined) deleteAddress(store, row);
  else unlink(region, nic, row);
  if (nic?.nodeId === null && onlyHasLinkUp(store, nic)) deleteInterface(store, nic);
}

const unreleasable = (ip: string, force: boolean) =>
  force
    ? `IP address ${ip} does not exist.`
    : `IP address ${ip} does not exist, is not the correct type of address, or does not belong to the requesting user.\nIf you are sure you want to release this address, use force=true as a MAAS administrator.`;
