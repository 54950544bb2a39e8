import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { artefact, Project, ROOT } from "./project";

const blockIn = (file: string, language: string): string => {
  const text = readFileSync(join(ROOT, file), "utf8");
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (code === undefined) throw new Error(`${file} has no example in ${language}`);
  return code;
};

/** The program in a language that the guide shows. */
export const exampleIn = (language: string): string => blockIn("docs/languages.md", language);

/** A file of the stack of the README's example, which a program in the project's folder has synthesised. */
export const synthesised = (project: Project, file: string): string =>
  readFileSync(join(project.folder, "cdktf.out/stacks/lab-network", file), "utf8");

/** What a program in the project's folder says that the network shall be. */
export const documentOf = (project: Project): unknown => JSON.parse(synthesised(project, "maas-network.json"));

/** All reports of a stack, as one text. */
export const reportsOf = (project: Project): string =>
  ["json", "md", "sarif", "codequality.json", "junit.xml"]
    .map((end) => synthesised(project, `maas-ipv6-report.${end}`))
    .join("\n");

/** What the README's example, in TypeScript, says that the network shall be. */
export function readmesDocument(): unknown {
  const project = new Project();
  try {
    const modules = join(project.folder, "node_modules");
    mkdirSync(modules);
    project.succeed("tar", ["-xzf", artefact("npm", "cdktf-maas-"), "-C", modules]);
    symlinkSync("package", join(modules, "cdktf-maas"));
    for (const name of ["cdktf", "constructs"]) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
    const code = blockIn("README.md", "ts");
    project.write("main.js", code.replaceAll(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);"));
    project.succeed(process.execPath, ["--preserve-symlinks", "main.js"]);
    return documentOf(project);
  } finally {
    project.remove();
  }
}
