import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WarmCommands } from "../warm-commands";
import { API_KEY, refused, taken } from "./judge";
import { changedText } from "./mutate";
import { ODD_TEXTS } from "./odd";
import { type Target, target } from "./target";

const COMMANDS: readonly (readonly string[])[] = [
  ...["plan", "apply", "verify", "destroy", "unlock", "audit", "graph", "export", "migrate"].map((name) => [name]),
  ...[
    ["ipv6", "plan"],
    ["ipv6", "write"],
    ["ipv6", "probe"],
    ["ipv6"],
    ["install-plugin"],
    ["completion"],
    ["--help"],
    [],
  ],
];

const FLAGS = [
  ...["--url", "--record", "--max-deletions", "--force", "--format", "--output", "--retry-timeout", "--fabric"],
  ...[
    "--against",
    "--from",
    "--plan",
    "--prefix",
    "--ula-seed",
    "--site",
    "--advertisements",
    "--rack-url",
    "--devices",
  ],
  ...["--vlan", "--space", "--dhcpv6", "--router", "--dns-server", "--title", "--watch", "--help", "--guard", "--cdk"],
  ...["--ca-cert", "--timeout", "--state", "--concurrency", "--yes", "--existing-only", "--error-format", "--no-color"],
];

/** No command takes longer, in milliseconds. */
const LONGEST_MS = 20_000;

const VALUES = [
  "http://127.0.0.1:9/MAAS",
  "json",
  "text",
  "none",
  "env:MAAS_RECORD",
  "0",
  "25",
  "maas-network.json",
  ".",
];

/** The command line in a process of its own, with no region that answers. */
export function commandTargets(): Target[] {
  const folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  const commands = new WarmCommands();
  const environment = { PATH: process.env.PATH, MAAS_API_KEY: API_KEY, MAAS_RETRY_TIMEOUT: "0" };
  return [
    target<readonly string[]>({
      name: "arguments",
      input: (random) => {
        const words = Array.from({ length: random.below(6) }, () => random.of([...FLAGS, ...VALUES, ...ODD_TEXTS]));
        const args = [...random.of(COMMANDS), ...words].map((word) =>
          random.once(5) ? changedText(word, random) : word,
        );
        // No process can be given one with a zero byte, or of more than 128 KiB.
        return args.map((word) => word.replaceAll("\u0000", "").slice(0, 100_000));
      },
      play: async (words) => {
        const { ended, kill } = commands.start({ words, cwd: folder, environment });
        const timer = setTimeout(kill, LONGEST_MS);
        const { code, output } = await ended;
        clearTimeout(timer);
        if (code === null) throw new Error("it did not end");
        return code === 1 ? refused(output) : taken(output);
      },
      stop: () => {
        commands.stop();
        return Promise.resolve(rmSync(folder, { recursive: true, force: true }));
      },
    }),
  ];
}
