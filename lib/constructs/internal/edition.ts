import { CDK, type IConstruct } from "../../cdk";
import { fault, type Problem } from "../../model/problem";
import { refuseConstruct } from "../construct-error";

/** What people call the packages that have an edition of this library. */
const TITLES: Readonly<Record<string, string>> = { cdktf: "CDKTF", cdktn: "CDK Terrain" };

/** The key under which jsii, which compiles CDKTF and CDK Terrain, says on a class what it is. */
const JSII_TYPE = Symbol.for("jsii.rtti");

/** The names that jsii knows a class by, and those that it is made from: `cdktf.TerraformStack`. */
function namesOf(type: unknown): string[] {
  const names: string[] = [];
  for (let one = type; typeof one === "function"; one = Object.getPrototypeOf(one)) {
    const { fqn } = ((one as unknown as Record<symbol, unknown>)[JSII_TYPE] ?? {}) as { readonly fqn?: string };
    if (fqn !== undefined && Object.hasOwn(one, JSII_TYPE)) names.push(fqn);
  }
  return names;
}

/**
 * What is wrong where a construct of another package is made for the other CDK than its app. CDK Terrain fails on it itself, with
 * words that name neither.
 */
export function strangerProblem(construct: IConstruct): Problem | undefined {
  const cdk = cdkOf(construct) ?? CDK;
  if (cdk === CDK) return undefined;
  return fault("MAAS-CON-22", undefined, {
    what: `${construct.node.path} is made with ${TITLES[cdk] ?? cdk} (${cdk}), and its stack has constructs of ${CDK}-maas, which is for ${TITLES[CDK] ?? CDK} (${CDK})`,
    why: "One app is made with one of the two.",
    fix: `Import it from "${CDK}", or from the edition of its package for ${TITLES[CDK] ?? CDK}: docs/cdk-terrain.md has the move.`,
  });
}

/** `cdktf` or `cdktn`, where the construct's class is one of theirs or is made from one. */
const cdkOf = (construct: IConstruct): string | undefined =>
  namesOf(construct.constructor)
    .map((name) => name.split(".")[0] ?? "")
    .find((name) => name in TITLES);

/**
 * Whether the construct is of that class of CDKTF, or one made from it: also of another copy of CDKTF, such as that of a package of
 * constructs that is linked to the app (`npm link`), of which `instanceof` knows nothing.
 */
export function isMadeFrom<T extends IConstruct>(
  construct: IConstruct,
  type: abstract new (...args: never) => T,
): construct is T {
  const [name = ""] = namesOf(type);
  return namesOf(construct.constructor).includes(name);
}

/**
 * Both packages share the keys by which they know each other's constructs, so that a mixed app goes on until it is synthesised, and
 * fails there with words that name neither.
 *
 * @throws ConstructError when the construct is in a tree of the other package.
 */
export function requireOwnCdk(construct: IConstruct): void {
  const strange = construct.node.scopes.find((scope) => (cdkOf(scope) ?? CDK) !== CDK);
  if (strange === undefined) return;
  const other = cdkOf(strange) ?? "";
  const place = strange.node.path === "" ? "the app" : strange.node.path;
  const words = {
    what: `it is a construct of ${CDK}-maas, which is for ${TITLES[CDK] ?? CDK} (${CDK}), and ${place} is made with ${TITLES[other] ?? other} (${other})`,
    why: "One app is made with one of the two.",
    fix: `Import from "${other}-maas" in place of "${CDK}-maas", or App and TerraformStack from "${CDK}" in place of "${other}": docs/cdk-terrain.md has the move.`,
  };
  refuseConstruct(construct, "construct", [fault("MAAS-CON-22", undefined, words)]);
}
