import { rackServices } from "../models/rack-services";
import { type DomainRow, type NodeRow, NodeType } from "../store/rows";
import { showDomain } from "./domain";
import { showInterface } from "./interface";
import { API_PATH, type Json, type View } from "./view";

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

/** A node of any kind, as `nodes/`, `machines/` and `rackcontrollers/` show it. */
export function showNode(view: View, node: NodeRow): Json {
  return node.nodeType === NodeType.MACHINE ? showMachine(view, node) : showController(view, node);
}

function showCommon(view: View, node: NodeRow): Json {
  const { store } = view.region;
  const domain = store.domains.need(node.domainId);
  const interfaces = store.interfaces.by("node", node.id);
  return {
    ...UNTESTED,
    domain: nestedDomain(view, domain),
    node_type: node.nodeType,
    memory: 0,
    current_installation_result_id: null,
    current_testing_result_id: null,
    current_commissioning_result_id: node.commissioningResultId,
    distro_series: "",
    status_action: null,
    power_type: "",
    power_state: "unknown",
    cpu_count: 0,
    cpu_speed: 0,
    osystem: "",
    fqdn: `${node.hostname}.${domain.name}`,
    hostname: node.hostname,
    tag_names: [],
    hardware_info: Object.fromEntries(HARDWARE_FACTS.map((fact) => [fact, "Unknown"])),
    hardware_uuid: null,
    system_id: node.systemId,
    architecture: node.architecture,
    description: node.description,
    zone: ZONE,
    swap_size: null,
    interface_set: interfaces.map((nic) => showInterface(view, nic)),
  };
}

/** Within a node the domain comes without its own address: the contract recordings tell its id apart by that. */
function nestedDomain(view: View, domain: DomainRow): Json {
  const { resource_uri: _uri, ...json } = showDomain(view, domain);
  return json;
}

function showController(view: View, node: NodeRow): Json {
  const isRegion = node.nodeType === NodeType.REGION_CONTROLLER;
  const services = rackServices(view.region.version);
  return {
    ...showCommon(view, node),
    node_type_name: isRegion ? "Region controller" : "Rack controller",
    commissioning_status: 0,
    commissioning_status_name: "Pending",
    version: view.region.version.text,
    ...(isRegion ? {} : { service_set: services.map((name) => showService(name, node)) }),
    resource_uri: `${API_PATH}${isRegion ? "region" : "rack"}controllers/${node.systemId}/`,
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

function showMachine(view: View, node: NodeRow): Json {
  const { store } = view.region;
  const boot = store.interfaces.get(node.bootInterfaceId);
  const gateway = (id: number | null) => {
    const link = store.addresses.get(id);
    return { gateway_ip: store.subnets.get(link?.subnetId)?.gatewayIp ?? null, link_id: link?.id ?? null };
  };
  return {
    ...showCommon(view, node),
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
    boot_interface: boot === undefined ? null : showInterface(view, boot),
    netboot: true,
    disable_ipv4: false,
    address_ttl: null,
    numanode_set: [{ index: 0, memory: 0, cores: [], hugepages_set: [] }],
    default_gateways: { ipv4: gateway(node.gatewayLinkIpv4Id), ipv6: gateway(node.gatewayLinkIpv6Id) },
    ...(view.region.version.features.newerSettings ? { error_description: "", enable_kernel_crash_dump: false } : {}),
    resource_uri: `${API_PATH}machines/${node.systemId}/`,
  };
}
