import * as fc from "fast-check";
import ts from "typescript";
import { Names, pascalCase } from "../../src/export/names";

const source = (words: string[], noun = "Vlan") => ({ words, noun });

test.each([
  [["lab"], "lab", "lab"],
  [["lab", "10"], "lab10", "lab-10"],
  [["lab", "10", "v4", "10.20.0.0/24"], "lab10V4_10_20_0_0_24", "lab-10-v4-10-20-0-0-24"],
  [["rack-1.example", "eth1"], "rack1ExampleEth1", "rack-1-example-eth1"],
  [["LAB", "untagged"], "labUntagged", "LAB-untagged"],
  [["class"], "classVlan", "class-vlan"],
  [["10"], "vlan10", "vlan-10"],
  [["Büro"], "buro", "Buro"],
  [["Straße", "10"], "strasse10", "Strasse-10"],
  [["Łódź-Ørsted"], "lodzOrsted", "Lodz-Orsted"],
  [["１２"], "vlan12", "vlan-12"],
  [["网络"], "vlan", "vlan"],
  [["日本", "10", "v4"], "vlan10V4", "vlan-10-v4"],
  [[""], "vlan", "vlan"],
])("%j is called %s, with the id %s", (words, variable, id) => {
  expect(new Names().next(source(words))).toEqual({ variable, id });
});

test("what is called the same gets its noun, and then a number", () => {
  const names = new Names();
  const called = ["lab", "lab", "lab", "Lab"].map((word) => names.next(source([word], "RackInterface")));
  expect(called.map(({ variable }) => variable)).toEqual([
    "lab",
    "labRackInterface",
    "labRackInterface2",
    "labRackInterface3",
  ]);
});

test("whatever the words, names are different, valid identifiers, and ids that Terraform takes", () => {
  const words = fc.array(fc.oneof(fc.string(), fc.constantFrom("this", "10", "a-b", "Lab", "await")), { maxLength: 4 });
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (all) => {
      const names = new Names();
      const called = all.map((each) => names.next(source(each)));
      expect(new Set(called.map(({ variable }) => variable)).size).toBe(all.length);
      expect(new Set(called.map(({ id }) => id)).size).toBe(all.length);
      for (const { id } of called) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9-]*$/);
      const code = called.map(({ variable }) => `const ${variable} = 0;`).join("\n");
      const { diagnostics } = ts.transpileModule(`"use strict"; class A { constructor() { ${code} } }`, {
        reportDiagnostics: true,
      });
      expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    }),
  );
});

test.each([
  ["maas-network", "MaasNetwork"],
  ["lab_10", "Lab10"],
  ["LAB", "Lab"],
])("%s is the class %s", (text, name) => {
  expect(pascalCase(text)).toBe(name);
});

test("no reserved word becomes a variable", () => {
  const names = new Names();
  for (let kind = ts.SyntaxKind.FirstReservedWord; kind <= ts.SyntaxKind.LastFutureReservedWord; kind += 1) {
    const word = ts.tokenToString(kind) ?? "";
    expect(names.next(source([word])).variable).toBe(`${word}Vlan`);
  }
});
