import { IpAddress } from "../../../lib/model/address";
import { crash } from "../errors";
import { bestSubnetFor } from "../models/subnet";
import { asText, type Params } from "../params";
import type { Region } from "../region";
import type { RangeRow, SubnetRow, UserRow } from "../store/rows";
import { readAddress } from "../text/addresses";
import { free } from "../utilization";
import { choice, type FormField, ipAddress, isEmpty, row, text } from "./fields";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const TYPES = ["dynamic", "reserved"];
const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

const idOf = (cleaned: unknown) => (cleaned as { id: number } | null)?.id ?? null;

const onBoth = (message: string) => new Invalid({ start_ip: [message], end_ip: [message] });

const isBetween = (ip: IpAddress, start: IpAddress, end: IpAddress) => start.compare(ip) <= 0 && ip.compare(end) <= 0;

/** A user by name, in place of an id. */
const userField = (region: Region): FormField => ({
  required: false,
  clean(value) {
    if (isEmpty(value)) return null;
    const user = region.store.users.by("username", asText(value))[0];
    if (user === undefined) {
      throw Invalid.whole("Select a valid choice. That choice is not one of the available choices.");
    }
    return user;
  },
});

/** Creating and editing IP ranges. */
export class IpRangeForm extends ModelForm<RangeRow> {
  protected override readonly fields = {
    subnet: row((id) => this.region.store.subnets.get(id), true),
    type: choice({ choices: TYPES, required: true }),
    start_ip: ipAddress(true),
    end_ip: ipAddress(true),
    user: userField(this.region),
    comment: text({ maxLength: 255, empty: null }),
  };
  protected override readonly columns: Record<string, Column<RangeRow>> = {
    subnet: { key: "subnetId", isRelation: true, store: idOf },
    type: { key: "type" },
    start_ip: { key: "startIp" },
    end_ip: { key: "endIp" },
    user: { key: "userId", blank: true, hasDefault: true, isRelation: true, store: idOf },
    comment: { key: "comment", blank: true, hasDefault: true },
  };

  constructor(region: Region, submitted: Params, instance?: RangeRow) {
    super(
      region,
      completed(region, submitted, instance),
      instance,
      { comment: "", userId: null },
      {
        subnet: instance?.subnetId,
        type: instance?.type,
        start_ip: instance?.startIp,
        end_ip: instance?.endIp,
        user: region.store.users.get(instance?.userId)?.username,
        comment: instance?.comment,
      },
    );
  }

  private get subnet(): SubnetRow | undefined {
    return this.region.store.subnets.get(this.draft.subnetId);
  }

  /** From 3.6: a dynamic range holds no reserved IP. Here MAAS trips over what is missing or reversed. */
  protected override cleanForm(): void {
    if (!this.region.version.features.reservedIps || this.cleaned.get("type") !== "dynamic") return;
    for (const name of ["subnet", "start_ip", "end_ip"]) if (!this.cleaned.has(name)) throw crash(`'${name}'`);
    const start = readAddress(this.cleaned.get("start_ip") as string);
    const end = readAddress(this.cleaned.get("end_ip") as string);
    if (start === undefined || end?.family !== start.family) {
      throw crash(`base address '${this.cleaned.get("end_ip") as string}' is not IPv${start?.family ?? 4}`);
    }
    if (end.compare(start) < 0) throw crash("lower bound IP greater than upper bound!");
    const subnet = this.cleaned.get("subnet") as SubnetRow;
    const reserved = this.region.store.reservedIps.by("subnet", subnet.id).map(({ ip }) => readAddress(ip));
    if (reserved.some((ip) => ip !== undefined && isBetween(ip, start, end))) {
      throw Invalid.whole("The dynamic IP range cannot include reserved IPs.");
    }
  }

  protected override cleanModel(): void {
    const start = readAddress(this.draft.startIp ?? "");
    const end = readAddress(this.draft.endIp ?? "");
    if (start === undefined || end === undefined) {
      throw onBoth("Start IP address and end IP address are both required.");
    }
    if (start.family !== end.family) {
      throw onBoth("Start IP address and end IP address must be in the same address family.");
    }
    if (end.compare(start) < 0) {
      throw Invalid.field("end_ip", "End IP address must not be less than Start IP address.");
    }
    if (this.subnet !== undefined) checkWithin(this.subnet, start, end);
    const size = end.value - start.value + 1n;
    if (start.family === 6 && this.draft.type === "dynamic" && size < SMALLEST_IPV6_DYNAMIC_RANGE) {
      throw onBoth("IPv6 dynamic range must be at least 256 addresses in size.");
    }
    this.checkOverlap(start, end);
  }

  private checkOverlap(start: IpAddress, end: IpAddress): void {
    const { subnet, instance } = this;
    const { type } = this.draft;
    if (subnet === undefined || type === undefined || !TYPES.includes(type)) return;
    if (instance !== undefined && !this.isOverlapAsked(instance)) return;
    const { store, version } = this.region;
    const unused = free(store, version.features, subnet, { range: type, except: instance });
    if (unused.ranges.length === 0) throw onBoth(`There is no room for any ${type} ranges on this subnet.`);
    if (unused.covers(start, end)) return;
    throw onBoth(
      `Requested ${type} range conflicts with an existing ${type === "reserved" ? "range" : "IP address or range"}.`,
    );
  }

  private isOverlapAsked(live: RangeRow): boolean {
    if (this.region.version.features.overlapOnEveryPut) return true;
    return live.type !== this.draft.type || live.startIp !== this.draft.startIp || live.endIp !== this.draft.endIp;
  }

  protected override write(): RangeRow {
    const { ranges } = this.region.store;
    const start = IpAddress.parse(this.draft.startIp ?? "");
    const values = { ...this.draft, start, end: IpAddress.parse(this.draft.endIp ?? "") } as Omit<RangeRow, "id">;
    if (this.instance === undefined) return ranges.insert(values);
    ranges.update(this.instance, values);
    return this.instance;
  }
}

/** A new range belongs to its caller, and to the subnet that suits its start when none is given. */
function completed(region: Region, submitted: Params, instance: RangeRow | undefined): Params {
  const data = submitted.copy();
  if (instance === undefined) {
    const start = data.text("start_ip");
    if (data.get("subnet") === undefined && start !== undefined) {
      if (readAddress(start) === undefined) throw crash(`failed to detect a valid IP address from '${start}'`);
      const subnet = bestSubnetFor(region.store, start);
      if (subnet !== undefined) data.set("subnet", subnet.id);
    }
    data.set("user", region.user.username);
  } else if (!data.has("user")) {
    const owner: UserRow | undefined = region.store.users.get(instance.userId);
    if (owner !== undefined) data.set("user", owner.username);
  }
  return data;
}

function checkWithin({ network, cidr }: SubnetRow, start: IpAddress, end: IpAddress): void {
  const isStartIn = network.contains(start);
  const isEndIn = network.contains(end);
  if (!isStartIn && !isEndIn) throw onBoth(`IP addresses must be within subnet: ${cidr}.`);
  if (!isStartIn) throw Invalid.field("start_ip", `Start IP address must be within subnet: ${cidr}.`);
  if (!isEndIn) throw Invalid.field("end_ip", `End IP address must be within subnet: ${cidr}.`);
  if (network.first.equals(start)) {
    throw Invalid.field("start_ip", "Reserved network address cannot be included in IP range.");
  }
  const hasBroadcast = network.family === 4 && network.prefixLength < 31;
  if (hasBroadcast && network.last.equals(end)) {
    throw Invalid.field("end_ip", "Broadcast address cannot be included in IP range.");
  }
}
