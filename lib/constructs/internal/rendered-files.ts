import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isKnown } from "../../model/known";
import { fault, type Problem } from "../../model/problem";
import { toValue } from "./properties";

// What constructs share that render files for others at synth, such as radvd.conf and netplan's.

/** Properties whose value Terraform knows only later. @param why what is done with them at synth */
export function checkLiterals(props: object, why: string): Problem[] {
  const late = Object.entries(props).filter(([, value]) => {
    const known = toValue(value);
    return !isKnown(known) || (Array.isArray(known) && !known.every(isKnown));
  });
  return late.map(([name]) =>
    fault("MAAS-CON-03", name, { what: `${name} is not known at synth`, why, fix: "Give it as a literal." }),
  );
}

/** Writes a folder of the stack's folder whole, so that the file of what is gone goes too. @param files their texts by path */
export function writeFolder(stackFolder: string, folder: string, files: ReadonlyMap<string, string>): void {
  rmSync(join(stackFolder, folder), { recursive: true, force: true });
  mkdirSync(join(stackFolder, folder));
  for (const [path, text] of files) writeFileSync(join(stackFolder, path), text);
}
