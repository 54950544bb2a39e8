import { type ApiRequest, deleted, flag, type Handlers, listed, mandatory, shown } from "../../api/handler";
import { badRequest, crash, forbidden, invalidFields, onInvalid } from "../../model/errors";
import { ipAddress, normaliseMac } from "../../model/fields";
import { PlainForm } from "../../model/form";
import { find, match } from "../../model/specifier";
import { readAddress, showAddress } from "../../text/addresses";
import type { DomainRow } from "../dns/domain";
import { defaultDomainId } from "../dns/names";
import type { InterfaceRow } from "../interface/interface";
import { linkSubnet, unlink } from "../interface/links";
import { deleteInterface, onlyHasLinkUp } from "../interface/rows";
import { interfaceLabel } from "../names";
import { bestSubnetFor, dynamicRangeOf } from "../subnet/lookup";
import type { SubnetRow } from "../subnet/subnet";
import { AllocType, deleteAddress } from "./addresses";
import { allocate } from "./allocation";
import type { IpAddressRow } from "./ip-address";

/** The calls of `ipaddresses/`: single addresses that users reserve. */
export const ipAddressCalls: Handlers = {
  GET: (request) => listed(request, request.region.store.ip_addresses, asked(request)),
  "POST reserve": (request) => shown(request, request.region.store.ip_addresses, reserve(request)),
  "POST release"(request) {
    release(request);
    return deleted;
  },
};

function asked({ region, query }: ApiRequest): IpAddressRow[] {
  const { store, user } = region;
  const all = flag(query, "all", false);
  const ip = query.text("ip");
  const owner = query.text("owner");
  const address = ip === undefined ? undefined : readAddress(ip);
  if (ip !== undefined && address === undefined) throw badRequest("Parameter 'ip' must contain an IP address.");
  if (all && !user.is_superuser) throw forbidden("Listing all IP addresses requires admin privileges.");
  if (owner !== undefined && !user.is_superuser) {
    throw forbidden("Listing another user's IP addresses requires admin privileges.");
  }
  const ownerId = owner === undefined ? user.id : store.users.by("username", owner)[0]?.id;
  const isOwnerAsked = !all || owner !== undefined;
  return store.ip_addresses
    .all()
    .filter((row) => row.ip !== null && (!isOwnerAsked || row.user === ownerId))
    .filter((row) => all || row.alloc_type === AllocType.USER_RESERVED)
    .filter((row) => address === undefined || row.ip === showAddress(address))
    .sort((a, b) => a.id - b.id);
}

function reserve(request: ApiRequest): IpAddressRow {
  const { region, data } = request;
  const ip = data.text("ip") ?? data.text("ip_address");
  checkIp(request, ip);
  const subnet = subnetFor(request, ip, data.text("subnet"));
  const address = ip === undefined ? undefined : readAddress(ip);
  if (address !== undefined && dynamicRangeOf(region.store, subnet, address) !== undefined) {
    throw forbidden(
      `IP address ${ip} belongs to an existing dynamic range. To reserve this IP address, a MAC address is required. (Create a device instead.)`,
    );
  }
  const { hostname, domain } = splitHostname(request, data.text("hostname"));
  const mac = data.text("mac");
  const options = { alloc_type: AllocType.USER_RESERVED, user: region.user.id, ip };
  const row =
    mac === undefined
      ? allocate(region, { subnet, ...options })
      : linkSubnet(region, unknownInterface(request, mac), "static", subnet, options);
  if (hostname) addToName(request, hostname, domain, row);
  return row;
}

function checkIp({ region, data }: ApiRequest, ip: string | undefined): void {
  const form = new PlainForm(region, data, {
    ip_address: { ...ipAddress(), clean: () => ipAddress().clean(ip, region) },
  });
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
  if (match(store, store.subnets, specifier.trim()).length === 0) {
    throw badRequest(`Unable to identify subnet: ${specifier}.`);
  }
  return find(store, store.subnets, specifier);
}

function splitHostname(
  { region: { store } }: ApiRequest,
  given: string | undefined,
): { hostname: string; domain: DomainRow } {
  const hostname = given ?? "";
  const dot = hostname.indexOf(".");
  if (dot <= 0) return { hostname, domain: store.domains.need(defaultDomainId(store)) };
  return { hostname: hostname.slice(0, dot), domain: find(store, store.domains, `name:${hostname.slice(dot + 1)}`) };
}

/** The interface of a MAC that belongs to no node; made when the MAC is new. */
function unknownInterface({ region: { store } }: ApiRequest, given: string): InterfaceRow {
  const [known, another] = store.interfaces.by("mac_address", given);
  if (another !== undefined) throw crash("get() returned more than one Interface");
  if (known !== undefined && known.type !== "unknown") {
    const hostname = store.nodes.get(known.node)?.hostname ?? interfaceLabel(store, known);
    throw badRequest(
      `MAC address ${given} already belongs to ${hostname}. Use of the interface API is required, for an interface that belongs to a node.`,
    );
  }
  if (known !== undefined) return known;
  onInvalid(
    () => normaliseMac(given),
    ({ messages }) => {
      throw invalidFields({ mac_address: messages });
    },
  );
  return store.interfaces.insert({ node: null, name: "eth0", type: "unknown", mac_address: given });
}

function addToName({ region: { store } }: ApiRequest, name: string, domain: DomainRow, address: IpAddressRow): void {
  const known = store.dns_resources.by("domain", domain.id).find((resource) => resource.name === name);
  const resource = known ?? store.dns_resources.insert({ name, domain: domain.id });
  store.dns_resources.update(resource, { ip_addresses: [...new Set([...resource.ip_addresses, address.id])] });
}

function release({ region, data }: ApiRequest): void {
  const { store, user } = region;
  const ip = mandatory(data, "ip");
  const force = flag(data, "force", false);
  const discovered = flag(data, "discovered", false);
  if (force && !user.is_superuser) throw forbidden("Force-releasing an IP address requires admin privileges.");
  new PlainForm(region, data, { address: ipAddress(), ip: ipAddress() }).refuseErrors();
  const address = readAddress(ip);
  const isMeant = (row: IpAddressRow) =>
    force
      ? (row.alloc_type === AllocType.DISCOVERED) === discovered
      : row.alloc_type === AllocType.USER_RESERVED && row.user === user.id;
  const row = address === undefined ? undefined : store.ip_addresses.by("ip", showAddress(address)).find(isMeant);
  if (row === undefined) throw badRequest(unreleasable(ip, force));
  const nic = store.interfaces.get(row.interface);
  if (nic === undefined) deleteAddress(store, row);
  else unlink(region, nic, row);
  if (nic?.node === null && onlyHasLinkUp(store, nic)) deleteInterface(store, nic);
}

const unreleasable = (ip: string, force: boolean) =>
  force
    ? `IP address ${ip} does not exist.`
    : `IP address ${ip} does not exist, is not the correct type of address, or does not belong to the requesting user.\nIf you are sure you want to release this address, use force=true as a MAAS administrator.`;
