import { collection, item, listed, requirePermission } from "../api/handler";
import { column, type RowOf } from "../model/columns";
import { badRequest } from "../model/errors";
import { text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import { byName, checkModelName, uniqueName } from "./names";
import { NodeType } from "./node/kinds";

const columns = {
  name: column<string>({ field: text({ required: true, maxLength: 256 }), check: checkModelName }),
  description: column<string>({ field: text(), default: "", blank: true }),
};

export type ResourcePoolRow = RowOf<typeof columns>;

/** The pool that always exists, and that machines are in when nothing is said. */
export const DEFAULT_POOL_ID = 0;

/** A pool of machines. */
export const resourcePools: Resource<ResourcePoolRow> = defineResource({
  model: "ResourcePool",
  label: "Resource pool",
  path: "resourcepool",
  columns,
  indexes: ["name"],
  firstId: DEFAULT_POOL_ID,
  specifiers: {
    byText: ({ resource_pools }, name) => resource_pools.by("name", name),
    prefixes: { name: ({ resource_pools }, name) => resource_pools.by("name", name) },
  },
  rules: { unique: uniqueName },
  remove({ store }, pool) {
    if (pool.id === DEFAULT_POOL_ID) throw badRequest("This is the default pool, it cannot be deleted.");
    if (store.nodes.all().some((node) => node.node_type === NodeType.MACHINE && node.pool === pool.id)) {
      throw badRequest("Pool has machines in it, it cannot be deleted.");
    }
    store.resource_pools.delete(pool);
  },
  endpoints: {
    "resourcepools/": {
      ...collection("resource_pools", { permit: requirePermission }),
      GET(request) {
        const { resource_pools } = request.region.store;
        return listed(request, resource_pools, resource_pools.all().sort(byName));
      },
    },
    "resourcepool/{id}/": item("resource_pools"),
  },
});
