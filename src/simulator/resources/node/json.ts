import type { Store } from "../../model/store";
import type { Json, View } from "../../model/view";
import { interfacesOf } from "../interface/rows";
import { defaultGateway } from "./gateways";
import { NodeType, rackServices } from "./kinds";
import type { NodeRow } from "./node";

const TESTS = ["testing", "cpu_test", "memory_test", "storage_test", "network_test", "interface_test", "other_test"];

const UNTESTED: Json = {
  ...Object.fromEntries(TESTS.map((test) => [`${test}_status`, -1])),
  ...Object.fromEntries(TESTS.map((test) => [`${test}_status_name`, "Unknown"])),
};

const HARDWARE_FACTS = [
  ...["vendor", "product", "family", "version", "sku", "serial"].map((fact) => `system_${fact}`),
  "cpu_model",
  ...["vendor", "product", "serial", "version", "firmware_vendor", "firmware_date", "firmware_version"].map(
    (fact) => `mainboard_${fact}`,
  ),
  ...["vendor", "type", "serial", "version"].map((fact) => `chassis_${fact}`),
];

const STATUS_NAMES: Readonly<Record<number, string>> = {
  0: "New",
  1: "Commissioning",
  4: "Ready",
  6: "Deployed",
  8: "Broken",
  9: "Deploying",
  10: "Allocated",
  21: "Testing",
  22: "Failed testing",
};

/** What the API shows of a node of any kind beside its columns. */
export function nodeMembers(node: NodeRow, view: View): Json {
  const common = commonMembers(node, view);
  if (node.node_type === NodeType.DEVICE) return { ...common, ...deviceMembers(node, view) };
  const members = node.node_type === NodeType.MACHINE ? machineMembers(node, view) : controllerMembers(node, view);
  return { ...common, ...hardwareMembers(node), ...members };
}

function commonMembers(node: NodeRow, view: View): Json {
  const { domains, interfaces, tags, zones } = view.region.store;
  const domain = domains.need(node.domain);
  // Within a node the domain comes without its own address: the contract recordings tell its id apart by that.
  const { resource_uri: _uri, ...nestedDomain } = view.show(domains, domain);
  return {
    domain: nestedDomain,
    fqdn: `${node.hostname}.${domain.name}`,
    tag_names: node.tags.map((id) => tags.need(id).name),
    zone: view.showId(zones, node.zone),
    interface_set: interfacesOf(view.region.store, node).map((nic) => view.show(interfaces, nic)),
  };
}

const ownerOf = ({ owner }: NodeRow, { region: { store } }: View) => store.users.get(owner)?.username ?? null;

const parentOf = ({ parent }: NodeRow, { region: { store } }: View) => store.nodes.get(parent)?.system_id ?? null;

const deviceMembers = (node: NodeRow, view: View): Json => ({
  node_type_name: "Device",
  owner: ownerOf(node, view),
  owner_data: {},
  parent: parentOf(node, view),
  address_ttl: null,
  workload_annotations: {},
});

const hardwareMembers = (node: NodeRow): Json => ({
  ...UNTESTED,
  architecture: node.architecture,
  memory: 0,
  current_installation_result_id: null,
  current_testing_result_id: null,
  current_commissioning_result_id: node.commissioning_result,
  distro_series: "",
  status_action: null,
  power_type: "",
  power_state: "unknown",
  cpu_count: 0,
  cpu_speed: 0,
  osystem: "",
  hardware_info: Object.fromEntries(HARDWARE_FACTS.map((fact) => [fact, "Unknown"])),
  hardware_uuid: null,
  swap_size: null,
});

function controllerMembers(node: NodeRow, view: View): Json {
  const isRegion = node.node_type === NodeType.REGION_CONTROLLER;
  const services = rackServices(view.region.version);
  return {
    node_type_name: isRegion ? "Region controller" : "Rack controller",
    commissioning_status: 0,
    commissioning_status_name: "Pending",
    version: view.region.version.text,
    ...(isRegion ? {} : { service_set: services.map((name) => showService(name, node)) }),
  };
}

const showService = (name: string, node: NodeRow): Json => ({
  name,
  status: node.services[name] ?? "unknown",
  status_info: "",
});

const NO_STORAGE = Object.fromEntries(
  [
    "bcaches",
    "cache_sets",
    "special_filesystems",
    "blockdevice_set",
    "volume_groups",
    "raids",
    "virtualblockdevice_set",
    "physicalblockdevice_set",
  ].map((kind) => [kind, []]),
);

function machineMembers(node: NodeRow, view: View): Json {
  const {
    store,
    version: { features },
  } = view.region;
  return {
    ...NO_STORAGE,
    node_type_name: "Machine",
    status: node.status,
    status_name: STATUS_NAMES[node.status] ?? "New",
    status_message: null,
    commissioning_status: -1,
    commissioning_status_name: "Unknown",
    next_sync: null,
    last_sync: null,
    sync_interval: null,
    enable_hw_sync: false,
    min_hwe_kernel: null,
    hwe_kernel: null,
    bios_boot_method: null,
    ephemeral_deploy: false,
    pool: view.showId(store.resource_pools, node.pool),
    locked: false,
    owner: ownerOf(node, view),
    owner_data: {},
    workload_annotations: {},
    virtualmachine_id: null,
    pod: null,
    parent: parentOf(node, view),
    storage: 0,
    boot_disk: null,
    boot_interface: view.showId(store.interfaces, bootInterfaceOf(store, node)),
    netboot: true,
    disable_ipv4: false,
    address_ttl: null,
    numanode_set: [{ index: 0, memory: 0, cores: [], hugepages_set: [] }],
    default_gateways: { ipv4: defaultGateway(store, node, 4), ipv6: defaultGateway(store, node, 6) },
    ...(features.dpus ? { is_dpu: false } : {}),
    ...(features.newerSettings ? { error_description: "", enable_kernel_crash_dump: false } : {}),
  };
}

/** The interface that the machine booted from, else its oldest. */
const bootInterfaceOf = (store: Store, node: NodeRow): number | null =>
  node.boot_interface ?? interfacesOf(store, node)[0]?.id ?? null;
