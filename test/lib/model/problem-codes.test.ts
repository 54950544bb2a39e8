import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROBLEM_CODES } from "../../../lib/model/problem-codes";
import { ENGINE_RULES } from "../../../lib/rules/engine-rules";
import { GUARD_RULES } from "../../../lib/rules/guard";
import { IPV6_RULES } from "../../../lib/rules/ipv6";

const ROOT = join(__dirname, "..", "..", "..");
const TABLE = "lib/model/problem-codes.ts";

/** The sources of the package, by path. */
const sources = ["lib", "src"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [`${folder}/${file}`, readFileSync(join(ROOT, folder, file), "utf8")] as const),
);

/** Errors that no user sees: what they say is told by another one, or they are mistakes of this package. */
const INTERNAL = [
  ...["AddressError", "CidrError", "RangeOrderError", "Unreadable", "NetworkKeyError", "RuleDefinitionError"],
  // Become a MaasNetworkError, the answer of the call, or what ended the change.
  ...["LimitError", "TlsPortError", "GrpcError", "PartialChangeError"],
  // Becomes a StateFileError.
  ...["NoTableError"],
  // Becomes a ConstructError at synth, and an error of install-plugin.
  ...["ExecutablesError"],
  // A message stays as it is.
  ...["NoCode"],
  // What the simulator answers with.
  ...["MaasError", "Invalid"],
];

test("every error that a user can see has a code: it is a ProblemError", () => {
  const plain = sources.flatMap(([path, text]) =>
    [...text.matchAll(/class (\w+) extends (?:Error|TypeError|RangeError)\b/g)].map(([, name = ""]) => [path, name]),
  );
  const unexpected = plain.filter(([path, name = ""]) => !INTERNAL.includes(name) && path !== "lib/model/problem.ts");
  expect(unexpected).toEqual([]);
  // MaasError is also the name of the client's, which has a code.
  expect(sources.find(([path]) => path === "src/maas/errors.ts")?.[1]).toContain(
    "class MaasError extends ProblemError",
  );
});

test("every code of the table is used, and every code that is used is in the table or is a rule's", () => {
  const used = new Set(
    sources
      .filter(([path]) => path !== TABLE)
      .flatMap(([, text]) => text.match(/(?<=")MAAS6?-[A-Z]{3}-\d\d(?=")/g) ?? []),
  );
  const rules: readonly string[] = [...IPV6_RULES, ...Object.values(GUARD_RULES), ...Object.values(ENGINE_RULES)].map(
    ({ id }) => id,
  );
  const known = Object.keys(PROBLEM_CODES);
  expect(known.filter((code) => !used.has(code))).toEqual([]);
  expect([...used].filter((code) => !known.includes(code) && !rules.includes(code))).toEqual([]);
});

test("docs/errors.md has each code, with what it means and what to do", () => {
  const text = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  for (const [code, [means, remedy]] of Object.entries(PROBLEM_CODES)) {
    expect(text).toContain(`| ${code} | ${means} | ${remedy} |`);
    for (const words of [means, remedy]) expect(words).toMatch(/^[A-Z`].*\.$/);
  }
});

test("the codes of a topic stand in the order of their numbers", () => {
  const codes = Object.keys(PROBLEM_CODES);
  const topics = new Set(codes.map((code) => code.slice(0, -2)));
  for (const topic of topics) {
    const ofTopic = codes.filter((code) => code.startsWith(topic));
    expect(ofTopic).toEqual([...ofTopic].sort());
  }
});
