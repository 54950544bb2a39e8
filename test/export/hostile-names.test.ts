import * as fc from "fast-check";
import ts from "typescript";
import { commentLines, quoted, terraformText } from "../../src/export/expressible";
import { toTemplate } from "../../lib/model/expression";
import { hostileName } from "../support/hostile-names";

const parsed = (text: string): ts.SourceFile => ts.createSourceFile("main.ts", text, ts.ScriptTarget.ES2022);

const errorsOf = (text: string): unknown[] =>
  (ts.transpileModule(text, { reportDiagnostics: true }).diagnostics ?? []).map(({ messageText }) => messageText);

test.each([
  ["a text", quoted, (name: string) => name],
  ["a text for Terraform", terraformText, toTemplate],
])("%s in the source is one literal of that text", (_, write, meant) => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const source = `const name = ${write(name)};\n`;
      expect(errorsOf(source)).toEqual([]);
      const { statements } = parsed(source);
      const [statement, ...others] = statements;
      expect(others).toEqual([]);
      const literal = (statement as ts.VariableStatement).declarationList.declarations[0]?.initializer;
      expect(literal && ts.isStringLiteral(literal) && literal.text).toBe(meant(name));
    }),
  );
});

test("a comment in the source is a comment, whatever it says", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      const source = commentLines(`Not here: ${name}.`, "  ").join("\n");
      expect(parsed(source).statements).toHaveLength(0);
      expect(errorsOf(source)).toEqual([]);
    }),
  );
});
