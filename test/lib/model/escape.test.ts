import { execFileSync, spawnSync } from "node:child_process";
import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import * as fc from "fast-check";
import ts from "typescript";
import { jsonText, shellWord, xml } from "../../../lib/model/escape";
import { printable, shown } from "../../../lib/model/text";
import { hostileName, hostileNames } from "../../support/hostile-names";

// It has no types.
const { load } = jest.requireActual<{ load: (text: string) => unknown }>("js-yaml");

test("a literal in double quotes is the text to JSON, TypeScript and YAML, on one line that steers no terminal", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const literal = jsonText(name);
      expect(literal).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      expect(JSON.parse(literal)).toBe(name);
      expect(load(`name: ${literal}\n`)).toEqual({ name });
      const { statements } = ts.createSourceFile("main.ts", literal, ts.ScriptTarget.ES2022);
      expect(
        statements.map((one) => ts.isExpressionStatement(one) && (one.expression as ts.StringLiteral).text),
      ).toEqual([name]);
    }),
  );
});

test("a text of XML is the text to a parser, in an element and in an attribute", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const source = `<a b="${xml(name)}">${xml(name)}</a>`;
      const { documentElement: element } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
        source,
        "text/xml",
      );
      expect(element?.attributes.length).toBe(1);
      expect([...(element?.childNodes ?? [])].every(({ nodeType }) => nodeType === 3)).toBe(true);
      const expected = printable(name).replace(/[\ufffe\uffff]|\p{Cs}/gu, "\ufffd");
      expect(element?.textContent).toBe(expected);
      // A parser makes blanks of line breaks in an attribute.
      expect(element?.getAttribute("b")).toBe(expected.replace(/[\n\t]/g, " "));
    }),
  );
});

describe("a word of a command line", () => {
  test.each(["bash", "dash", "zsh"])("is one word of that text in %s", (shell) => {
    if (spawnSync(shell, ["-c", "true"]).status !== 0) {
      process.stderr.write(`\n*** SKIPPED, for there is no ${shell}: words of a command line\n`);
      return;
    }
    const names = [...hostileNames, ...fc.sample(hostileName, { numRuns: 300, seed: 18 })]
      // No argument of a program can hold it.
      .map((name) => name.replaceAll("\0", "0"))
      .map((name) => Buffer.from(name).toString());
    const script = names.map((name) => `printf '%s\\0' ${shellWord(name)}`).join("\n");
    const output = execFileSync(shell, ["-s"], { input: `set -e\nevil() { exit 9; }\n${script}\n`, encoding: "utf8" });
    expect(output.split("\0").slice(0, -1)).toEqual(names);
  });

  test.each(["lab:60", "2001:db8::/64", "maas_vlan.lab", "machine/eth0"])(
    "needs no quotes where it is plain: %s",
    (word) => expect(shellWord(word)).toBe(word),
  );
});

test("no text is a command to the CI system whose log it is written into", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      for (const text of [printable(name), shown(name), printable(`error: ${name}`), printable(`error:\n  ${name}`)]) {
        // GitHub's runner looks for the first at the beginning of a line, and that of Azure for the others anywhere.
        expect(text).not.toMatch(/^\s*::[\w-]+(?: .*)?::/m);
        expect(text).not.toMatch(/##\[|##vso\[|##teamcity\[/);
      }
    }),
  );
  expect(printable("::1/128 and ::/0\n  2001:db8::1")).toBe("::1/128 and ::/0\n  2001:db8::1");
});
