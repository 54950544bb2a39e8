import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryFolder } from "./synth";

const env = { PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" };

/** Runs a shell script to its end, and returns what it prints. @throws Error when it fails */
function shell(script: string): string {
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", script], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${script}\nfailed with ${String(status)}: ${stderr}`);
  return stdout;
}

/** Why there can be no network namespaces here; undefined where there can. */
function reason(): string | undefined {
  const missing = ["ip", "radvd", "rdisc6", "dhcpd", "dhclient"].filter(
    (program) => spawnSync("which", [program], { env }).status !== 0,
  );
  if (missing.length > 0)
    return `${missing.join(", ")} missing: apt-get install iproute2 radvd ndisc6 isc-dhcp-server isc-dhcp-client`;
  const name = `cdktf-maas-${process.pid}`;
  const { status, stderr } = spawnSync("sh", ["-ec", `ip netns add ${name}; ip netns del ${name}`], {
    env,
    encoding: "utf8",
  });
  return status === 0 ? undefined : `network namespaces can't be made (${stderr.trim()}): run as root`;
}

/** Whether there is no way to build a segment here. Says so loudly; where it must be possible (CI=true), it throws. */
export function noSegments(): boolean {
  const why = reason();
  if (why === undefined) return false;
  if (process.env.CI === "true") throw new Error(why);
  process.stderr.write(`\n*** SKIPPED: the tests of real segments. ${why}\n`);
  return true;
}

let count = 0;

/** A link of a router and a host, each in a network namespace of its own. The router's interface is `r0`, the host's `h0`. */
export class Segment {
  readonly #name = `cm${process.pid}-${count++}`;
  readonly #children: ChildProcess[] = [];
  readonly folder = temporaryFolder();

  /** @param acceptRa Linux's setting of the host's interface */
  constructor(router: string, { acceptRa = 1, host = [] }: { acceptRa?: 0 | 1; host?: readonly string[] } = {}) {
    const [r, h] = [`${this.#name}r`, `${this.#name}h`];
    shell(`
      ip netns add ${r}; ip netns add ${h}
      ip -n ${r} link set lo up; ip -n ${h} link set lo up
      ip -n ${r} link add r0 type veth peer name h0 netns ${h}
      ip netns exec ${r} sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; echo 0 > /proc/sys/net/ipv6/conf/r0/accept_dad'
      ip netns exec ${h} sh -c 'echo 0 > /proc/sys/net/ipv6/conf/h0/accept_dad; echo ${acceptRa} > /proc/sys/net/ipv6/conf/h0/accept_ra'
      ip -n ${r} link set r0 up; ip -n ${r} addr add ${router} dev r0 nodad`);
    this.#startHost = () =>
      shell([`ip -n ${h} link set h0 up`, ...host.map((words) => `ip -n ${h} ${words}`)].join("\n"));
  }

  readonly #startHost: () => void;

  /** Starts the router's radvd with the text of its radvd.conf, then the host. */
  async start(radvd: string): Promise<void> {
    const file = join(this.folder, "radvd.conf");
    writeFileSync(file, radvd);
    this.run("router", "radvd", ["-n", "-m", "stderr", "-C", file, "-p", join(this.folder, "radvd.pid")]);
    await sleep(300);
    this.#startHost();
  }

  /** Starts a program in one of the two namespaces, which ends with the segment. */
  run(side: "router" | "host", program: string, args: readonly string[]): ChildProcess {
    const child = spawn("ip", ["netns", "exec", this.#at(side), program, ...args], { env, stdio: "ignore" });
    this.#children.push(child);
    return child;
  }

  /** The words that run a command on the host with a resolv.conf of its own. */
  withResolver(resolvConf: string, ...command: readonly string[]): string[] {
    return ["unshare", "-m", "sh", "-ec", `mount --bind ${resolvConf} /etc/resolv.conf; exec "$@"`, "sh", ...command];
  }

  /** Runs a command on the host to its end. */
  onHost(...command: readonly string[]): { readonly code: number; readonly output: string } {
    const { status, stdout, stderr } = spawnSync("ip", ["netns", "exec", this.#at("host"), ...command], {
      env,
      encoding: "utf8",
    });
    return { code: status ?? -1, output: `${stdout}${status === 0 ? "" : stderr}` };
  }

  /** The host's addresses other than link-local ones. */
  addresses(): string[] {
    return [
      ...this.onHost("ip", "-6", "-o", "addr", "show", "h0", "scope", "global").output.matchAll(/inet6 (\S+)/g),
    ].map(([, address = ""]) => address);
  }

  routes(): string[] {
    return this.onHost("ip", "-6", "route")
      .output.split("\n")
      .filter((line) => line !== "" && !line.startsWith("fe80"));
  }

  /** The router's link-local address. */
  get routerAddress(): string {
    return /inet6 (\S+)\//.exec(shell(`ip -n ${this.#at("router")} -6 -o addr show r0 scope link`))?.[1] ?? "";
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill();
      await once(child, "close");
    }
    for (const side of ["router", "host"] as const) shell(`ip netns del ${this.#at(side)}`);
  }

  #at(side: "router" | "host"): string {
    return `${this.#name}${side.charAt(0)}`;
  }
}

/** Waits until it holds. @throws Error after 10 seconds */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (holds()) return;
    await sleep(100);
  }
  throw new Error(`not within 10 seconds: ${what}`);
}
