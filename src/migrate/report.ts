import type { SourceFile } from "./configuration";

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
