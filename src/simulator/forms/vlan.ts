import { crash, type FieldMessages } from "../errors";
import { idOf, match } from "../models/lookup";
import { NEW_VLAN, removeEmptyFabrics } from "../models/fabric";
import { dynamicRanges } from "../models/subnet";
import { racksForVid } from "../models/vlan";
import { asText, type Params } from "../params";
import type { Region } from "../region";
import type { FabricRow, NodeRow, SpaceRow, VlanRow } from "../store/rows";
import { checkbox, checkLimits, type FormField, integer, isEmpty, row, rowOrSpecifier, text } from "./fields";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";
import { checkModelName } from "./named";

const POSTGRES_INTEGER = { min: -2147483648, max: 2147483647 };

const idOrNull = (cleaned: unknown) => (cleaned as { id: number } | null)?.id ?? null;

function checkInteger(value: unknown): unknown {
  if (typeof value === "number") checkLimits(value, POSTGRES_INTEGER.min, POSTGRES_INTEGER.max);
  return value;
}

/** Creating and editing VLANs, with MAAS's rules for DHCP and its racks. */
export class VlanForm extends ModelForm<VlanRow> {
  protected override readonly fields: Record<string, FormField> = {
    name: text({ maxLength: 256, empty: null }),
    description: text(),
    vid: integer({ required: true }),
    mtu: integer({ min: 552 }),
    dhcp_on: checkbox,
    primary_rack: this.rackField(),
    secondary_rack: this.rackField(),
    relay_vlan: row((id) => this.relayChoice(id)),
    space: rowOrSpecifier<SpaceRow>({
      find: (id) => this.region.store.spaces.get(id),
      idOf: (text) => idOf("space", text),
      match: (text) => match(this.region.store, "space", text),
    }),
    fabric: rowOrSpecifier<FabricRow>({
      find: (id) => this.region.store.fabrics.get(id),
      idOf: (text) => idOf("fabric", text),
      match: (text) => match(this.region.store, "fabric", text),
    }),
  };
  protected override readonly columns: Record<string, Column<VlanRow>> = {
    name: { key: "name", blank: true, check: checkModelName },
    description: { key: "description", blank: true },
    vid: { key: "vid", check: checkInteger },
    mtu: { key: "mtu", hasDefault: true, check: checkInteger },
    dhcp_on: { key: "dhcpOn", hasDefault: true },
    primary_rack: { key: "primaryRackId", blank: true, isRelation: true, store: idOrNull },
    secondary_rack: { key: "secondaryRackId", blank: true, isRelation: true, store: idOrNull },
    relay_vlan: { key: "relayVlanId", blank: true, isRelation: true, store: idOrNull },
    space: { key: "spaceId", blank: true, isRelation: true, store: idOrNull },
    fabric: { key: "fabricId", isRelation: true, store: idOrNull },
  };

  /** For a new VLAN `owner` is its fabric, else the VLAN itself. */
  constructor(
    region: Region,
    data: Params,
    private readonly owner: { readonly fabric: FabricRow } | { readonly vlan: VlanRow },
  ) {
    const live = "vlan" in owner ? owner.vlan : undefined;
    super(
      region,
      data,
      live,
      { ...NEW_VLAN },
      {
        name: live?.name,
        description: live?.description,
        vid: live?.vid,
        mtu: live?.mtu,
        dhcp_on: live?.dhcpOn,
        primary_rack: region.store.nodes.get(live?.primaryRackId)?.systemId,
        secondary_rack: region.store.nodes.get(live?.secondaryRackId)?.systemId,
        relay_vlan: live?.relayVlanId,
        space: live?.spaceId,
        fabric: live?.fabricId,
      },
    );
  }

  private get storedPrimary(): NodeRow | undefined {
    return this.region.store.nodes.get(this.instance?.primaryRackId);
  }

  private get storedSecondary(): NodeRow | undefined {
    return this.region.store.nodes.get(this.instance?.secondaryRackId);
  }

  private rackField(): FormField {
    return {
      required: false,
      clean: (value) => {
        if (isEmpty(value)) return null;
        const name = asText(value);
        const racks = this.instance === undefined ? [] : racksForVid(this.region.store, this.instance.vid);
        const rack = racks.find((node) => node.systemId === name || node.hostname === name);
        if (rack !== undefined) return rack;
        throw Invalid.whole(`Select a valid choice. ${name} is not one of the available choices.`);
      },
    };
  }

  /** VLANs that are not relayed themselves; none but the stored one while the stored VLAN has DHCP on. */
  private relayChoice(id: number): VlanRow | undefined {
    const vlan = this.region.store.vlans.get(id);
    if (vlan === undefined) return undefined;
    if (this.instance?.dhcpOn === true) return this.instance.relayVlanId === id ? vlan : undefined;
    return vlan.relayVlanId === null && vlan !== this.instance ? vlan : undefined;
  }

  protected override cleanField(name: string, value: unknown): unknown {
    if (name !== "dhcp_on" || value !== true) return value;
    const { store, version } = this.region;
    if (this.instance === undefined && version.features.unsavedRelationCrashes) {
      throw crash("'VLAN' instance needs to have a primary key value before this relationship can be used.");
    }
    const subnets = this.instance === undefined ? [] : store.subnets.by("vlan", this.instance.id);
    if (subnets.some((subnet) => dynamicRanges(store, subnet).length > 0)) return value;
    throw Invalid.whole("dhcp can only be turned on when a dynamic IP range is defined.");
  }

  protected override cleanForm(): void {
    const primary = () => (this.cleaned.get("primary_rack") ?? undefined) as NodeRow | undefined;
    const secondary = () => (this.cleaned.get("secondary_rack") ?? undefined) as NodeRow | undefined;
    if (primary() === undefined && this.storedSecondary !== undefined) {
      this.cleaned.set("primary_rack", this.storedSecondary);
      this.cleaned.set("secondary_rack", null);
    }
    if (primary() !== undefined && primary() === this.storedSecondary) this.cleaned.set("secondary_rack", null);
    const chosen = secondary();
    if (chosen !== undefined && chosen === this.storedPrimary) {
      throw Invalid.whole(`${chosen.systemId} is already set as the primary rack controller`);
    }
    if (chosen !== undefined && chosen === primary()) {
      throw Invalid.whole("The primary and secondary rack must be different");
    }
    const isNewSecondary = chosen !== undefined && chosen !== this.storedSecondary;
    if (isNewSecondary && primary() === this.storedPrimary && primary()?.services.rackd === "dead") {
      throw Invalid.whole(
        "The primary rack controller must be up and running to set a secondary rack controller. Without the primary the secondary DHCP service will not be able to synchronize, preventing it from responding to DHCP requests.",
      );
    }
    if (this.cleaned.get("dhcp_on") === true && primary() === undefined && this.storedPrimary === undefined) {
      throw Invalid.whole("dhcp can only be turned on when a primary rack controller is set.");
    }
    if (primary() === undefined) this.draft.primaryRackId = null;
    if (secondary() === undefined) this.draft.secondaryRackId = null;
  }

  protected override cleanModel(): void {
    const { vid, mtu } = this.draft;
    if (vid === undefined || vid < 0 || vid > 4094) {
      throw Invalid.field("vid", "VID must be between 0 and 4094.");
    }
    if (mtu === undefined || mtu < 552 || mtu > 65535) {
      throw Invalid.field("mtu", "MTU must be between 552 and 65535.");
    }
  }

  protected override uniquenessMessages(except: ReadonlySet<string>): FieldMessages {
    const { vid, fabricId } = this.draft;
    if (vid === undefined || fabricId === undefined || except.has("vid") || except.has("fabric")) return {};
    const others = this.region.store.vlans.by("fabric", fabricId).filter((vlan) => vlan.id !== this.draft.id);
    if (!others.some((vlan) => vlan.vid === vid)) return {};
    return { __all__: ["A VLAN with the specified VID already exists in the destination fabric."] };
  }

  protected override cleanOnSave(): void {
    if ("fabric" in this.owner) this.draft.fabricId = this.owner.fabric.id;
    this.clearEmptied();
    if (this.draft.dhcpOn === true) this.draft.relayVlanId = null;
    super.cleanOnSave();
  }

  /** An empty parameter clears these; MAAS's forms drop empty values otherwise. */
  private clearEmptied(): void {
    const isCleared = (name: string) => this.data.has(name) && isEmpty(this.cleaned.get(name));
    if (isCleared("space")) this.draft.spaceId = null;
    if (isCleared("relay_vlan")) this.draft.relayVlanId = null;
    if (isCleared("name") && this.region.version.features.vlanNameClearable) this.draft.name = null;
  }

  protected override write(): VlanRow {
    const { store } = this.region;
    const vlan = this.instance ?? store.vlans.insert(this.draft as Omit<VlanRow, "id">);
    store.vlans.update(vlan, this.draft);
    removeEmptyFabrics(store);
    return vlan;
  }
}
