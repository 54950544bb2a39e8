import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { attributeOf } from "../../../src/migrate/hcl/ast";
import { parseHcl } from "../../../src/migrate/hcl/parse";
import { hclText } from "../../../src/migrate/hcl/text";
import { evaluate } from "../../../src/migrate/evaluate";
import { hostileName, hostileNames } from "../../support/hostile-names";
import { quietEnvironment, TERRAFORM, terraformIsMissing } from "../../support/terraform";

jest.setTimeout(60_000);

test("a text in quotes is the text to the reader of migrate", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const value = attributeOf(parseHcl("main.tf", `a = ${hclText(name)}\n`), "a")?.value;
      expect(value && evaluate(value, {})).toBe(name);
    }),
  );
});

(terraformIsMissing() ? test.skip : test)("and to Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-hcl-"));
  const names = [...hostileNames, ...fc.sample(hostileName, { numRuns: 300, seed: 18 })]
    // HCL has no form for half a character; NUL is none of its characters.
    .filter((name) => !/\p{Cs}/u.test(name));
  const items = names.map((name) => `  ${hclText(name)},\n`);
  writeFileSync(join(folder, "main.tf"), `output "names" {\n  value = [\n${items.join("")}]\n}\n`);
  const env = quietEnvironment(folder);
  const terraform = (...args: string[]): string =>
    execFileSync(TERRAFORM, args, { cwd: folder, env, encoding: "utf8" });
  terraform("apply", "-auto-approve");
  const { names: read } = JSON.parse(terraform("output", "-json")) as { names: { value: string[] } };
  rmSync(folder, { recursive: true });
  // Terraform keeps all texts in one form of Unicode.
  expect(read.value).toEqual(names.map((name) => name.normalize("NFC")));
});
