import { relative } from "node:path";
import { shellWord } from "../../../lib/model/escape";
import { shown } from "../../../lib/model/text";
import type { Migration } from "../../migrate/migrate";
import { type PatchLine, unifiedDiff } from "../../migrate/patch";
import type { Note, Outcome } from "../../migrate/context";
import { type Style, styled, type Styled } from "./terminal";

const SIGNS: Readonly<Record<Outcome, readonly [sign: string, style: Style, words: string]>> = {
  changed: ["~", "yellow", "rewritten"],
  stays: ["=", "cyan", "stay with canonical/maas"],
  "by hand": ["!", "red", "left to you"],
  unchanged: [" ", "dim", "as they were"],
};

const LINE_STYLES: Readonly<Record<string, Style>> = { "-": "red", "+": "green", "@": "cyan" };

const patchLine = (line: PatchLine): Styled => {
  const style = /^(---|\+\+\+) /.test(line) ? "bold" : LINE_STYLES[line.charAt(0)];
  // A line end of Windows is no part of what is read.
  const text = line.replace(/\r$/, "");
  return [style === undefined ? text : styled(style, text), "\n"];
};

/** What a migration would change in the files, as a unified diff. */
export function diffText({ files }: Migration): Styled {
  return files.flatMap(({ file }) => unifiedDiff(file.name, file.edits.text, file.edits.all())).map(patchLine);
}

function noteLine({ file, line, block, outcome, sentences }: Note): Styled {
  const [sign, style] = SIGNS[outcome];
  const about = sentences.length === 0 ? "" : `: ${sentences.map(shown).join("; ")}`;
  return [styled(style, sign), ` ${shown(`${file}:${line}`)} `, styled("bold", shown(block)), `${about}\n`];
}

/** What was done about each block, and how many there are of each sort. */
export function reportText(notes: readonly Note[]): Styled {
  const counts = (Object.keys(SIGNS) as Outcome[]).flatMap((outcome) => {
    const { length } = notes.filter((note) => note.outcome === outcome);
    return length === 0 ? [] : [`${length} ${SIGNS[outcome][2]}`];
  });
  return [...notes.map(noteLine), styled("bold", `Blocks: ${counts.join(", ")}.`), "\n"];
}

/** What is to be run next, by folder. */
export interface Next {
  /** What writes the files; undefined where they are written, or nothing changes. */
  readonly write?: readonly string[];
  readonly folders: readonly { readonly folder: string; readonly from: readonly string[] }[];
  /** The address of this provider. */
  readonly to: string;
  /** The program that is to be run: terraform, or tofu. */
  readonly program: string;
}

/** The commands to run next. */
export function nextText({ write, folders, to, program }: Next): Styled {
  const commands = folders.flatMap(({ folder, from }) => {
    const at = relative(".", folder);
    const terraform = at === "" ? shellWord(program) : `${shellWord(program)} -chdir=${shellWord(at)}`;
    return [
      ...from.map((address) => `${terraform} state replace-provider ${shellWord(address)} ${to}`),
      `${terraform} init`,
      `${terraform} plan`,
    ];
  });
  const all = [
    ...(write === undefined ? [] : [`cdktf-maas migrate --write ${write.map(shellWord).join(" ")}`]),
    ...commands,
  ];
  const head = write === undefined ? "Next" : "Nothing was written. Next";
  return [
    `${head}, with the plugin where Terraform finds it (docs/migrating-from-canonical-maas.md):\n`,
    ...all.map((command) => [`  ${shown(command)}\n`]),
  ];
}
