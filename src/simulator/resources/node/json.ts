import { API_PATH, type Json, type View } from "../../model/view";
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
  4: "Ready",
  6: "Deployed",
  10: "Allocated",
  8: "Broken",
};

const ZONE = { name: "default", description: "", id: 1, resource_uri: `${API_PATH}zones/default/` };

/** What the API shows of a node of any kind beside its columns. */
export const nodeMembers = (node: NodeRow, view: View): Json => ({
  ...commonMembers(node, view),
  ...(node.node_type === NodeType.MACHINE ? machineMembers(node, view) : controllerMembers(node, view)),
});

function commonMembers(node: NodeRow, view: View): Json {
  const { domains, interfaces } = view.region.store;
  const domain = domains.need(node.domain);
  // Within a node the domain comes without its own address: the contract recordings tell its id apart by that.
  const { resource_uri: _uri, ...nestedDomain } = view.show(domains, domain);
  return {
    ...UNTESTED,
    domain: nestedDomain,
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
    fqdn: `${node.hostname}.${domain.name}`,
    tag_names: [],
    hardware_info: Object.fromEntries(HARDWARE_FACTS.map((fact) => [fact, "Unknown"])),
    hardware_uuid: null,
    zone: ZONE,
    swap_size: null,
    interface_set: interfaces.by("node", node.id).map((nic) => view.show(interfaces, nic)),
  };
}

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
  const { store } = view.region;
  const gateway = (id: number | null) => {
    const link = store.ip_addresses.get(id);
    return { gateway_ip: store.subnets.get(link?.subnet)?.gateway_ip ?? null, link_id: link?.id ?? null };
  };
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
    pool: { name: "default", description: "Default pool", id: 0, resource_uri: `${API_PATH}resourcepool/0/` },
    locked: false,
    owner: null,
    owner_data: {},
    workload_annotations: {},
    virtualmachine_id: null,
    pod: null,
    parent: null,
    storage: 0,
    boot_disk: null,
    boot_interface: view.showId(store.interfaces, node.boot_interface),
    netboot: true,
    disable_ipv4: false,
    address_ttl: null,
    numanode_set: [{ index: 0, memory: 0, cores: [], hugepages_set: [] }],
    default_gateways: { ipv4: gateway(node.gateway_link_ipv4), ipv6: gateway(node.gateway_link_ipv6) },
    ...(view.region.version.features.newerSettings ? { error_description: "", enable_kernel_crash_dump: false } : {}),
  };
}
