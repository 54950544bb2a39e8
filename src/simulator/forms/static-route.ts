import { crash, type FieldMessages } from "../errors";
import { idOf, match } from "../models/lookup";
import type { Params } from "../params";
import type { Region } from "../region";
import type { StaticRouteRow, SubnetRow } from "../store/rows";
import { readAddress } from "../text/addresses";
import { integer, ipAddress, rowOrSpecifier } from "./fields";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const idOfRow = (cleaned: unknown) => (cleaned as SubnetRow).id;

/** Creating and editing static routes. */
export class StaticRouteForm extends ModelForm<StaticRouteRow> {
  protected override readonly fields = {
    source: this.subnetField(),
    destination: this.subnetField(),
    gateway_ip: ipAddress(true),
    metric: integer({ min: 0, max: 2147483647 }),
  };
  protected override readonly columns: Record<string, Column<StaticRouteRow>> = {
    source: { key: "sourceId", isRelation: true, store: idOfRow },
    destination: { key: "destinationId", isRelation: true, store: idOfRow },
    gateway_ip: { key: "gatewayIp" },
    metric: { key: "metric" },
  };
  protected override readonly checksUniqueness = false;

  constructor(region: Region, data: Params, instance?: StaticRouteRow) {
    super(
      region,
      data,
      instance,
      {},
      {
        source: instance?.sourceId,
        destination: instance?.destinationId,
        gateway_ip: instance?.gatewayIp,
        metric: instance?.metric,
      },
    );
  }

  private subnetField() {
    return rowOrSpecifier<SubnetRow>(
      {
        find: (id) => this.region.store.subnets.get(id),
        idOf: (text) => idOf("subnet", text),
        match: (text) => match(this.region.store, "subnet", text),
      },
      true,
    );
  }

  protected override cleanForm(): void {
    const gateway = readAddress((this.cleaned.get("gateway_ip") as string | undefined) ?? "");
    if (gateway === undefined) return;
    const source = this.cleaned.get("source") as SubnetRow | undefined;
    if (source === undefined) throw crash("'NoneType' object has no attribute 'get_ipnetwork'");
    if (!source.network.contains(gateway)) this.addError("gateway_ip", `Enter an IP address in ${source.cidr}.`);
  }

  protected override cleanModel(): void {
    const source = this.region.store.subnets.get(this.draft.sourceId);
    const destination = this.region.store.subnets.get(this.draft.destinationId);
    if (source === undefined || destination === undefined) return;
    if (source === destination) throw Invalid.whole("source and destination cannot be the same subnet.");
    if (source.network.family !== destination.network.family) {
      throw Invalid.whole("source and destination must be the same IP version.");
    }
    const gateway = this.draft.gatewayIp === undefined ? undefined : readAddress(this.draft.gatewayIp);
    if (gateway !== undefined && !source.network.contains(gateway)) {
      throw Invalid.whole("gateway_ip must be with in the source subnet.");
    }
  }

  protected override cleanOnSave(): void {
    this.draft.metric ??= 0;
    super.cleanOnSave();
  }

  protected override uniquenessMessages(): FieldMessages {
    const { sourceId, destinationId, gatewayIp } = this.draft;
    const others = this.region.store.routes
      .by("source", sourceId ?? null)
      .filter((route) => route.id !== this.draft.id && route.destinationId === destinationId);
    if (!others.some((route) => route.gatewayIp === gatewayIp)) return {};
    return { __all__: ["Static route with this Source, Destination and Gateway IP already exists."] };
  }

  protected override write(): StaticRouteRow {
    const { routes } = this.region.store;
    const values = this.draft as Omit<StaticRouteRow, "id">;
    if (this.instance === undefined) return routes.insert(values);
    routes.update(this.instance, values);
    return this.instance;
  }
}
