import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const DOC = readFileSync(join(ROOT, "docs", "peers.md"), "utf8");

/** The rows of the table: what, and the test that shows it. */
const ROWS = [...DOC.matchAll(/^\| ([^|]+?) +\|.*\| \[([^\]]+)\]\(\.\.\/(test\/[^)]+)\) +\|$/gm)].map(
  ([, capability = "", title = "", file = ""]) => ({ capability, title, file }),
);

/** Issues of peers that tell of a fault, see the reports in the issues of canonical/terraform-provider-maas. */
const ISSUES = [
  53, 55, 56, 95, 167, 175, 193, 239, 240, 257, 283, 288, 303, 304, 343, 358, 372, 376, 377, 378, 389, 398, 400, 446,
  459, 475, 477, 478, 481,
];

describe("docs/peers.md", () => {
  test("names a test of each capability that there is", () => {
    expect(ROWS.length).toBeGreaterThan(30);
    const table = DOC.split("\n").filter((line) => line.startsWith("| ")).length;
    expect(ROWS).toHaveLength(table - 2);
    const missing = ROWS.filter(({ file, title }) => !readFileSync(join(ROOT, file), "utf8").includes(`"${title}"`));
    expect(missing).toEqual([]);
  });

  test("has each fault that users of canonical/maas have reported of what is managed here", () => {
    expect(ISSUES.filter((issue) => !new RegExp(`#${issue}\\b`).test(DOC))).toEqual([]);
  });
});
