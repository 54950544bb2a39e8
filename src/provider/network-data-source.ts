import { documentText } from "../../lib/model/document";
import { KINDS } from "../../lib/model/kinds";
import type { Values } from "../../lib/model/known";
import { grouped } from "../../lib/model/lists";
import { textOf } from "../../lib/model/text";
import type { RegionObjects } from "../reconcile/region-objects";
import type { DataSource, Found } from "./data-source";
import { explain } from "./diagnostics";
import type { Block } from "./schema";

const BLOCK: Block = {
  doc: "The whole network of the region, or of some fabrics, as a desired-state document: for outputs, inventories and policies.",
  attributes: [
    {
      name: "fabrics",
      type: ["set", "string"],
      optional: true,
      doc: "Only these fabrics, by id or name, with all that is in them. Default: all.",
    },
    {
      name: "machines",
      type: "bool",
      optional: true,
      doc: "Also the links of machines, whose list costs the region most. Default: false.",
    },
    {
      name: "document",
      type: "string",
      computed: true,
      doc: "The network as `cdktf-maas export --format document` writes it, in the form of `schema/maas-network.schema.json`: read it with `jsondecode`.",
    },
    {
      name: "counts",
      type: ["map", "number"],
      computed: true,
      doc: "How many objects of each kind it has, without those that it only refers to.",
    },
    { name: "maas_version", type: "string", computed: true, doc: "Release of the region." },
    {
      name: "left_out",
      type: ["list", "string"],
      computed: true,
      doc: "What the region has and no document can say, in sentences.",
    },
  ],
};

/** The fabrics that were asked for, by their names. @throws ObjectError for one that there is not */
async function fabricNames(objects: RegionObjects, config: Values): Promise<readonly string[] | undefined> {
  if (!Array.isArray(config.fabrics)) return undefined;
  const { snapshot } = objects.region;
  const names = (config.fabrics as readonly string[]).map(async (key) => {
    const row = await snapshot.read("fabrics", await objects.resolve("fabric", key, "fabrics"));
    return textOf(row?.name);
  });
  return Promise.all(names);
}

async function read(objects: RegionObjects, config: Values): Promise<Found> {
  const { region } = objects;
  try {
    const fabrics = await fabricNames(objects, config);
    const [{ expressible }, { adoptingDocument, readRows, select }] = await Promise.all([
      import("../export/expressible.js"),
      import("../export/selection.js"),
    ]);
    const found = await readRows(region, { machines: config.machines === true });
    const said = expressible(select(found.objects, fabrics));
    const document = adoptingDocument(said);
    const counts = [...grouped(said.managed, ({ kind }) => kind)].map(([kind, list]) => [kind, list.length] as const);
    return {
      attributes: {
        ...config,
        document: documentText(document),
        counts: Object.fromEntries(counts),
        maas_version: (await region.snapshot.version()) ?? null,
        left_out: [...found.unsupported, ...said.leftOut],
      },
      diagnostics: [],
    };
  } catch (error) {
    return { diagnostics: explain(error, KINDS.fabric, "read the network of the region") };
  }
}

/** The network of a region as one document. */
export const network: DataSource = { type: "maas_network", kind: KINDS.fabric, block: BLOCK, check: () => [], read };
