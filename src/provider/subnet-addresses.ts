import { checkField } from "../../lib/model/checks/field";
import { Cidr } from "../../lib/model/cidr";
import { findField, KINDS } from "../../lib/model/kinds";
import type { Values, Value } from "../../lib/model/known";
import { inNaturalOrder } from "../../lib/model/lists";
import { textOf } from "../../lib/model/text";
import { rowsAnswered } from "../maas/answer";
import { pathOf } from "../maas/api-url";
import { type ObjectJson, rowsOf } from "../maas/codec";
import type { RegionObjects } from "../reconcile/region-objects";
import type { DataSource, Found } from "./data-source";
import { explain } from "./diagnostics";
import type { Block } from "./schema";

const KIND = KINDS.subnet;

/** How MAAS came to the address. @see MAAS enum.py `IPADDRESS_TYPE`, 3.6.4 */
const ALLOCATIONS: Readonly<Record<string, string>> = {
  0: "auto",
  1: "sticky",
  4: "user_reserved",
  5: "dhcp",
  6: "discovered",
};

const BLOCK: Block = {
  doc: "Tells who has which address of a subnet of either family, as MAAS knows it: nodes with their interfaces, users, DNS names, and the ranges, the gateway and the DNS servers.",
  attributes: [
    { name: "subnet", type: "string", required: true, doc: "The subnet: its id or its CIDR." },
    { name: "id", type: "string", computed: true, doc: "Id of the subnet." },
    { name: "cidr", type: "string", computed: true, doc: "The network." },
    { name: "family", type: "number", computed: true, doc: "4 or 6." },
    { name: "gateway_ip", type: "string", computed: true, doc: "Address of the router." },
    { name: "dns_servers", type: ["list", "string"], computed: true, doc: "Addresses of the DNS servers." },
    {
      name: "addresses",
      type: [
        "list",
        [
          "object",
          {
            ip: "string",
            type: "string",
            hostname: "string",
            fqdn: "string",
            system_id: "string",
            network_interface: "string",
            user: "string",
            dns_names: ["list", "string"],
          },
        ],
      ],
      computed: true,
      doc:
        "Every address that somebody has, in their order. `type` is `auto`, `sticky` (chosen, as of a link in mode STATIC), `user_reserved`, `dhcp` or " +
        "`discovered` (only seen on the wire). Those of a node have its names and its interface.",
    },
    {
      name: "ranges",
      type: ["list", ["object", { type: "string", start_ip: "string", end_ip: "string", comment: "string" }]],
      computed: true,
      doc: "The subnet's dynamic and reserved ranges, in their order.",
    },
  ],
};

const textOrNull = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

function addressOf(row: ObjectJson): Values {
  const node = (row.node_summary ?? {}) as ObjectJson;
  const names = rowsOf(row.dns_records).map(({ name, domain }) => `${textOf(name)}.${textOf(domain)}`);
  return {
    ip: textOf(row.ip),
    type: ALLOCATIONS[textOf(row.alloc_type)] ?? textOf(row.alloc_type),
    hostname: textOrNull(node.hostname),
    fqdn: textOrNull(node.fqdn),
    system_id: textOrNull(node.system_id),
    network_interface: textOrNull(node.via),
    user: textOrNull(row.user),
    dns_names: names,
  };
}

async function read(objects: RegionObjects, config: Values): Promise<Found> {
  const { region } = objects;
  const key = textOf(config.subnet);
  try {
    const id = await objects.resolve("subnet", key, "subnet");
    const subnet = (await objects.read(KIND, id)) ?? {};
    // Addresses change with every machine that is deployed: they are asked for, and never taken from an earlier answer.
    const path = pathOf("subnets/{id}/", { id });
    const used = rowsAnswered(path, await region.client.get(path, { op: "ip_addresses", with_username: "1" }));
    const rows = await region.snapshot.list("ipranges");
    const ranges = rows.filter((row) => textOf((row.subnet as ObjectJson | null)?.id ?? "") === id);
    const cidr = Cidr.parse(textOf(subnet.cidr));
    return {
      attributes: {
        ...{ subnet: key, id, cidr: cidr.toString(), family: cidr.family },
        ...{ gateway_ip: subnet.gateway_ip ?? null, dns_servers: subnet.dns_servers ?? [] },
        addresses: inNaturalOrder(used.map(addressOf), ({ ip }) => textOf(ip)) as unknown as Value,
        ranges: inNaturalOrder(
          ranges.map(({ type, start_ip, end_ip, comment }) => ({
            ...{ type: textOf(type), start_ip: textOf(start_ip), end_ip: textOf(end_ip) },
            comment: textOrNull(comment),
          })),
          ({ start_ip: start }) => start,
        ),
      },
      diagnostics: [],
    };
  } catch (error) {
    return { diagnostics: explain(error, KIND, `read the addresses of the subnet ${key}`) };
  }
}

/** Who has which address of a subnet. */
export const subnetAddresses: DataSource = {
  type: "maas_subnet_addresses",
  kind: KIND,
  block: BLOCK,
  check: ({ subnet }) => checkField({ ...findField(KINDS.ip_range, "subnet") }, subnet ?? null),
  read,
};
