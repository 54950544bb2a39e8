import { addAfter, addImported, given } from "./blocks";
import { Configuration, type ObjectBlock, providerName, type ProviderName, type SourceFile } from "./configuration";
import { type Context, type Facts, liveObjectOf, type Note, Report, type RootImport, told } from "./context";
import { instancesOf } from "./evaluate";
import { attributeOf } from "./hcl/ast";
import { hclIndex, hclText } from "./hcl/text";
import { DHCP_ON, rewriteDhcpOn } from "./dhcp";
import { staysBecause } from "./placement";
import { entriesOf, type Locals, localsOf, PREFIX, rewriteBlocks, rewriteEntry } from "./providers";
import { rewriteRanges } from "./ranges";
import { checkReferences, rewriteDataVlan } from "./references";
import { withoutIndexes } from "./state";
import { isKind, kindOfType, naturalKey } from "./values";
import { rewritePair } from "./vlan-pair";

/** A file and what it is to be. */
export interface MigratedFile {
  readonly file: SourceFile;
  readonly text: string;
}

export interface Migration {
  /** All files that are to be rewritten, those that stay as they are too. */
  readonly files: readonly MigratedFile[];
  readonly notes: readonly Note[];
  /** Whether the source of a provider changes, so that the state has to follow. */
  readonly changesProvider: boolean;
  /** Of a module: what is to be imported in the root module. */
  readonly imports: readonly RootImport[];
  /** Whether something stays with canonical/maas. */
  readonly stays: boolean;
}

/** Puts `provider = canonical` into a block that stays. */
function stay(object: ObjectBlock, { canonical }: Locals): boolean {
  const { file, block } = object;
  const { edits } = file;
  const name = [canonical, ...(object.provider.alias === undefined ? [] : [object.provider.alias])].join(".");
  const provider = given(object, "provider");
  if (provider !== undefined) {
    edits.replace(provider.value, name);
    return true;
  }
  const inner = edits.text.slice(block.body.start, block.body.end);
  const indent = `${edits.indentAt(block.start)}  `;
  if (inner.includes("\n")) {
    const isEmpty = block.body.items.length === 0;
    edits.insert(edits.lineEnd(block.body.start), `\n${indent}provider = ${name}${isEmpty ? "" : "\n"}`);
  } else {
    const rest = inner.trim() === "" ? "" : `\n${indent}${inner.trim()}`;
    edits.replace(
      { start: block.body.start, end: block.body.end },
      `\n${indent}provider = ${name}\n${rest}\n${edits.indentAt(block.start)}`,
    );
  }
  return true;
}

const isAmong = ({ local }: ProviderName, { ours }: Locals): boolean => ours.has(local);

/** What the files import, by address without indexes. */
export function importedBy(files: readonly SourceFile[]): string[] {
  return new Configuration(files).blocks("import").flatMap(({ file, block }) => {
    const to = attributeOf(block.body, "to");
    return to === undefined ? [] : [withoutIndexes(file.edits.text.slice(to.value.start, to.value.end).trim())];
  });
}

/** Whether the object is imported already, or an instance of it. */
function isImported({ imported, calls }: Context, { address }: ObjectBlock): boolean {
  const names = calls?.map((call) => `${call.address}.${address}`) ?? [address];
  return names.some((name) => imported?.includes(name) === true);
}

/** Imports what the region has and the state does not know, by natural key. Without a region nobody can tell. */
function importUnknown(context: Context, object: ObjectBlock): void {
  const { configuration, region, state } = context;
  const kind = kindOfType(object.type);
  if (region === undefined || kind === undefined || isImported(context, object)) return;
  if ((state?.of(object.address).length ?? 0) > 0) return;
  const found = (instancesOf(configuration, object) ?? []).flatMap((instance) => {
    const live = liveObjectOf(context, kind.name, naturalKey(configuration, object, instance));
    return live === undefined ? [] : [{ live, index: instance.index }];
  });
  if (found.length === 0) return;
  const imports = found.map(({ live, index }) => {
    return { to: `${object.address}${hclIndex(index)}`, id: hclText(live.key) };
  });
  addImported(context, object, undefined, imports);
  const keys = found.map(({ live }) => live.key).join(", ");
  told(context, object, "changed", `imported as ${keys}: the region has it, and the state does not`);
}

function rewriteObjects(context: Context): void {
  for (const object of context.moving)
    if (object.mode === "data" && isKind(object.type, "vlan")) rewriteDataVlan(context, object);
  const managed = context.moving.filter(({ mode }) => mode === "managed");
  const of = (kind: "subnet" | "vlan" | "vlan_dhcp"): ObjectBlock[] => managed.filter(({ type }) => isKind(type, kind));
  const ranges = of("subnet").flatMap((subnet) => rewriteRanges(context, subnet));
  for (const vlan of of("vlan")) rewriteDhcpOn(context, vlan, ranges);
  for (const subnet of of("subnet")) rewritePair(context, subnet);
  for (const dhcp of of("vlan_dhcp")) rewritePair(context, dhcp);
  for (const object of managed) {
    importUnknown(context, object);
    checkReferences(context, object);
  }
}

const moduleBlock = (configuration: Configuration, name: string) =>
  configuration.blocks("module").find(({ block }) => block.labels[0]?.text === name);

/** Puts the import blocks for resources of modules behind the blocks that call these. */
function addRootImports(configuration: Configuration, imports: readonly RootImport[]): void {
  // A module that is called twice gives its imports to both callers.
  const once = new Map(imports.map((one) => [one.block, one]));
  for (const { call, block } of once.values()) {
    const caller = moduleBlock(configuration, call);
    if (caller !== undefined) addAfter(caller, [block]);
  }
}

/** Passes canonical/maas to a module that needs it too, where the providers are passed one by one. */
function passCanonical(configuration: Configuration, name: string, { ours, canonical }: Locals): void {
  const caller = moduleBlock(configuration, name);
  const providers = caller && attributeOf(caller.block.body, "providers");
  if (caller === undefined || providers?.value.kind !== "object") return;
  const { edits } = caller.file;
  for (const { key, value, start, end } of providers.value.items) {
    const passed = providerName(value);
    if (key.kind !== "traversal" || passed === undefined || !ours.has(passed.local)) continue;
    const to = [canonical, ...(passed.alias === undefined ? [] : [passed.alias])].join(".");
    const item = `${edits.text.slice(key.start, key.end).replace(/^[\w-]+/, canonical)} = ${to}`;
    const isOnOwnLine = edits.text.slice(edits.lineStart(start), start).trim() === "";
    edits.insert(
      isOnOwnLine ? edits.lineEnd(end) : end,
      isOnOwnLine ? `\n${edits.indentAt(start)}${item}` : `, ${item}`,
    );
  }
}

/** The objects of the providers in question, and why one stays with canonical/maas. */
function placedObjects(
  configuration: Configuration,
  locals: Locals,
): { readonly object: ObjectBlock; readonly why: string | undefined }[] {
  return configuration.objects
    .filter((object) => object.type.startsWith(`${PREFIX}_`) && isAmong(object.provider, locals))
    .map((object) => ({ object, why: staysBecause(configuration, object) }));
}

/** What only the region can tell of an object: who serves its DHCP, or the VLAN that a subnet is on. */
const isSilent = (object: ObjectBlock): boolean =>
  given(object, DHCP_ON) !== undefined || (isKind(object.type, "subnet") && given(object, "vlan") === undefined);

/** Whether the region has to be asked: for what the configuration does not say, and for objects that the state does not know. */
export function wantsRegion(files: readonly SourceFile[], { provider, state }: Facts): boolean {
  const configuration = new Configuration(files);
  return placedObjects(configuration, localsOf(entriesOf(configuration, provider))).some(
    ({ object, why }) =>
      why === undefined &&
      object.mode === "managed" &&
      (isSilent(object) || (state?.of(object.address) ?? []).length === 0),
  );
}

/**
 * Rewrites a configuration of canonical/maas for this provider. What has no part in that stays byte for byte.
 *
 * Idempotent: what it has rewritten, it leaves as it is.
 */
export function migrate(files: readonly SourceFile[], facts: Facts): Migration {
  const configuration = new Configuration(files);
  const report = new Report();
  const entries = entriesOf(configuration, facts.provider);
  const locals = localsOf(entries);
  const placed = placedObjects(configuration, locals);
  const moving = placed.filter(({ why }) => why === undefined).map(({ object }) => object);
  const staying = placed.filter(({ why }) => why !== undefined);
  const { calls, called = [], imports = [] } = facts;
  const isMoving =
    moving.length > 0 || imports.length > 0 || (staying.length === 0 && entries.some(({ is }) => is === "canonical"));
  for (const { object, why } of placed)
    report.add(
      object.file,
      object.block.start,
      object.address,
      why === undefined || !isMoving ? "unchanged" : "stays",
      ...(why === undefined ? [] : [`${why}: it stays with canonical/maas`]),
    );
  if (!isMoving)
    return {
      files: files.filter(({ isOwn }) => isOwn).map((file) => ({ file, text: file.edits.text })),
      notes: report.notes(files),
      changesProvider: false,
      imports: [],
      stays: staying.length > 0,
    };

  const context: Context = {
    ...{ imported: importedBy(files), ...facts },
    configuration,
    report,
    moving,
    rootImports: [...(calls === undefined ? [] : imports)],
  };
  rewriteObjects(context);
  if (calls === undefined) addRootImports(configuration, imports);
  const stays = staying.length > 0 || called.some((module) => module.stays);
  const beside = stays ? locals.canonical : undefined;
  const moved = entries.filter(({ local, is }) => locals.ours.has(local) && is !== "another");
  for (const [index, entry] of moved.entries())
    rewriteEntry(entry, facts.provider, index === 0 && !locals.hasCanonical ? beside : undefined, report);
  rewriteBlocks(configuration, locals, beside !== undefined, report);
  for (const { object } of staying) stay(object, locals);
  for (const { name, stays: isKept } of called) if (isKept) passCanonical(configuration, name, locals);
  return {
    files: files.filter(({ isOwn }) => isOwn).map((file) => ({ file, text: file.edits.result() })),
    notes: report.notes(files),
    changesProvider: moved.some(({ is }) => is === "canonical"),
    imports: context.rootImports,
    stays,
  };
}
