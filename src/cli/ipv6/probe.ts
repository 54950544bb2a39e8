import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fault, type Problem, ProblemError, problemJson, sentence } from "../../../lib/model/problem";
import { shown } from "../../../lib/model/text";
import { DOCUMENT_WANTED, readDocumentOf, readInputFile } from "../../reconcile/engine/input-file";
import { readRadvdump, readRdisc6, type SeenAdvertisement } from "../../rollout/probe/advertisement";
import { compare, wantedIn } from "../../rollout/probe/compare";
import { problemLine } from "../output/rollout-view";
import { joined, stdout, type Styled, styled } from "../output/terminal";
import type { ProbeOptions } from "./probe-command";

/** Exit code when what was seen is not what the document says; 1 is for a probe that failed. */
const DIFFERENT = 2;

/** Exit code of rdisc6 and ndisc6 when nobody has answered. */
const NO_ANSWER = 2;

/** Debian puts radvdump where only the administrator looks. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" };

/** A probe that could not be made. */
export class ProbeError extends ProblemError {
  override readonly name = "ProbeError";
  constructor(problem: Problem) {
    super(problem.code, sentence(problem), [problem]);
  }
}

const failed = (what: string, fix: string): ProbeError =>
  new ProbeError(fault("MAAS-PRB-02", undefined, { what, fix }));

interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

/** Runs a program; undefined where it is not installed. */
async function runTool(program: string, args: readonly string[], timeout = 0): Promise<Outcome | undefined> {
  try {
    const { stdout: output, stderr: error } = await promisify(execFile)(program, args, { env, timeout });
    return { code: 0, output, error };
  } catch (cause) {
    const {
      code,
      stdout: output = "",
      stderr: error = "",
    } = cause as { code?: number | string; stdout?: string; stderr?: string };
    if (code === "ENOENT") return undefined;
    // One that listens until it is stopped has no exit code then.
    return { code: typeof code === "number" ? code : 0, output, error };
  }
}

/** Seconds from one advertisement to the next at most (RFC 4861, 6.2.1, MaxRtrAdvInterval). */
const LONGEST_INTERVAL = 1800;

/** Where Linux lists the interfaces of a host, or of its network namespace. */
const INTERFACES = "/sys/class/net";

/** The advertisements on an interface within a time, in seconds. @throws ProbeError */
async function listen(name: string, timeout: number): Promise<SeenAdvertisement[]> {
  if (existsSync(INTERFACES) && !existsSync(join(INTERFACES, name)))
    throw failed(
      `this host has no interface ${name}`,
      `It has ${readdirSync(INTERFACES).map(shown).sort().join(", ")}. Name one of them.`,
    );
  const asked = await runTool("rdisc6", ["-r", "1", "-w", String(timeout * 1000), name]);
  if (asked !== undefined) {
    if (asked.code === 0 || asked.code === NO_ANSWER) return readRdisc6(asked.output);
    const why = shown(asked.error.trim().split("\n").at(-1) ?? "");
    throw failed(`rdisc6 can't ask on ${name}: ${why}`, `Name an interface that is up (ip link), and run it as root.`);
  }
  // Without a time it would listen for ever.
  const heard = await runTool("radvdump", [], Math.max(1, timeout * 1000));
  if (heard === undefined)
    throw failed(
      "neither rdisc6 nor radvdump is installed",
      "Install one: apt-get install ndisc6, or apt-get install radvdump.",
    );
  if (/permission|not permitted/i.test(heard.error)) throw failed("radvdump may not listen", "Run it as root.");
  const own = heard.output
    .split(/^(?=#\n# radvd configuration generated)/m)
    .filter((part) => part.includes(`received by interface ${name}\n`));
  const seen = readRadvdump(own.join(""));
  if (seen.length > 0 || timeout >= LONGEST_INTERVAL) return seen;
  throw failed(
    `radvdump has heard nothing on ${name} within ${timeout} s, and routers may send an advertisement every ${LONGEST_INTERVAL} s only`,
    `Install ndisc6, whose rdisc6 asks for one (apt-get install ndisc6), or listen longer: --timeout ${LONGEST_INTERVAL}.`,
  );
}

/** MAC addresses of the gateways that a document names for what was seen, as they answer themselves. */
async function neighboursOn(name: string, gateways: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    gateways.map(async (gateway) => {
      const asked = await runTool("ndisc6", ["-1", "-r", "2", "-w", "1000", gateway, name]);
      const [, mac] = /Target link-layer address: (\S+)/.exec(asked?.output ?? "") ?? [];
      return mac === undefined ? [] : [[gateway, mac.toLowerCase()] as const];
    }),
  );
  return new Map(found.flat());
}

interface Probe {
  readonly name: string;
  readonly seen: readonly SeenAdvertisement[];
  /** Undefined = there was nothing to compare with. */
  readonly problems: readonly Problem<string>[] | undefined;
}

const isDifference = ({ severity }: Problem): boolean => severity === "error";

function probeJson({ name, seen, problems }: Probe): string {
  const json = {
    ...{ format: "maas-ipv6-probe", version: 1, interface: name },
    as_desired: problems === undefined ? null : !problems.some(isDifference),
    advertisements: seen.map(({ router, managedAddress, otherConfig, routerLifetime, prefixes, dnsServers }) => ({
      ...{ router, managed_address: managedAddress, other_config: otherConfig, router_lifetime: routerLifetime },
      prefixes: prefixes.map(({ prefix, onLink, autonomous, validLifetime, preferredLifetime }) => ({
        ...{
          prefix,
          on_link: onLink,
          autonomous,
          valid_lifetime: validLifetime,
          preferred_lifetime: preferredLifetime,
        },
      })),
      dns_servers: dnsServers,
    })),
    problems: (problems ?? []).map(problemJson),
  };
  return `${JSON.stringify(json)}\n`;
}

const flags = (list: readonly (readonly [string, boolean])[]): string =>
  list.flatMap(([flag, isOn]) => (isOn ? [flag] : [])).join(" ") || "none";

function probeText({ name, seen, problems }: Probe): Styled {
  const lines: Styled[] = seen.flatMap(
    ({ router, managedAddress, otherConfig, routerLifetime, prefixes, dnsServers }) => [
      [
        styled("bold", `router ${router.address}`),
        `${router.mac === undefined ? "" : ` (${router.mac})`}: flags ${flags([
          ["O", otherConfig],
          ["M", managedAddress],
        ])}, lifetime ${routerLifetime} s`,
      ],
      ...prefixes.map(
        ({ prefix, autonomous, onLink, validLifetime, preferredLifetime }) =>
          `  prefix ${prefix}: flags ${flags([
            ["L", onLink],
            ["A", autonomous],
          ])}, valid ${validLifetime} s, preferred ${preferredLifetime} s`,
      ),
      ...dnsServers.map(({ address, lifetime }) => `  DNS server ${address}: ${lifetime} s`),
    ],
  );
  const found = (problems ?? []).map((problem): Styled => [
    styled(isDifference(problem) ? "red" : "yellow", isDifference(problem) ? "different:" : "unknown:"),
    ` ${problemLine(problem)}`,
  ]);
  const count = (problems ?? []).filter(isDifference).length;
  const verdict =
    problems === undefined
      ? `${seen.length} router${seen.length === 1 ? "" : "s"} on ${name}.`
      : count === 0
        ? `As the document says, on ${name}.`
        : `${count} difference${count === 1 ? "" : "s"} on ${name}.`;
  return joined([...lines, ...found, verdict, ""], "\n");
}

/** Does what `cdktf-maas ipv6 probe` is for. */
export async function probe(name: string, options: ProbeOptions): Promise<void> {
  const { timeout, document: file, subnet, json, format } = options;
  const document = file === undefined ? undefined : readDocumentOf(file, await readInputFile(file, DOCUMENT_WANTED));
  const seen = await listen(name, timeout);
  const prefixes = seen.flatMap((one) => one.prefixes.map(({ prefix }) => prefix));
  const gateways =
    document === undefined
      ? []
      : wantedIn(document)
          .filter(({ prefix }) => prefixes.includes(prefix))
          .flatMap(({ gateway }) => gateway ?? []);
  const problems =
    document &&
    compare(seen, document, {
      ...(subnet !== undefined && { subnet }),
      neighbours: await neighboursOn(name, [...new Set(gateways)]),
    });
  const shownProbe = { name, seen, problems };
  stdout.write(json === true || format === "json" ? probeJson(shownProbe) : probeText(shownProbe));
  if (problems?.some(isDifference) === true) process.exitCode = DIFFERENT;
}
