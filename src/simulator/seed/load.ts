import { asText, Params, type ParamValue } from "../api/params";
import { type Column, seededColumns } from "../model/columns";
import { MaasError, SeedError } from "../model/errors";
import { Form } from "../model/form";
import type { Region } from "../model/region";
import { byKey } from "../model/resource";
import type { Store, TableName } from "../model/store";
import type { Row, Table } from "../model/table";
import { RESOURCES } from "../resources";
import { createFabric } from "../resources/fabric";
import { linkForm } from "../resources/interface/link-forms";
import { NodeType } from "../resources/node/kinds";
import type { NodeRow } from "../resources/node/node";
import { reportAll } from "../resources/node/rack-report";
import { setSetting } from "../resources/settings";
import type { MaasVersion } from "../versions";
import { addInterface, addNode, ADMIN, emptyRegion } from "./default-region";
import type { ParsedSeed, Values } from "./read";

/**
 * Makes the region through MAAS's own forms, so that a seed holds what a real region could hold.
 * @throws SeedError naming the object that MAAS refuses, with MAAS's words
 */
export function loadSeed(seed: ParsedSeed, version: MaasVersion, source: string): Store {
  const store = emptyRegion();
  const user = store.users.by("username", ADMIN)[0];
  if (user === undefined) throw new Error("an empty region has no administrator");
  const now = new Date().toISOString().slice(0, -1);
  new Loader({ store, version, user, now: () => now }, source).load(seed);
  return store;
}

class Loader {
  constructor(
    private readonly region: Region,
    private readonly source: string,
  ) {}

  /** In the order in which one object needs another. */
  load(seed: ParsedSeed): void {
    const { region } = this;
    const { spaces, fabrics } = region.store;
    this.each("spaces", seed.spaces, (space) => {
      const id = idInName(space, "space", spaces);
      this.save("spaces", space, id === undefined ? undefined : spaces.insert({ id }));
    });
    this.each("fabrics", seed.fabrics, ({ vlans: _vlans, ...fabric }) => {
      const [known] = fabrics.by("name", String(fabric.name));
      const id = idInName(fabric, "fabric", fabrics);
      this.save("fabrics", fabric, known ?? (id === undefined ? undefined : createFabric(region.store, { id })));
    });
    this.eachVlan(seed, (vlan) => this.saveVlan(vlan));
    this.each("racks", seed.racks, (rack) => this.addNode(NodeType.RACK_CONTROLLER, rack));
    for (const section of ["subnets", "ip_ranges", "static_routes", "reserved_ips"] as const) {
      this.each(section, seed[section], (values) => this.save(section, values));
    }
    this.each("machines", seed.machines, (machine) => this.addNode(NodeType.MACHINE, machine));
    this.each("settings", Object.entries(seed.settings), ([name, value]) => setSetting(region, name, value));
    reportAll(region);
    this.eachVlan(seed, (vlan) => this.finishVlan(vlan));
  }

  /** VLANs that stand in their fabrics, and those that stand alone. */
  private eachVlan({ fabrics, vlans }: ParsedSeed, load: (vlan: Values) => void): void {
    this.each("fabrics", fabrics, ({ name, vlans: own }) => {
      for (const vlan of own) load({ ...vlan, fabric: name });
    });
    this.each("vlans", vlans, (vlan) => load({ fabric: "fabric-0", ...vlan }));
  }

  private save(name: TableName, values: Values, live?: Row): void {
    const table = this.region.store.table(name);
    new Form(table, this.region, this.params(name, values), live).save();
  }

  private saveVlan({ fabric: name, ...values }: Values): void {
    const { vlans, fabrics } = this.region.store;
    const fabric = byKey(this.region.store, fabrics, String(name)).id;
    const live = vlans.by("fabric", fabric).find(({ vid }) => vid === values.vid);
    const params = this.params("vlans", values, ({ isSeededLast }) => isSeededLast !== true);
    new Form(vlans, this.region, params, live, { given: { fabric } }).save();
  }

  private finishVlan(values: Values): void {
    const { store } = this.region;
    const params = this.params("vlans", values, ({ isSeededLast }) => isSeededLast === true);
    if (params.names().length === 0) return;
    const vlan = byKey(store, store.vlans, `${String(values.fabric)}:${String(values.vid)}`);
    new Form(store.vlans, this.region, params, vlan).save();
  }

  private addNode(type: number, { interfaces, ...values }: ParsedSeed["racks"][number]): void {
    const { store } = this.region;
    const { system_id, ...rest } = this.row("nodes", values) as Partial<NodeRow>;
    const isRack = type === NodeType.RACK_CONTROLLER;
    const node = addNode(store, { hostname: "", ...rest, node_type: type, is_dynamic: isRack }, system_id);
    for (const { links, ...nic } of interfaces) {
      const row = addInterface(store, node, { name: "", vlan: null, ...this.row("interfaces", nic) });
      for (const { subnet, ...link } of links) {
        const id = subnet === undefined ? undefined : byKey(store, store.subnets, subnet).id;
        const given = Object.entries({ ...link, subnet: id }).filter(([, value]) => value !== undefined);
        linkForm(this.region, row, node, Params.of(given), false);
      }
    }
  }

  /** The values as a client would send them. */
  private params(name: TableName, values: Values, isWanted: (column: Column) => boolean = () => true): Params {
    const params = new Params();
    for (const [key, column] of seededColumns(RESOURCES[name].columns)) {
      const value = values[key];
      if (value === undefined || !isWanted(column)) continue;
      const found = this.referenced(column, value);
      if (found !== undefined) params.set(key, column.by === undefined ? found.id : found[column.by as "id"]);
      else if (Array.isArray(value)) params.setAll(key, value as string[]);
      else params.set(key, asText(value));
    }
    return params;
  }

  /** The values as they are stored. */
  private row(name: TableName, values: Values): Values {
    const stored = seededColumns(RESOURCES[name].columns)
      .filter(([key]) => values[key] !== undefined)
      .map(([key, column]) => [key, this.referenced(column, values[key])?.id ?? values[key]] as const);
    return Object.fromEntries(stored);
  }

  private referenced({ references }: Column, key: unknown): Row | undefined {
    const { store } = this.region;
    return references === undefined ? undefined : byKey(store, store.table(references), String(key));
  }

  private each<T>(section: keyof ParsedSeed, items: readonly T[], load: (item: T) => void): void {
    for (const [at, item] of items.entries()) {
      try {
        load(item);
      } catch (error) {
        if (!(error instanceof MaasError) && !(error instanceof SeedError)) throw error;
        throw new SeedError(`${this.source}: ${section}[${at}] cannot be loaded: ${error.message}`);
      }
    }
  }
}

/** The id in a name such as `fabric-3`, which MAAS itself gives to the object of that id; undefined when it is in use. */
function idInName<R extends Row>({ name }: Values, kind: string, table: Table<R>): number | undefined {
  const [, digits] = new RegExp(`^${kind}-(\\d+)$`).exec(String(name)) ?? [];
  return digits === undefined || table.get(Number(digits)) !== undefined ? undefined : Number(digits);
}
