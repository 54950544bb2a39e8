import { asText, Params } from "../api/params";
import { type Column, seededColumns } from "../model/columns";
import { MaasError, SeedError } from "../model/errors";
import { Form } from "../model/form";
import { byKey } from "../model/resource";
import type { Region, Store, TableName } from "../model/store";
import type { Row } from "../model/table";
import { RESOURCES } from "../resources";
import { createInterface } from "../resources/interface/create";
import type { InterfaceRow } from "../resources/interface/interface";
import { linkForm } from "../resources/interface/link-forms";
import { linkSubnet } from "../resources/interface/links";
import { NodeType } from "../resources/node/kinds";
import type { NodeRow } from "../resources/node/node";
import { reportAll } from "../resources/node/racks";
import { setSetting } from "../resources/settings";
import type { MaasVersion } from "../versions";
import { addInterface, addNode, ADMIN, emptyRegion } from "./default-region";
import { type ParsedNode, type ParsedSeed, SECTIONS, type SeedLayer, type SeedSnippet, type Values } from "./notation";

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

const isAfterNodes = (name: TableName): boolean => RESOURCES[name].seed?.isAfterNodes === true;

class Loader {
  constructor(
    private readonly region: Region,
    private readonly source: string,
  ) {}

  /** In the order in which one object needs another; DHCP and relays come last, since they need ranges and racks. */
  load({ objects, racks, machines, devices, snippets, settings }: ParsedSeed): void {
    const { region } = this;
    const saveAll = (names: readonly TableName[]): void => {
      for (const name of names) this.each(name, objects.get(name) ?? [], (values) => this.save(name, values));
    };
    saveAll(SECTIONS.filter((name) => !isAfterNodes(name)));
    this.each("racks", racks, (rack) => this.addNode(NodeType.RACK_CONTROLLER, rack));
    this.each("machines", machines, (machine) => this.addNode(NodeType.MACHINE, machine));
    this.each("devices", devices, (device) => this.addNode(NodeType.DEVICE, device));
    saveAll(SECTIONS.filter(isAfterNodes));
    this.each("settings", Object.entries(settings), ([name, value]) => setSetting(region, name, value));
    reportAll(region);
    for (const name of SECTIONS) this.each(name, objects.get(name) ?? [], (values) => this.finish(name, values));
    this.each("dhcp_snippets", snippets, (snippet) => this.saveSnippet(snippet));
  }

  private saveSnippet({ subnet, ...values }: SeedSnippet): void {
    const { store } = this.region;
    const id = subnet === undefined ? undefined : byKey(store, store.subnets, subnet).id;
    const given = Object.entries({ ...values, subnet: id }).filter(([, value]) => value !== undefined);
    new Form(store.dhcp_snippets, this.region, Params.of(given)).save();
  }

  private save(name: TableName, values: Values): void {
    const { store } = this.region;
    const table = store.table(name);
    const params = this.params(name, values, ({ isSeededLast }) => isSeededLast !== true);
    new Form(table, this.region, params, table.resource.seed?.live?.(store, values)).save();
  }

  private finish(name: TableName, values: Values): void {
    const { store } = this.region;
    const table = store.table(name);
    const params = this.params(name, values, ({ isSeededLast }) => isSeededLast === true);
    if (params.names().length === 0) return;
    new Form(table, this.region, params, table.resource.seed?.live?.(store, values)).save();
  }

  private addNode(type: number, { values, interfaces }: ParsedNode): void {
    const { region } = this;
    const { store } = region;
    const { system_id, ...rest } = this.row("nodes", values) as Partial<NodeRow>;
    const isRack = type === NodeType.RACK_CONTROLLER;
    const owner = type === NodeType.DEVICE ? region.user.id : null;
    const node = addNode(store, { hostname: "", ...rest, node_type: type, is_dynamic: isRack, owner }, system_id);
    for (const { values: nic, layer, links } of interfaces) {
      const row = this.addInterface(node, nic, layer);
      for (const { subnet, ...link } of links) {
        const id = subnet === undefined ? undefined : byKey(store, store.subnets, subnet).id;
        // MAAS makes these itself, and lets none be made on a device.
        if (link.mode === "link_up" && id === undefined) {
          linkSubnet(region, row, "link_up", null);
          continue;
        }
        const given = Object.entries({ ...link, subnet: id }).filter(([, value]) => value !== undefined);
        linkForm(region, row, node, Params.of(given), false);
      }
    }
  }

  /** A physical interface as it was found; another one is made over others that the node has by then. */
  private addInterface(node: NodeRow, values: Values, { type, parents, params: given }: SeedLayer): InterfaceRow {
    const { store } = this.region;
    if (type === "physical") {
      return addInterface(store, node, { name: "", vlan: null, ...this.row("interfaces", values), params: given });
    }
    const params = this.params("interfaces", { link_connected: true, ...values }, () => true);
    for (const [name, value] of Object.entries(given)) params.set(name.replace("-", "_"), value);
    params.setAll(
      "parents",
      parents.map((name) => this.siblingId(node, name)),
    );
    return createInterface(this.region, node, type, params);
  }

  private siblingId(node: NodeRow, name: string): number {
    const nic = this.region.store.interfaces.by("node", node.id).find((row) => row.name === name);
    if (nic === undefined)
      throw new SeedError(`${node.hostname} has no interface "${name}" before the one that is over it`);
    return nic.id;
  }

  /** The values as a client would send them. */
  private params(name: TableName, values: Values, isWanted: (column: Column) => boolean): Params {
    const params = new Params();
    for (const [key, column] of seededColumns(RESOURCES[name].columns)) {
      const value = values[key];
      if (value === undefined || value === null || !isWanted(column)) continue;
      const found = this.referenced(column, value);
      if (found !== undefined) params.set(key, column.by === undefined ? found.id : found[column.by as "id"]);
      // Where the API has no list of that name, several values are one text.
      else if (Array.isArray(value) && column.field === undefined) params.set(key, value.join(" "));
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
    // Where there may be several, MAAS's form itself finds or makes them.
    if (references === undefined || typeof key !== "string") return undefined;
    return byKey(store, store.table(references), key);
  }

  private each<T>(section: string, items: readonly T[], load: (item: T) => void): void {
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
