import { addAfter, importBlock } from "./blocks";
import { type Context, liveObjectOf, told } from "./context";
import type { ObjectBlock } from "./configuration";
import { attributeOf } from "./hcl/ast";
import { kindOfType, naturalKey } from "./values";

/** Whether the configuration imports the object already. */
function isImported({ configuration }: Context, { address }: ObjectBlock): boolean {
  return configuration.blocks("import").some(({ file, block }) => {
    const to = attributeOf(block.body, "to");
    return to !== undefined && file.edits.text.slice(to.value.start, to.value.end).trim() === address;
  });
}

/** Imports what the region has and the state does not know, by natural key. Without a region nobody can tell. */
export function importUnknown(context: Context, object: ObjectBlock): void {
  const kind = kindOfType(object.type);
  if (context.region === undefined || kind === undefined || (context.state?.of(object.address).length ?? 0) > 0) return;
  if (isImported(context, object)) return;
  const live = liveObjectOf(context, kind.name, naturalKey(context.configuration, object));
  if (live === undefined) return;
  addAfter(object, [importBlock(object.address, JSON.stringify(live.key))]);
  told(context, object, "changed", `imported as ${live.key}: the region has it, and the state does not`);
}
