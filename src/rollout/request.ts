import { createHash } from "node:crypto";
import { Cidr } from "../../lib/model/cidr";
import { checkFormat } from "../../lib/model/checks/field";
import { fault, type Problem, ProblemError, sentence } from "../../lib/model/problem";
import { uniqueLocalPrefix } from "../../lib/model/unique-local";

/** Which networks a rollout is about: those that fit all that is given. Absent = all. */
export interface Chosen {
  /** Names of fabrics. */
  readonly fabrics?: readonly string[];
  /** VIDs, or `FABRIC:VID` with `untagged` for 0. */
  readonly vlans?: readonly string[];
  /** Names of spaces. */
  readonly spaces?: readonly string[];
}

/** What a user asks of a rollout. */
export interface RolloutRequest {
  /** The IPv6 prefix that all new networks are part of. */
  readonly prefix: Cidr;
  readonly chosen: Chosen;
  /** Whether MAAS serves DHCPv6 on the new subnets, and routers send hosts there. */
  readonly dhcpv6: boolean;
  /** Sites that the user has given fabrics, by name. The others follow from their names. */
  readonly sites: ReadonlyMap<string, number>;
  /** The stack that is written: what an earlier run of it has made is planned for along with what is chosen. Absent = none. */
  readonly stackName?: string;
}

/** A request that no rollout can be planned for. Nothing was changed. */
export class RolloutError extends ProblemError {
  override readonly name = "RolloutError";
  constructor(problem: Problem) {
    super(problem.code, sentence(problem), [problem]);
  }
}

/** Longest prefix that has a /64 for each VID. */
const LONGEST_PREFIX = 64;

/** The prefix that a user gives. @throws RolloutError */
export function prefixOf(text: string): Cidr {
  const refuse = (what: string, fix: string): never => {
    throw new RolloutError(fault("MAAS-ROL-01", undefined, { what, fix }));
  };
  const [problem] = checkFormat.cidr("prefix", text);
  if (problem !== undefined) throw new RolloutError({ ...problem, attribute: "--prefix" });
  const prefix = Cidr.parse(text);
  if (prefix.family === 4) return refuse(`${text} is an IPv4 network`, "Give an IPv6 prefix, such as 2001:db8::/48.");
  if (prefix.prefixLength > LONGEST_PREFIX)
    return refuse(
      `${text} has no room for a /64, which the networks of machines are`,
      `Give a prefix of /52 or shorter, such as ${Cidr.of(prefix.first, 48).toString()}: a /52 has a /64 for each VID.`,
    );
  return prefix;
}

/** The unique local /48 of a seed, as `UniqueLocalPrefix.fromSeed` makes it. @throws PlanError for a short seed */
export const prefixOfSeed = (seed: string): Cidr =>
  uniqueLocalPrefix(seed, (text) => createHash("sha256").update(text, "utf8").digest());
