import { type Block, type Body, type Expression, attributeOf, type Traversal } from "./hcl/ast";
import { Edits } from "./edits";
import { parseHcl } from "./hcl/parse";

/** A file of a configuration. */
export interface SourceFile {
  /** As the user named it, or as it is found in the folder that the user named. */
  readonly name: string;
  readonly body: Body;
  readonly edits: Edits;
  /** Whether it is to be rewritten, and not only read for what others refer to. */
  readonly isOwn: boolean;
}

/** @throws HclError */
export function sourceFile(name: string, text: string, isOwn = true): SourceFile {
  return { name, body: parseHcl(name, text), edits: new Edits(text), isOwn };
}

/** Which configuration of a provider a block names. */
export interface ProviderName {
  readonly local: string;
  readonly alias: string | undefined;
}

/** A resource or a data source. */
export interface ObjectBlock {
  readonly file: SourceFile;
  readonly block: Block;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** `maas_vlan.v`, `data.maas_vlan.v` */
  readonly address: string;
  readonly provider: ProviderName;
  /** `for_each` or `count`, where the block has one. */
  readonly repeated: "for_each" | "count" | undefined;
}

const MODES: Readonly<Record<string, ObjectBlock["mode"]>> = { resource: "managed", data: "data" };

/** The provider's local name, and its alias, in `maas` or `maas.other`. */
export function providerName(value: Expression): ProviderName | undefined {
  if (value.kind === "literal" && typeof value.value === "string") {
    const [local = "", alias] = value.value.split(".");
    return { local, alias };
  }
  if (value.kind !== "traversal") return undefined;
  const [step] = value.steps;
  return { local: value.root, alias: step !== undefined && "name" in step ? step.name : undefined };
}

function objectBlock(file: SourceFile, block: Block): ObjectBlock | undefined {
  const mode = MODES[block.type.text];
  const [type, name] = block.labels;
  if (mode === undefined || type === undefined || name === undefined) return undefined;
  const [implied = ""] = type.text.split("_");
  const given = attributeOf(block.body, "provider");
  const repeated = (["for_each", "count"] as const).find((word) => attributeOf(block.body, word) !== undefined);
  return {
    ...{ file, block, mode, type: type.text, name: name.text, repeated },
    address: `${mode === "data" ? "data." : ""}${type.text}.${name.text}`,
    provider: (given && providerName(given.value)) ?? { local: implied, alias: undefined },
  };
}

/** A reference to an attribute of a resource or of a data source. */
export interface Reference {
  readonly address: string;
  /** The index between the address and the attribute, as it is written: `[each.key]`. */
  readonly index: string;
  readonly attribute: string;
  /** Of the attribute's name in the file. */
  readonly at: { readonly start: number; readonly end: number };
}

/** What a traversal refers to, if that is an attribute of an object. */
export function referenceOf({ root, steps }: Traversal, text: string): Reference | undefined {
  const isData = root === "data";
  const named = steps.slice(0, isData ? 2 : 1);
  const path = named.flatMap((step) => ("name" in step ? [step.name] : []));
  if (path.length < named.length || named.length === 0) return undefined;
  const rest = steps.slice(named.length);
  const at = rest.findIndex((step) => "name" in step);
  const attribute = rest[at];
  if (attribute === undefined || !("name" in attribute)) return undefined;
  const index = rest.slice(0, at).map(({ start, end }) => text.slice(start, end));
  const start = attribute.end - attribute.name.length;
  return {
    address: [root, ...path].join("."),
    index: index.join(""),
    attribute: attribute.name,
    at: { start, end: attribute.end },
  };
}

/** The files that make one configuration: what Terraform calls a module. */
export class Configuration {
  readonly objects: readonly ObjectBlock[];
  private readonly byAddress: ReadonlyMap<string, ObjectBlock>;
  private readonly taken: Set<string>;

  constructor(readonly files: readonly SourceFile[]) {
    this.objects = files.flatMap((file) =>
      file.body.items.flatMap((item) => (item.kind === "block" ? (objectBlock(file, item) ?? []) : [])),
    );
    this.byAddress = new Map(this.objects.map((object) => [object.address, object]));
    this.taken = new Set(this.byAddress.keys());
  }

  object(address: string): ObjectBlock | undefined {
    return this.byAddress.get(address);
  }

  /** The blocks of a type at the top of the files. */
  blocks(type: string): { readonly file: SourceFile; readonly block: Block }[] {
    return this.files.flatMap((file) =>
      file.body.items.flatMap((item) =>
        item.kind === "block" && item.type.text === type ? [{ file, block: item }] : [],
      ),
    );
  }

  /** A name for a new resource that no other has: the wanted one, or that with a number. */
  freeName(type: string, wanted: string): string {
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? wanted : `${wanted}_${number}`;
      if (this.taken.has(`${type}.${name}`)) continue;
      this.taken.add(`${type}.${name}`);
      return name;
    }
  }
}
