import { execFileSync } from "node:child_process";

/** The sources that CONTRIBUTING's recipe for a kind names, for the static route. */
const RECIPE = [
  "lib/model/kinds/index.ts",
  "lib/model/kinds/static-route.ts",
  "lib/rules/ipv6/index.ts",
  "lib/rules/ipv6/static-route.ts",
];

test("a kind is in its record, in the list of kinds and in its rules, and no other source names it", () => {
  const words = ["static_route", "staticRoute", "StaticRoute", "static-route", "static-routes"];
  const patterns = words.flatMap((word) => ["-e", word]);
  const written = ["lib", "src", ":!lib/constructs/generated", ":!src/simulator"];
  const files = execFileSync("git", ["grep", "-lF", "--untracked", ...patterns, "--", ...written], {
    encoding: "utf8",
  });
  expect(files.trim().split("\n")).toEqual(RECIPE);
});
