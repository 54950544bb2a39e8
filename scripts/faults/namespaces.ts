import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder";

/** Set in the process that is within. */
const WITHIN = "CDKTF_MAAS_FAULTS_WITHIN";

export const isWithinNamespaces = (): boolean => process.env[WITHIN] !== undefined;

const SCRIPT = 'ip link set lo up && mount --bind "$RESOLV_CONF" /etc/resolv.conf && exec "$@"';

/** Names are asked for at the server of the namespace, without waiting long for it. */
const RESOLV_CONF = "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n";

/** Who is not root is mapped to it, where that is allowed. */
const MAPPED = process.getuid?.() === 0 ? [] : ["--map-root-user"];

/** What runs a program in namespaces of its own: a network with a loopback only, and its own resolver. */
function wrapped(program: readonly string[]): [string, string[]] {
  return ["unshare", [...MAPPED, "--net", "--mount", "sh", "-c", SCRIPT, "sh", ...program]];
}

const environment = (): NodeJS.ProcessEnv => {
  const file = join(temporaryFolder("cdktf-maas-faults-"), "resolv.conf");
  writeFileSync(file, RESOLV_CONF);
  return { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, [WITHIN]: "1", RESOLV_CONF: file };
};

/** Why there can be no such namespaces here; undefined where there can. */
export function noNamespaces(): string | undefined {
  const [command, words] = wrapped(["true"]);
  const { status, stderr, error } = spawnSync(command, words, { env: environment(), encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
}

/** Runs this program again within namespaces, with these words. @returns its exit code */
export function runWithinNamespaces(words: readonly string[]): number {
  const [, script = ""] = process.argv;
  const [command, args] = wrapped([process.execPath, script, ...words]);
  const { status } = spawnSync(command, args, { env: environment(), stdio: "inherit" });
  return status ?? 1;
}
