import type { FieldMessages } from "../errors";
import { idOf, match } from "../models/lookup";
import { bestSubnetFor, dynamicRangeOf } from "../models/subnet";
import type { Params } from "../params";
import type { Region } from "../region";
import type { ReservedIpRow, SubnetRow } from "../store/rows";
import { readAddress, showAddress } from "../text/addresses";
import { ipAddress, rowOrSpecifier, text } from "./fields";
import { Invalid } from "./invalid";
import { macAddress } from "./mac-address";
import { type Column, ModelForm } from "./model-form";

const BLANK = "This field cannot be blank.";

function normalised(value: unknown): unknown {
  const address = readAddress(String(value));
  return address === undefined ? value : showAddress(address);
}

/** Creating reserved IPs; of a stored one only the comment may change. */
export class ReservedIpForm extends ModelForm<ReservedIpRow> {
  protected override readonly fields = {
    ip: ipAddress(true),
    subnet: rowOrSpecifier<SubnetRow>({
      find: (id) => this.region.store.subnets.get(id),
      idOf: (text) => idOf("subnet", text),
      match: (text) => match(this.region.store, "subnet", text),
    }),
    mac_address: macAddress({ required: true, emptyText: true }),
    comment: text(),
  };
  protected override readonly columns: Record<string, Column<ReservedIpRow>> = {
    ip: { key: "ip", check: normalised },
    subnet: { key: "subnetId", isRelation: true, store: (cleaned) => (cleaned as SubnetRow).id },
    mac_address: {
      key: "macAddress",
      check(value) {
        if (!value) throw Invalid.whole(BLANK);
        return value;
      },
    },
    comment: { key: "comment", blank: true, hasDefault: true },
  };

  private isRefusedAsImmutable = false;

  constructor(region: Region, data: Params, instance?: ReservedIpRow) {
    super(
      region,
      data,
      instance,
      { comment: "" },
      {
        ip: instance?.ip,
        subnet: instance?.subnetId,
        mac_address: instance?.macAddress,
        comment: instance?.comment,
      },
    );
  }

  protected override cleanField(name: string, value: unknown): unknown {
    if (name === "ip") return this.cleanIp();
    if (name === "subnet") return this.cleanSubnet(value as SubnetRow | null);
    return value;
  }

  /** MAAS goes on with the text as it was sent. */
  private cleanIp(): string {
    const given = this.data.text("ip") ?? "";
    const mac = this.data.text("mac_address");
    const { store } = this.region;
    const [address] = store.addresses.by("ip", given);
    if (address !== undefined && store.interfaces.get(address.interfaceId)?.macAddress !== mac) {
      this.addError("ip", `The ip ${given} is already in use by another machine.`);
    }
    return given;
  }

  private cleanSubnet(given: SubnetRow | null): SubnetRow | null {
    const ip = this.cleaned.get("ip") as string | undefined;
    if (ip === undefined) return null;
    const subnet = given ?? bestSubnetFor(this.region.store, ip);
    if (subnet === undefined) {
      throw Invalid.whole(`There is no subnet for ${ip}. Create the subnet and try again.`);
    }
    const address = readAddress(ip);
    if (address === undefined) return subnet;
    if (!subnet.network.contains(address)) this.addError("ip", `${ip} is not part of the subnet.`);
    if (subnet.network.first.equals(address)) this.addError("ip", "The network address cannot be a reserved IP.");
    if (subnet.network.last.equals(address)) this.addError("ip", "The broadcast address cannot be a reserved IP.");
    return subnet;
  }

  protected override cleanForm(): void {
    const live = this.instance;
    if (live !== undefined) {
      const isSame = this.data.get("ip") === live.ip && this.data.get("mac_address") === live.macAddress;
      if (!isSame || this.data.get("subnet") !== live.subnetId) {
        this.isRefusedAsImmutable = true;
        throw Invalid.whole(
          "The ip, mac_address and the subnet of a reserved IP are immutable. Delete the entry and recreate it.",
        );
      }
    }
    const subnet = (this.cleaned.get("subnet") ?? undefined) as SubnetRow | undefined;
    const ip = this.cleaned.get("ip") as string | undefined;
    const address = ip === undefined ? undefined : readAddress(ip);
    if (subnet === undefined || address === undefined) return;
    const range = dynamicRangeOf(this.region.store, subnet, address);
    if (range === undefined) return;
    this.addError("ip", `The reserved IP ${ip} must be outside the dynamic range ${range.startIp} - ${range.endIp}.`);
  }

  /** MAAS's newer Django looks at this pair with the model's own checks, before uniqueness. */
  protected override cleanModel(): void {
    const { macAddress: mac, subnetId, id } = this.draft;
    if (mac === undefined || subnetId === undefined || this.hasError("mac_address") || this.hasError("subnet")) return;
    const sameMac = this.region.store.reservedIps.by("mac", mac).filter((row) => row.id !== id);
    if (!sameMac.some((row) => row.subnetId === subnetId)) return;
    throw Invalid.whole("Reserved IP with this MAC address and Subnet already exists.");
  }

  protected override uniquenessMessages(except: ReadonlySet<string>): FieldMessages {
    const { ip, id } = this.draft;
    if (ip === undefined || except.has("ip") || this.isRefusedAsImmutable) return {};
    const others = this.region.store.reservedIps.by("ip", ip).filter((row) => row.id !== id);
    return others.length === 0 ? {} : { ip: ["Reserved IP with this IP address already exists."] };
  }

  protected override write(): ReservedIpRow {
    const { reservedIps } = this.region.store;
    const values = this.draft as Omit<ReservedIpRow, "id">;
    if (this.instance === undefined) return reservedIps.insert(values);
    reservedIps.update(this.instance, values);
    return this.instance;
  }
}
