import * as fc from "fast-check";
import {
  markdownOf,
  type MarkdownPart,
  MOST_MARKDOWN,
  plain,
  tablePart,
  tableRow,
} from "../../../lib/rules/report-markdown";

describe("markdown", () => {
  const bytes = (text: string): number => Buffer.byteLength(text);

  /** A table of so many rows of so many bytes each, in groups that take turns. */
  const table = (rows: number, size: number, groups: readonly string[] = ["create"]): MarkdownPart => ({
    ...tablePart(
      ["Name"],
      Array.from({ length: rows }, (_, index) =>
        tableRow(groups[index % groups.length] ?? "", [`${index}`.padEnd(size, "é")]),
      ),
    ),
    what: "changes",
  });

  const rowsIn = (text: string): number => text.split("\n").filter((line) => /^\| \d/.test(line)).length;

  test("nobody is told of, and no issue linked, by a name in a text", () => {
    const at = "<!-- -->";
    expect(plain("ask @octocat and @org/team, cc:a@b.example; see #12, GH !7")).toBe(
      `ask @${at}octocat and @${at}org/team, cc:a@${at}b.example; see #${at}12, GH !${at}7`,
    );
    expect(plain("a @ b # c !")).toBe("a @ b # c !");
  });

  test("a text that GitHub takes has every row", () => {
    const text = markdownOf([{ head: ["## Title", ""] }, table(100, 100)]);
    expect(rowsIn(text)).toBe(100);
    expect(text).not.toContain("Left out");
  });

  test("rows that have no room are counted by what they are", () => {
    const text = markdownOf([table(2000, 100, ["to create", "to update"]), { head: ["The end"] }]);
    const [, missing = "", create = "", update = ""] =
      /\*\*Left out\*\*, since GitHub .* characters: (\d+) of 2000 changes \((\d+) to create, (\d+) to update\)\./.exec(
        text,
      ) ?? [];
    expect(Number(missing)).toBeGreaterThan(1000);
    expect(Number(create) + Number(update)).toBe(Number(missing));
    expect(rowsIn(text) + Number(missing)).toBe(2000);
    expect(text.endsWith("\nThe end")).toBe(true);
  });

  test("what matters most gets room first, in whatever place it stands", () => {
    const text = markdownOf([
      { ...table(2000, 100), rank: 1 },
      { head: ["### Refused"], rows: [{ group: "rules", text: "refusal" }] },
    ]);
    expect(text).toMatch(/### Refused\nrefusal$/);
  });

  test("a row that is too long by itself does not displace the others", () => {
    const rows = [tableRow("create", ["9".repeat(70_000)]), tableRow("create", ["1"])];
    const text = markdownOf([{ ...tablePart(["Name"], rows), what: "changes" }]);
    expect([rowsIn(text), text.includes("1 of 2 changes (1 create)")]).toEqual([1, true]);
  });

  test("no text is too long, and nothing is left out without a word", () => {
    const part = fc.record({ rows: fc.nat(300), size: fc.nat(500), rank: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = markdownOf(parts.map(({ rows, size, rank }) => ({ ...table(rows, size, ["a", "b", "c"]), rank })));
        const left = [...text.matchAll(/characters: (\d+) of/g)].reduce((sum, [, count]) => sum + Number(count), 0);
        expect(bytes(text)).toBeLessThanOrEqual(MOST_MARKDOWN);
        expect(rowsIn(text) + left).toBe(parts.reduce((sum, { rows }) => sum + rows, 0));
      }),
      { numRuns: 50 },
    );
  });
});
