import type { Attributes } from "../../lib/model/known";
import type { KindName } from "../../lib/model/field";
import type { Configuration, ObjectBlock, SourceFile } from "./configuration";
import type { State } from "./state";

/** What became of a block: it was rewritten; it stays with canonical/maas; it is left for the user; it is as it was. */
export type Outcome = "changed" | "stays" | "by hand" | "unchanged";

/** What was done about a block, or could not be. */
export interface Note {
  readonly file: string;
  readonly line: number;
  /** `maas_subnet.v4`, `provider maas` */
  readonly block: string;
  readonly outcome: Outcome;
  /** In sentences without a full stop. */
  readonly sentences: readonly string[];
}

const RANK: readonly Outcome[] = ["unchanged", "changed", "stays", "by hand"];

/** Collects what was done, by block. */
export class Report {
  private readonly rows = new Map<string, { note: Note; offset: number }>();

  add(file: SourceFile, offset: number, block: string, outcome: Outcome, ...sentences: string[]): void {
    const id = `${file.name}\0${offset}\0${block}`;
    const known = this.rows.get(id);
    const before = known?.note ?? {
      file: file.name,
      line: file.edits.lineNumber(offset),
      block,
      outcome,
      sentences: [],
    };
    const worst = RANK[Math.max(RANK.indexOf(before.outcome), RANK.indexOf(outcome))] ?? outcome;
    this.rows.set(id, { offset, note: { ...before, outcome: worst, sentences: [...before.sentences, ...sentences] } });
  }

  /** All of it, in the order of the files. */
  notes(files: readonly SourceFile[]): Note[] {
    const order = new Map(files.map(({ name }, index) => [name, index]));
    return [...this.rows.values()]
      .sort((a, b) => (order.get(a.note.file) ?? 0) - (order.get(b.note.file) ?? 0) || a.offset - b.offset)
      .map(({ note }) => note);
  }
}

/** An object of a live region: see `LiveObject` of the run-time side. References in its attributes are natural keys. */
export interface RegionObject {
  readonly kind: KindName;
  readonly key: string;
  readonly id: string;
  readonly attributes: Attributes;
}

/** The provider that a configuration moves to. */
export interface OurProvider {
  readonly source: string;
  readonly version: string;
}

/** A `module` block that calls a module of the same tree of files. */
export interface ModuleCall {
  /** From the root module on: `module.site.module.net`. */
  readonly address: string;
  /** Whether it has `count` or `for_each`, or is in such a module. */
  readonly isRepeated: boolean;
}

/** An import block that has to be in the root module, since it is for a resource of a module that is called there. */
export interface RootImport {
  /** Name of the `module` block of the root module. */
  readonly call: string;
  readonly block: string;
}

/** What a module's migration means for the one that calls it. */
export interface CalledModule {
  /** Name of the `module` block. */
  readonly name: string;
  /** Whether something of it, or of a module that it calls, stays with canonical/maas. */
  readonly stays: boolean;
}

/** What a migration goes by, beside the files. */
export interface Facts {
  readonly provider: OurProvider;
  /** Absent = nobody has found one. */
  readonly state?: State;
  /** Absent = no region was named. */
  readonly region?: readonly RegionObject[];
  /** Of a module: what calls it. Absent = the files are a root module. */
  readonly calls?: readonly ModuleCall[];
  /** The modules that the files call, and were migrated. */
  readonly called?: readonly CalledModule[];
  /** What is imported already, by address without indexes. Default: what the files import. */
  readonly imported?: readonly string[];
  /** Of a root module: what its modules import. */
  readonly imports?: readonly RootImport[];
}

/** One configuration that is being rewritten. */
export interface Context extends Facts {
  readonly configuration: Configuration;
  readonly report: Report;
  /** The blocks that are this provider's after the migration. */
  readonly moving: readonly ObjectBlock[];
  /** Of a module: the import blocks for the root module. */
  readonly rootImports: RootImport[];
}

/** Tells what was done about an object. */
export function told(
  { report }: Context,
  object: ObjectBlock,
  outcome: Exclude<Outcome, "stays">,
  ...sentences: string[]
): void {
  report.add(object.file, object.block.start, object.address, outcome, ...sentences);
}

/** The object of the region with that natural key. */
export const liveObjectOf = (
  { region = [] }: Facts,
  kind: KindName,
  key: string | undefined,
): RegionObject | undefined => region.find((object) => object.kind === kind && object.key === key);
