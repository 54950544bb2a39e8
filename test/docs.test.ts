import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { PROVIDER } from "../lib/constructs/internal/facts";
import { faultsOf } from "./export/app";
import { describeWithTerraform, Workspace } from "./support/terraform";

jest.setTimeout(180_000);

const DOCS = resolve(__dirname, "../docs");

interface Page {
  readonly name: string;
  readonly text: string;
}

const pages: readonly Page[] = ["resources", "data-sources"].flatMap((folder) =>
  readdirSync(join(DOCS, folder)).map((file) => ({
    name: `${folder}_${basename(file, ".md").replaceAll("-", "_")}`,
    text: readFileSync(join(DOCS, folder, file), "utf8"),
  })),
);

/** The examples of a page in that language. Import blocks stand in a root module only, and are left out. */
const examplesOf = ({ text }: Page, language: string): string[] =>
  [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, found, code = ""]) => found === language && !code.startsWith("import {\n  to"))
    .map(([, , code = ""]) => code);

const guides: readonly Page[] = readdirSync(join(DOCS, "guides")).map((file) => ({
  name: `guides_${basename(file, ".md").replaceAll("-", "_")}`,
  text: readFileSync(join(DOCS, "guides", file), "utf8"),
}));

test("the guides of the registry have front matter, and link only to files and headings that there are", () => {
  expect(guides.length).toBeGreaterThan(3);
  for (const { text } of guides) {
    expect(text).toMatch(/^---\npage_title: "[^"]+"\nsubcategory: ""\ndescription: \|-\n {2}\S.*\n---\n\n# /);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, path = "", anchor] of links) {
      const target = join(DOCS, "guides", path);
      expect(existsSync(target) ? "" : target).toBe("");
      if (anchor === undefined) continue;
      const headings = [...readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings).toContain(anchor);
    }
  }
});

describe("the pages of the registry", () => {
  test("have front matter, an example, and their type as the heading", () => {
    expect(pages.length).toBeGreaterThan(15);
    for (const page of pages) {
      expect(page.text).toMatch(
        /^---\npage_title: "maas_\w+ (Resource|Data Source) - maas"\nsubcategory: ""\ndescription: \|-\n {2}\S.*\n---\n/,
      );
      expect(page.text).toMatch(/^# maas_\w+ \((Resource|Data Source)\)$/m);
      expect(examplesOf(page, "terraform")).not.toEqual([]);
    }
  });

  test("have examples in TypeScript that compile", () => {
    const sources = [...pages, ...guides].flatMap((page) => examplesOf(page, "typescript"));
    const whole = sources.map((source) => {
      const [imports = "", statements = ""] = source.split(/(?<=from "cdktf-maas";\n)/);
      return [
        'import { TerraformStack } from "cdktf";',
        imports,
        "export class Example extends TerraformStack {",
        "  make(): void {",
        statements,
        "  }",
        "}",
      ].join("\n");
    });
    expect(whole.length).toBeGreaterThan(8);
    expect(faultsOf(whole)).toEqual([]);
  });
});

describeWithTerraform()("the examples of all pages", () => {
  test("are valid in Terraform, each as a module of its own", async () => {
    const workspace = new Workspace({ MAAS_API_URL: "http://region.invalid/MAAS", MAAS_API_KEY: "a:b:c" });
    try {
      const modules = [...pages, ...guides].flatMap((page) =>
        examplesOf(page, "terraform").map((code, at) => [`${page.name}_${at}`, code] as const),
      );
      const needs = `terraform {\n  required_providers {\n    maas = { source = "${PROVIDER.source}" }\n  }\n}\n`;
      for (const [name, code] of modules) {
        mkdirSync(join(workspace.folder, name));
        writeFileSync(join(workspace.folder, name, "main.tf"), `${needs}\n${code}`);
      }
      workspace.write({ module: Object.fromEntries(modules.map(([name]) => [name, { source: `./${name}` }])) });
      await workspace.init();
      const { output } = await workspace.terraform(["validate", "-json", "-no-color"]);
      expect(JSON.parse(output)).toMatchObject({ valid: true, diagnostics: [] });
    } finally {
      workspace.remove();
    }
  });
});
