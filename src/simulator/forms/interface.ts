import type { FieldMessages } from "../errors";
import { interfaceLabel } from "../models/interface-label";
import { ensureLinkUp, setInterfaceEnabled, setInterfaceVlan } from "../models/interface";
import type { Params } from "../params";
import type { Region } from "../region";
import { type InterfaceRow, type NodeRow, NodeType, type VlanRow } from "../store/rows";
import { checkbox, checkLimits, type FormField, integer, nullBoolean, row, text, textArray } from "./fields";
import { Invalid } from "./invalid";
import { macAddress } from "./mac-address";
import { type Column, type Draft, ModelForm } from "./model-form";

const NAME = /^[\p{L}\p{N}_\-.:]{1,15}$/u;
const NAME_RULE =
  "The interface name must be 1 to 15 characters long and can only contain alphanumeric characters, hyphens ('-'), underscores ('_'), periods ('.'), and colons (':').";

const idOrNull = (cleaned: unknown) => (cleaned as VlanRow | null)?.id ?? null;

function checkSpeed(value: unknown): unknown {
  if (typeof value === "number") checkLimits(value, 0, 2147483647);
  return value;
}

const SPEED_COLUMNS: Record<string, Column<InterfaceRow>> = {
  link_connected: { key: "linkConnected", hasDefault: true },
  interface_speed: { key: "interfaceSpeed", hasDefault: true, check: checkSpeed },
  link_speed: { key: "linkSpeed", hasDefault: true, check: checkSpeed },
};

const vlanColumn: Column<InterfaceRow> = { key: "vlanId", blank: true, isRelation: true, store: idOrNull };

/** What an interface is when nothing is said. */
export const NEW_INTERFACE: Draft<InterfaceRow> = {
  vlanId: null,
  macAddress: null,
  parentIds: [],
  tags: [],
  enabled: true,
  params: {},
  linkConnected: true,
  interfaceSpeed: 0,
  linkSpeed: 0,
  hostAddresses: [],
  hostGateways: [],
};

const commonInitial = (nic: InterfaceRow | undefined) => ({
  vlan: nic?.vlanId,
  link_connected: nic?.linkConnected,
  interface_speed: nic?.interfaceSpeed,
  link_speed: nic?.linkSpeed,
});

/** What every interface form shares. */
abstract class AnyInterfaceForm extends ModelForm<InterfaceRow> {
  protected vlanField(): FormField {
    return row((id) => this.region.store.vlans.get(id));
  }

  protected override cleanForm(): void {
    const isUnplugged = this.cleaned.get("link_connected") === false && this.instance?.linkConnected === false;
    const speed = this.cleaned.get("link_speed");
    if (isUnplugged && typeof speed === "number" && speed !== 0) {
      throw Invalid.whole("link_speed cannot be set when link_connected is false.");
    }
  }

  /** Writes what changed, and lets VLAN and enabling have their effects. */
  protected store(nic: InterfaceRow): InterfaceRow {
    const { vlanId, enabled, ...values } = this.draft as Omit<InterfaceRow, "id">;
    this.region.store.interfaces.update(nic, values);
    setInterfaceVlan(this.region.store, nic, this.isVlanCleared() ? null : vlanId);
    setInterfaceEnabled(this.region, nic, enabled);
    return nic;
  }

  private isVlanCleared(): boolean {
    return this.data.has("vlan") && !this.cleaned.has("vlan");
  }
}

/** The little that MAAS lets change on an interface of a controller. */
export class ControllerInterfaceForm extends AnyInterfaceForm {
  protected override readonly fields = {
    vlan: this.vlanField(),
    link_connected: checkbox,
    interface_speed: integer({ min: 0 }),
    link_speed: integer({ min: 0 }),
  };
  protected override readonly columns = { vlan: vlanColumn, ...SPEED_COLUMNS };

  constructor(
    region: Region,
    data: Params,
    private readonly nic: InterfaceRow,
  ) {
    super(region, data, nic, {}, commonInitial(nic));
  }

  protected override write(): InterfaceRow {
    return this.store(this.nic);
  }
}

/** Creating and editing a physical interface of a machine. */
export class PhysicalInterfaceForm extends AnyInterfaceForm {
  protected override readonly fields = {
    vlan: this.vlanField(),
    tags: textArray,
    link_connected: checkbox,
    interface_speed: integer({ min: 0 }),
    link_speed: integer({ min: 0 }),
    mac_address: macAddress({ required: true }),
    name: text({ maxLength: 255 }),
    enabled: nullBoolean,
    numa_node: integer({ min: 0 }),
    mtu: integer({ min: 0 }),
    accept_ra: nullBoolean,
  };
  protected override readonly columns: Record<string, Column<InterfaceRow>> = {
    vlan: vlanColumn,
    tags: { key: "tags", blank: true, hasDefault: true },
    ...SPEED_COLUMNS,
    mac_address: { key: "macAddress", blank: true },
    name: { key: "name", check: checkName },
    enabled: { key: "enabled", hasDefault: true },
  };

  constructor(
    region: Region,
    data: Params,
    private readonly node: NodeRow,
    instance?: InterfaceRow,
  ) {
    super(
      region,
      data,
      instance,
      { ...NEW_INTERFACE, nodeId: node.id, type: "physical" },
      {
        ...commonInitial(instance),
        tags: instance?.tags,
        mac_address: instance?.macAddress,
        name: instance?.name,
        enabled: instance?.enabled,
        numa_node: instance === undefined ? undefined : 0,
      },
    );
  }

  protected override cleanForm(): void {
    super.cleanForm();
    if (this.hasError("name")) return;
    const name = this.cleaned.get("name") as string | undefined;
    const siblings = this.region.store.interfaces.by("node", this.node.id).filter((nic) => nic !== this.instance);
    if (!name) {
      if (this.instance === undefined) this.cleaned.set("name", nextName(siblings));
    } else if (siblings.some((nic) => nic.name === name)) {
      const domain = this.region.store.domains.need(this.node.domainId).name;
      const node = `${this.node.systemId} (${this.node.hostname}.${domain})`;
      this.addError("name", `Node ${node} already has an interface named '${name}'.`);
    }
  }

  protected override cleanModel(): void {
    const mac = this.draft.macAddress;
    if (!mac) throw Invalid.field("mac_address", "This field cannot be blank.");
    const other = this.region.store.interfaces
      .by("mac", mac)
      .find((nic) => nic.type === "physical" && nic.id !== this.draft.id);
    if (other !== undefined) {
      throw Invalid.field(
        "mac_address",
        `This MAC address is already in use by ${interfaceLabel(this.region.store, other)}.`,
      );
    }
  }

  protected override uniquenessMessages(): FieldMessages {
    return {};
  }

  protected override write(): InterfaceRow {
    const { store } = this.region;
    this.draft.params = this.changedParams();
    if (this.instance !== undefined) return this.store(this.instance);
    const nic = store.interfaces.insert(this.draft as Omit<InterfaceRow, "id">);
    if (this.node.nodeType === NodeType.MACHINE && this.node.bootInterfaceId === null) {
      store.nodes.update(this.node, { bootInterfaceId: nic.id });
    }
    ensureLinkUp(this.region, nic);
    return nic;
  }

  /** Parameters are set when given, removed when given empty, else kept. */
  private changedParams(): Record<string, unknown> {
    const params = { ...this.draft.params };
    for (const [name, key] of [
      ["mtu", "mtu"],
      ["accept_ra", "accept-ra"],
    ] as const) {
      const value = this.cleaned.get(name);
      if (value !== undefined && value !== null) params[key] = value;
      else if (this.data.get(name) === "") delete params[key];
    }
    return params;
  }
}

function checkName(value: unknown): unknown {
  if (!NAME.test(String(value))) throw Invalid.whole(NAME_RULE);
  return value;
}

function nextName(siblings: readonly InterfaceRow[]): string {
  let number = 0;
  while (siblings.some((nic) => nic.name === `eth${number}`)) number++;
  return `eth${number}`;
}
